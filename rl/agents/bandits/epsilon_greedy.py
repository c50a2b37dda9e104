"""Epsilon-greedy pulls: mostly the arm that looks best, now and then any."""

from dataclasses import dataclass

from rl.agents.bandits.base import Bandit, among_best, best_of, learn, log_pull, pull
from rl.arms import Arms, drift
from rl.dice import EXPLORE, shown, uniform
from rl.jit import jit
from rl.knob import choice, knob
from rl.mdp import Floats
from rl.policies import SCHEDULES, epsilon_greedy, scheduled

ALPHA_HELP = "Step size: how far each reward moves the estimate. 0: the average of all rewards of the arm (1/n)."
INITIAL_HELP = "Estimate of an arm before its first pull. High values are optimism: every arm is tried and disappoints."


@jit
def epsilon_greedy_bandit(model, seed, memory, clock, tape, stop_step, stop_episode,
                          alpha, schedule, epsilon_first, epsilon_last, span):
    """Pulls the arm that looks best, and any with chance epsilon (S&B section 2.4, box on p. 32)."""
    q, visits, value, total = memory.q, memory.visits, memory.value, memory.total
    t, ret = clock.counts[0], clock.ret[0]
    while t < stop_step and stop_episode > 0:
        epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, t)
        a, explored = epsilon_greedy(q, 0, epsilon, seed, t)
        r = pull(model, value, visits, total, a, seed, t)
        old = learn(q, visits, a, r, alpha)
        drift(model, value, seed, t)
        ret += r
        log_pull(tape, t, a, explored, r, old, q[0, a], epsilon, ret)
        t += 1
    clock.counts[:] = t, 0, 0, t
    clock.ret[0] = ret


@dataclass(frozen=True)
class EpsilonGreedy(Bandit):
    """Epsilon-greedy, with epsilon constant or falling."""

    epsilon: float = knob(0.1, 0.0, 1.0, "Chance of pulling any arm instead of the one that looks best.", 0.01)
    alpha: float = knob(0.0, 0.0, 1.0, ALPHA_HELP, 0.01)
    initial: float = knob(0.0, -20.0, 20.0, INITIAL_HELP, 0.5)
    schedule: str = choice("constant", SCHEDULES, "How epsilon changes from pull to pull.")
    epsilon_last: float = knob(0.0, 0.0, 1.0, "Where epsilon ends when it falls.", 0.01)
    span: int = knob(200, 1, 10_000, "Pulls for epsilon to fall to its end (linear) or by half (exponential).", 10,
                     label="span in pulls")

    slug = "eps"
    title = "ε-greedy"
    order = 110
    source = "Sutton & Barto, section 2.4"
    loop = staticmethod(epsilon_greedy_bandit)

    def parameters(self) -> tuple[float, ...]:
        return self.alpha, SCHEDULES.index(self.schedule), self.epsilon, self.epsilon_last, self.span

    @property
    def prior(self) -> float:
        return self.initial

    @property
    def step_size(self) -> float:
        return self.alpha

    def epsilon_at(self, t: int) -> float:
        """The chance of exploring at step ``t``."""
        return float(scheduled(SCHEDULES.index(self.schedule), self.epsilon, self.epsilon_last, self.span, t))

    def chances(self, memory: Arms, seed: int, t: int) -> Floats:
        epsilon = self.epsilon_at(t)
        return epsilon / memory.q.shape[1] + (1.0 - epsilon) * among_best(memory.q[0])

    def why(self, memory: Arms, seed: int, t: int, action: int, explored: bool) -> str:
        die, epsilon = f"the die {shown(uniform(seed, t, EXPLORE))}", f"ε = {self.epsilon_at(t):.3g}"
        if explored:
            return f"It explored: {die} is below {epsilon}; arm {action + 1} by chance."
        return f"It exploited: {die} is not below {epsilon}; {best_of(memory.q[0], action, 'estimate')}"
