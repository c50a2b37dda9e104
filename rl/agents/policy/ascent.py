"""Gradient ascent on the true objective: a step follows the arrow itself, or one guessed from imagined episodes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from rl.agents.base import Agent, Table, Token
from rl.agents.policy.base import SIGHT, THETA
from rl.agents.policy.slope import Slope, follow, kept_near, most_changed, shared_row, worth_of
from rl.gradient_cloud import LONGEST, sampled
from rl.knob import choice, knob
from rl.mdp import Floats, TabularMDP
from rl.natural_gradient import natural_of
from rl.policy_gradient import available, expected, gradient_of, in_all_states, judged, shares
from rl.tape import RUNNING, Clock, Tape, write_chance, write_step, write_update

FOLLOWS, BASELINES = ("the exact gradient", "the natural gradient", "a sample"), ("none", "value of the state")
EXACT, NATURAL, SAMPLE = range(3)
MOST_EPISODES, IN_THE_HEAD = 200, 100_000
"""Episodes a sample may average, and the steps they may take together; those of many are cut earlier."""
MOST_STATES, MOST_ACTIONS, MOST_STEPS = 64, 6, 10_000
"""Worlds no larger are climbed, for no longer."""
STEP, EPISODE = 5000.0, 200.0
"""The work of a step, and of an episode it imagines."""


def ascent_loop(mdp: TabularMDP, seed: int, memory: Slope, clock: Clock, tape: Tape, stop_step: int, stop_episode: int,
                gamma: float, alpha: float, entropy: float, follows: int, batch: int, baseline: int,
                blind: int) -> None:
    """Moves the preferences along a gradient, theta += alpha g, once a step of an episode that never ends.

    The log's reward and return are what the policy is worth before and after, the bonus left out; its entry is the one
    that changed most, to who sees nothing that of the state the run began in.
    """
    known, there = expected(mdp, gamma), available(mdp)
    found = judged(known, memory.pi[known.states], gamma, entropy)
    t, s, episode, _ = (int(count) for count in clock.counts)
    while t < stop_step and episode < stop_episode:
        worth, old, pi = worth_of(known, memory.pi, found, entropy), memory.theta.copy(), memory.pi.copy()
        theta = shared_row(old, there) if blind else old
        if follows == SAMPLE:
            values = in_all_states(known, baseline * np.nan_to_num(found.v))
            g = imagined(mdp, memory, theta, values, gamma, entropy, seed, t, batch)
        elif np.isnan(found.worth):
            g = np.zeros_like(theta)  # nothing finite, nothing to climb
        else:
            g = (natural_of if follows == NATURAL else gradient_of)(known, theta, pi[known.states], found)
        follow(memory, there, theta, g, alpha)
        found = judged(known, memory.pi[known.states], gamma, entropy)
        clock.ret[0] = worth_of(known, memory.pi, found, entropy)
        change = np.subtract(memory.theta, old, out=np.zeros_like(old), where=memory.gradient != 0)
        place = most_changed(change, s, there, blind)
        slope, new = memory.gradient[place], memory.theta[place]
        step = alpha if new == old[place] + alpha * slope or slope == 0 else (new - old[place]) / slope
        write_step(tape, t, s, place[1], False, worth, s, RUNNING, np.nan, episode, t, clock.ret[0])
        write_update(tape, t, *place, old[place], slope, new, step)
        write_chance(tape, t, pi[place], 0.0)
        t += 1
    clock.counts[:] = t, s, episode, t


def imagined(mdp: TabularMDP, memory: Slope, theta: Floats, baseline: Floats, gamma: float, entropy: float, seed: int,
             t: int, batch: int) -> Floats:
    """Returns the mean gradient of ``batch`` episodes of this step's own, of the shape of theta, and counts them."""
    found = sampled(mdp, theta, baseline, gamma, entropy, seed, t * MOST_EPISODES, batch, 1,
                    min(LONGEST, IN_THE_HEAD // batch))
    memory.visits[:] += found.visits
    memory.counts[1:] += batch, found.cut
    return found.samples.reshape(theta.shape)


STEP_ALONG = (Token("new", "θ(s,a)", "new"), Token("", "←"), Token("old", "θ(s,a)", "old"), Token("", "+"),
              Token("", "α", "alpha"))
DIRECTIONS = ("∂J/∂θ(s,a)", "F⁻¹∇J(s,a)", "ĝ(s,a)")
"""How the equation writes what a step follows."""


@lru_cache(maxsize=256)
def is_small(world: Any) -> bool:
    """Tells whether a world, or a kind of world as it comes, has few enough states and actions."""
    world = world() if isinstance(world, type) else world
    return len(world.actions) <= MOST_ACTIONS and world.shape[0] <= MOST_STATES


@dataclass(frozen=True)
class Ascent(Agent):
    """Climbs the true objective of a small world by a softmax policy's gradient. Nobody acts: the model is known.

    Where what a policy is worth is not finite there is no gradient, and it stays as it is; samples go on.
    """

    alpha: float = knob(0.1, 0.0, 10.0, "Step size: how far a step goes along the gradient.", 0.01)
    follows: str = choice("the exact gradient", FOLLOWS, "Which way a step goes: where the true objective rises most, "
                          "where it rises most for a change of the policy (natural), or where episodes say.")
    batch: int = knob(1, 1, MOST_EPISODES, "How many episodes a sample is the mean of.", 1)
    baseline: str = choice("none", BASELINES, "What the returns of a sample are compared with.")
    entropy: float = knob(0.0, 0.0, 2.0, "Entropy bonus β: what a nat of the policy's entropy pays in every state "
                          "acted in.", 0.01, label="β  entropy bonus")
    gamma: float = knob(1.0, 0.0, 1.0, "Discount: how much the future counts.", 0.01)
    sees: str = choice("the state", SIGHT, "What the policy can tell apart. One that sees nothing is blind: it is the "
                       "same in all states, as in the short corridor of Sutton & Barto's example 13.1.")
    preference: float = knob(0.0, -4.0, 4.0, "How much the first action is preferred at the very start: far from 0 "
                             "the policy begins near a corner.", 0.1, label="first preference")

    slug = "ascent"
    title = "Gradient ascent"
    order = 300
    source = "Sutton & Barto, sections 13.1 and 13.2"
    loop = staticmethod(ascent_loop)
    update = staticmethod(follow)
    equation = (*STEP_ALONG, Token("target", DIRECTIONS[EXACT], "target"))
    learns = "pi"
    updates_many = True
    tables = (THETA, Table("gradient", "Gradient", "The direction of the last step, for each preference.", "value"))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.follows in FOLLOWS[NATURAL:]:  # another direction
            target = Token("target", DIRECTIONS[FOLLOWS.index(self.follows)], "target")
            object.__setattr__(self, "equation", (*STEP_ALONG, target))

    def parameters(self) -> tuple[Any, ...]:
        return (self.gamma, self.alpha, self.entropy, FOLLOWS.index(self.follows), self.batch,
                BASELINES.index(self.baseline), SIGHT.index(self.sees))

    def new_memory(self, model: TabularMDP, seed: int) -> Slope:
        there = available(model)
        theta, pi, gradient = np.zeros((3, *there.shape))
        theta[:, 0] = self.preference
        memory = Slope(pi, np.zeros(there.shape, np.int64), theta, gradient, np.zeros(3, np.int64))
        self.adopt(memory, model)
        return memory

    def adopt(self, memory: Slope, model: TabularMDP) -> None:
        """Goes on with the preferences there are; one just blinded with those of where episodes start."""
        there, theta = available(model), memory.theta
        theta[np.isneginf(theta)] = 0.0
        if self.sees == "nothing":
            theta[:] = theta[model.start.argmax()]
        theta[:] = np.where(there, kept_near(theta, there), 0.0)
        if model.missing.size:
            theta[model.missing] = -np.inf
        memory.pi[:] = shares(theta, there)
        memory.gradient[~there] = 0.0

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Slope:
        """Takes over the policy and what was counted."""
        mine = self.new_memory(model, seed)
        return mine._replace(visits=memory.visits.copy(), theta=memory.theta.copy())

    def can_play(self, world: Any) -> bool:
        """Tells whether it can play a world: only small ones, whose objective is solved at every step."""
        return super().can_play(world) and is_small(world)

    @property
    def looks_up(self) -> bool:
        return True

    def work(self, model: TabularMDP) -> float:
        """A step solves the world's equations; a sample plays episodes besides."""
        return STEP + EPISODE * self.batch * (self.follows == "a sample")

    def updates(self, memory: Slope) -> int:
        """How many steps were made so far."""
        return int(memory.counts[0])

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma

    @property
    def last_step(self) -> int:
        return MOST_STEPS
