"""Thompson sampling: imagine a value for every arm from what is known, and pull the best."""

import math
from dataclasses import dataclass

import numpy as np

from rl.agents.bandits.base import Z95, Bandit, best_of, log_pull, pull
from rl.agents.bandits.posterior import chance_of_best
from rl.agents.base import Token
from rl.arms import BERNOULLI, Arms, BanditModel, drift
from rl.dice import SAMPLE, beta, normal
from rl.jit import jit, source_function
from rl.knob import knob
from rl.mdp import Floats
from rl.policies import greedy
from rl.updates import best_value


@jit
def thompson_bandit(model, seed, memory, clock, tape, stop_step, stop_episode, prior):
    """Draws each arm's mean from its posterior and pulls the largest (Thompson, 1933; Chapelle & Li, 2011)."""
    q, visits, value, total = memory.q, memory.visits, memory.value, memory.total
    bernoulli, sample = memory.rewards[0] == BERNOULLI, np.empty_like(q)
    t, ret = clock.counts[0], clock.ret[0]
    while t < stop_step and stop_episode > 0:
        imagine(bernoulli, visits, total, prior, seed, t, sample)
        a = greedy(sample, 0, seed, t)
        explored = q[0, a] < best_value(q, 0)
        r = pull(model, value, visits, total, a, seed, t)
        old = q[0, a]
        q[0, a] = posterior_mean(bernoulli, total[a], visits[0, a], prior)
        drift(model, value, seed, t)
        ret += r
        log_pull(tape, t, a, explored, r, old, q[0, a], np.nan, ret)
        t += 1
    clock.counts[:] = t, 0, 0, t
    clock.ret[0] = ret


@jit
def posterior_mean(bernoulli, wins, n, prior):
    """The expected mean of an arm: prior N(0, prior^2) and known variance 1, or a Beta(1, 1) prior of its chance."""
    return (wins + 1.0) / (n + 2.0) if bernoulli else wins / (n + 1.0 / (prior * prior))


@jit
def imagine(bernoulli, visits, total, prior, seed, t, sample):
    """Draws a value for every arm from its posterior into ``sample``, (1, k)."""
    for a in range(sample.shape[1]):
        n, wins = visits[0, a], total[a]
        if bernoulli:
            sample[0, a] = beta(wins + 1.0, n - wins + 1.0, seed, t, SAMPLE + a)
        else:
            deviation = 1.0 / math.sqrt(n + 1.0 / (prior * prior))
            sample[0, a] = wins * deviation * deviation + deviation * normal(seed, t, SAMPLE + a)


@dataclass(frozen=True)
class Thompson(Bandit):
    """Thompson sampling with exact posteriors; it believes that the arms do not drift.

    The estimate is the posterior's mean, and ``explored`` marks a pull of an arm that does not look best.
    """

    prior_sd: float = knob(1.0, 0.1, 10.0, "How far from 0 a Gaussian arm's mean may be expected, before any pull (a "
                           "standard deviation).", 0.1, label="width of the prior")

    slug = "thompson"
    title = "Thompson sampling"
    order = 170
    source = "Thompson (1933); Russo et al. (2018)"
    loop = staticmethod(thompson_bandit)
    equation = (Token("new", "Q(A)", "new"), Token("", "←"), Token("", "mean of the posterior of A, given"),
                Token("reward", "R", "reward"))
    update = staticmethod(posterior_mean)
    score_name = "sample"

    def parameters(self) -> tuple[float, ...]:
        return (self.prior_sd,)

    def new_memory(self, model: BanditModel, seed: int) -> Arms:
        memory = super().new_memory(model, seed)
        self.adopt(memory, model)
        return memory

    def adopt(self, memory: Arms, model: BanditModel) -> None:
        """Takes the rewards over: the posterior needs nothing else."""
        n, wins, bernoulli = memory.visits[0], memory.total, bool(memory.rewards[0] == BERNOULLI)
        memory.q[0] = source_function(posterior_mean)(bernoulli, wins, n, self.prior_sd)

    def scores(self, memory: Arms, seed: int, t: int) -> Floats:
        sample = np.empty_like(memory.q)
        bernoulli = bool(memory.rewards[0] == BERNOULLI)
        imagine(bernoulli, memory.visits, memory.total, self.prior_sd, seed, t, sample)
        return sample[0]

    def deviations(self, memory: Arms) -> Floats:
        """The standard deviation of each arm's posterior, (k,)."""
        n, mean = memory.visits[0], memory.q[0]
        if memory.rewards[0] == BERNOULLI:
            return np.asarray(np.sqrt(mean * (1.0 - mean) / (n + 3.0)))
        return np.asarray(1.0 / np.sqrt(n + 1.0 / self.prior_sd**2))

    def widths(self, memory: Arms) -> Floats:
        """Half the width of a 95 % credible interval, (k,); finite before the first pull, because there is a prior."""
        return Z95 * self.deviations(memory)

    def chances(self, memory: Arms, seed: int, t: int) -> Floats:
        """The posterior probability of each arm to be the best, (k,), by quadrature: to about two digits."""
        chance = np.zeros(memory.q.shape[1])
        chance_of_best(memory, memory.q[0], self.deviations(memory), chance)
        return np.asarray(chance / chance.sum())

    def why(self, memory: Arms, seed: int, t: int, action: int, explored: bool) -> str:
        sample = self.scores(memory, seed, t)
        if (sample == sample.max()).sum() > 1:
            return f"Thompson sampling: {best_of(sample, action, 'sample')}"
        belief = f"{memory.q[0, action]:.2f} ± {self.deviations(memory)[action]:.2f}"
        largest = f"the sample of arm {action + 1}, {sample[action]:.2f} from {belief}, was the largest."
        return f"Thompson sampling: {largest}"
