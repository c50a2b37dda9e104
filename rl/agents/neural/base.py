"""What the agents with neural nets have in common: their knobs, and a memory they can hand on to each other."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rl.agents.base import Agent, Token
from rl.agents.neural.learner import ROWS, Learner, sizes_of
from rl.dice import WEIGHT
from rl.knob import choice, knob
from rl.nets import ACTIVATIONS, count, new_net
from rl.physics import Physics, begin

MOST_LAYERS = 3
SMALL = 0.01
"""The gain of the policy's last layer: a new policy takes all actions with nearly the same chance."""
STEP, PASS, MULTIPLIED = 25.0, 3.0, 1000.0
"""What a step costs beside its net, and each pass over it; how many products cost as much as a step of Q-learning."""
MOVED = 58
"""What moving a weight costs, in products: it is cut, turned, and taken along by Adam, however few the rows."""
SHORT = 20
"""Steps of an episode that is soon over."""
APART, CLOSE, REPLAYED = 2048, 64, 900_000.0
"""Steps between keyframes, at most and at least, and the work of a replay: a tenth of a second."""
OTHER_NET = "another network: what was learned does not fit into it. Start over instead."

DELTA = (
    Token("", "["), Token("reward", "R", "reward"), Token("", "+"), Token("", "γ", "gamma"),
    Token("target", "V(S′)", "bootstrap"), Token("", "−"), Token("old", "V(S)", "baseline"), Token("", "]"),
)
"""What the critic missed at one step, for the rules to be shown with its numbers."""


@dataclass(frozen=True)
class Neural(Agent):
    """Base of the agents whose policy, and whose judgement of states, are each a multilayer perceptron."""

    alpha: float = knob(0.003, 0.0, 0.05, "Step size of the policy's net (Adam).", 0.0001, label="α  step size")
    gamma: float = knob(0.99, 0.0, 1.0, "Discount: how much the future counts.", 0.005)
    alpha_v: float = knob(0.01, 0.0, 0.05, "Step size of the critic's net (Adam).", 0.0001, label="α  of the critic")
    entropy: float = knob(0.0, 0.0, 0.2, "Bonus for being undecided: it keeps the policy from becoming certain too "
                          "soon.", 0.005, label="entropy bonus")
    longest: float = knob(0.5, 0.01, 100.0, "A gradient longer than this is cut to it, so that no single update can "
                          "ruin a net.", 0.01, label="longest gradient")
    width: int = knob(32, 4, 128, "Units in each hidden layer of both nets. Another network begins anew.", 4,
                      label="hidden units")
    layers: int = knob(2, 1, MOST_LAYERS, "Hidden layers of both nets. Another network begins anew.",
                       label="hidden layers")
    activation: str = choice("tanh", ACTIVATIONS, "What each hidden unit does with its sum. Another network begins "
                             "anew.")

    family = "physics"
    learns = "pi"
    updates_many = True
    standardises: ClassVar[bool] = False  # whether it gives its advantages a mean of 0 and a deviation of 1

    def shapes(self, model: Physics) -> tuple[Any, Any]:
        """The sizes of the layers of the policy's net and of the critic's."""
        return (sizes_of(model.sight, self.width, self.layers, model.actions),
                sizes_of(model.sight, self.width, self.layers, 1))

    def nets(self) -> tuple[Any, ...]:
        """What the loops take to build the nets."""
        return self.width, self.layers, ACTIVATIONS.index(self.activation)

    def new_memory(self, model: Physics, seed: int) -> Learner:
        body = np.zeros(model.body)
        begin(model.kind, body, seed, 0)
        actor, critic = (new_net(sizes, seed, WEIGHT + i, gain) for i, (sizes, gain) in
                         enumerate(zip(self.shapes(model), (SMALL, 1.0), strict=True)))
        reward, chance, judged, ahead = np.zeros((4, ROWS))
        return Learner(
            pi=np.full((1, model.actions), 1.0 / model.actions), visits=np.zeros((1, model.actions), np.int64),
            body=body, value=np.full(1, np.nan), actor=actor, actor_mean=np.zeros_like(actor),
            actor_square=np.zeros_like(actor), critic=critic, critic_mean=np.zeros_like(critic),
            critic_square=np.zeros_like(critic), decay=np.ones(4), sight=np.zeros((ROWS, model.sight), np.float32),
            action=np.zeros(ROWS, np.int32), reward=reward, chance=chance, judged=judged, ahead=ahead,
            ended=np.zeros(ROWS, np.int32), counts=np.zeros(3, np.int64), report=np.zeros(5),
            shape=np.array(self.nets(), np.int64))

    def adopt(self, memory: Learner, model: Physics) -> None:
        """Goes on with the nets. Raises ValueError where these settings have others."""
        if memory.shape.tolist() != list(self.nets()):
            raise ValueError(OTHER_NET)

    def same_nets(self, other: Agent) -> bool:
        """Tells whether another agent's nets can be handed on to this one."""
        return isinstance(other, Neural) and self.nets() == other.nets()

    def products(self, model: Physics) -> float:
        """How many products a step takes: the way to an action, that of learning and back, and moving the weights."""
        weights = sum(count(sizes) for sizes in self.shapes(model))
        return weights * (2.0 + 3.0 * self.passes + MOVED * self.moves(model))

    def moves(self, model: Physics) -> float:
        """How often the weights are moved a step, at most."""
        raise NotImplementedError

    @property
    def passes(self) -> float:
        """How often it learns from each step."""
        return 1.0

    def work(self, model: Physics) -> float:
        return STEP + PASS * self.passes + self.products(model) / MULTIPLIED

    def stride(self, model: Physics) -> int:
        """After how many steps to remember a run; where they are heavy, right after an update: none is replayed."""
        apart = REPLAYED / self.work(model)
        return APART if apart >= APART else max(CLOSE, self.together * max(1, int(apart) // self.together))

    @property
    def together(self) -> int:
        """After how many steps it always learns, 1 where that is not known beforehand."""
        return 1

    def updates(self, memory: Learner) -> int:
        """How often the nets were moved."""
        return int(memory.counts[2])

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma

