"""The gradient bandit: preferences instead of estimates, moved up the slope of the expected reward."""

from dataclasses import dataclass

import numpy as np

from rl.agents.bandits.base import Bandit, learn, log_pull, pull
from rl.agents.bandits.softmax import by_chance
from rl.agents.base import Token
from rl.arms import Arms, BanditModel, drift
from rl.dice import ACTION, uniform
from rl.jit import jit
from rl.knob import choice, knob
from rl.mdp import Floats
from rl.policies import drawn, softmax
from rl.updates import gradient_bandit


@jit
def gradient_bandit_loop(model, seed, memory, clock, tape, stop_step, stop_episode, alpha, with_baseline):
    """Climbs the expected reward in preferences H (S&B section 2.8, eq. 2.12; Williams, 1992).

    The baseline is the average of the rewards before this one, and of the first step the reward itself, as in the text
    of the 2nd edition: it does not depend on the arm, so it changes no expectation.
    """
    q, visits, value, total = memory.q, memory.visits, memory.value, memory.total
    preference, baseline, chance = memory.preference, memory.baseline, np.empty_like(value)
    t, ret = clock.counts[0], clock.ret[0]
    while t < stop_step and stop_episode > 0:
        best = softmax(preference, 1.0, chance)
        a = drawn(chance, uniform(seed, t, ACTION))
        explored = preference[a] < best
        r = pull(model, value, visits, total, a, seed, t)
        if t == 0:
            baseline[0] = r
        gradient_bandit(preference, chance, a, r, baseline[0] if with_baseline else 0.0, alpha)
        baseline[0] += (r - baseline[0]) / (t + 1)
        old = learn(q, visits, a, r, 0.0)
        drift(model, value, seed, t)
        ret += r
        log_pull(tape, t, a, explored, r, old, q[0, a], np.nan, ret)
        t += 1
    clock.counts[:] = t, 0, 0, t
    clock.ret[0] = ret


STEP = (Token("new", "H(b)"), Token("", "←"), Token("old", "H(b)"), Token("", "+ α ("), Token("reward", "R", "reward"))


@dataclass(frozen=True)
class Gradient(Bandit):
    """Gradient bandit, with or without a baseline. The estimates are averages, kept only to be shown.

    ``explored`` marks a pull of an arm that is not the preferred one.
    """

    alpha: float = knob(0.1, 0.0, 4.0, "Step size: how far each reward moves the preferences.", 0.01)
    baseline: str = choice("yes", ("yes", "no"), "Compare each reward with the average of those before it, or with 0.")

    slug = "gradient"
    title = "Gradient bandit"
    order = 140
    source = "Williams (1992); Sutton & Barto, section 2.8"
    loop = staticmethod(gradient_bandit_loop)
    update = staticmethod(gradient_bandit)
    equation = (*STEP, Token("", "−"), Token("target", "R̄"), Token("", ") (1[b = A] − π(b))"))
    score_name = "chance"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.baseline == "no":  # the rule is another one then
            object.__setattr__(self, "equation", (*STEP, Token("", ") (1[b = A] − π(b))")))

    def parameters(self) -> tuple[float, int]:
        return self.alpha, int(self.baseline == "yes")

    def adopt(self, memory: Arms, model: BanditModel) -> None:
        """Takes over the averages; preferences begin at 0 where nobody had any."""
        super().adopt(memory, model)
        memory.baseline[0] = memory.total.sum() / max(1, memory.visits.sum())

    def scores(self, memory: Arms, seed: int, t: int) -> Floats:
        chance = np.empty_like(memory.value)
        softmax(memory.preference, 1.0, chance)
        return chance

    def chances(self, memory: Arms, seed: int, t: int) -> Floats:
        return self.scores(memory, seed, t)

    def why(self, memory: Arms, seed: int, t: int, action: int, explored: bool) -> str:
        fell = by_chance(self.scores(memory, seed, t), seed, t, action)
        return f"{self.title}: {fell[:-1]}, from a preference of {memory.preference[action]:.3g}."
