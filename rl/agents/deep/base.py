"""What a deep Q-network can be told: its knobs, and the memory that goes with them."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.agents.base import Agent
from rl.agents.deep.learning import FOLLOWS
from rl.agents.deep.memory import (
    MOST_BATCH,
    MOST_STEPS,
    UPDATES,
    Deep,
    layer_sizes,
    prepare,
    resized,
    show,
)
from rl.agents.deep.trained import trained_net
from rl.agents.neural.base import MOST_LAYERS, MOVED, MULTIPLIED, OTHER_NET, STEP
from rl.dice import WEIGHT
from rl.knob import choice, knob
from rl.nets import ACTIVATIONS, count, new_net
from rl.policies import SCHEDULES
from rl.replay import EXTRA
from rl.scenes import CELLS, SEES, Scene, restart, scene_of

OFF, ON = SWITCH = ("off", "on")
NEW, TRAINED = STARTS = ("new", "trained")
EVENLY, BY_ERROR = DRAWS = ("evenly", "by error")
SQUARED, HUBER = LOSSES = ("squared", "Huber")
MOST_STATES = 1024
"""Of a table, each of which is an input of the net."""
GAIN = 1 / math.sqrt(3.0)
"""Of all layers of a new net, as PyTorch draws them (with variance 1 / (3 inputs)) but without biases: from He's larger
weights CartPole takes longer to learn, and less surely (rl/deep_presets.py)."""
APART, WORTH = 512, 2**22
"""Steps between keyframes at most, and the work between them: a tenth of a second or two."""


@dataclass(frozen=True)
class DeepAgent(Agent):
    """A learner with a net for a table, a replay memory and a target net: each can be changed or taken away."""

    alpha: float = knob(0.001, 0.0, 0.01, "Step size of the net (Adam).", 0.00005, label="α  step size")
    gamma: float = knob(0.99, 0.0, 1.0, "Discount: how much the future counts.", 0.005)
    epsilon: float = knob(1.0, 0.0, 1.0, "How often it tries a random action, at first.", 0.01, label="ε  at first")
    epsilon_last: float = knob(0.02, 0.0, 1.0, "And in the end, where the schedule is not constant.", 0.01,
                               label="ε  in the end")
    schedule: str = choice("linear", SCHEDULES, "How ε falls: not at all, in a line over the span, or halving every "
                           "span.", label="ε  schedule")
    span: int = knob(8000, 1, 200_000, "Steps over which ε falls.", 500, label="ε  span")
    capacity: int = knob(10_000, 1, 50_000, "Transitions that the replay memory holds; then the oldest go. 1 is no "
                         "memory: it learns from what just happened.", 1, label="memory")
    batch: int = knob(64, 1, MOST_BATCH, "Transitions drawn from the memory for each gradient step.", 1,
                      label="batch size")
    draws: str = choice(EVENLY, DRAWS, "How they are drawn: all with the same chance, or those first that were most "
                        "surprising (prioritised replay).", label="drawn")
    favour: float = knob(0.6, 0.0, 1.0, "How much the error counts: 0 is evenly, 1 is in proportion to it.", 0.05,
                         label="priority exponent")
    beta: float = knob(0.4, 0.0, 1.0, "How far importance weights make up for the favour: 0 not at all, 1 fully.", 0.05,
                       label="β  correction")
    endings: str = choice(ON, SWITCH, "Whether it remembers terminal transitions: CartPole's falls, a grid's "
                           "goals and pits.", label="remembers endings")
    target: str = choice("averaged", FOLLOWS, "How the target net follows the net that learns: copied every few "
                         "gradient steps, as a running average, or not there at all.", label="target net")
    period: int = knob(500, 1, 10_000, "Gradient steps between two copies.", 10, label="copied every")
    tau: float = knob(0.005, 0.0, 1.0, "How much of the net goes into the average at each gradient step (Polyak).",
                      0.001, label="τ  of the average")
    double: str = choice(OFF, SWITCH, "Double DQN: the net that learns chooses the best next action, the "
                          "target net says what it is worth.", label="Double DQN")
    dueling: str = choice(OFF, SWITCH, "Dueling heads: one says what the state is worth, the other how much "
                           "better each action is. Another network begins anew.", label="dueling heads")
    n: int = knob(1, 1, MOST_STEPS, "Steps whose rewards go into a target before it looks at a net (n-step).",
                  label="n  steps")
    loss: str = choice(SQUARED, LOSSES, "Squared error, or Huber's: beyond an error of 1 it pulls no harder.")
    every: int = knob(1, 1, 100, "Steps in the world for each gradient step.", label="learns every")
    warmup: int = knob(1000, 0, 50_000, "Steps before it begins to learn.", 100, label="learns from step")
    longest: float = knob(10.0, 0.01, 100.0, "A gradient longer than this is cut to it.", 0.01,
                          label="longest gradient")
    width: int = knob(64, 4, 128, "Units in each hidden layer. Another network begins anew.", 4, label="hidden units")
    layers: int = knob(2, 1, MOST_LAYERS, "Hidden layers. Another network begins anew.", label="hidden layers")
    activation: str = choice("relu", ACTIVATIONS, "What each hidden unit does with its sum. Another network begins "
                             "anew.")
    sees: str = choice(CELLS, SEES, "How a state of a grid goes into the net: one input each, as a table has a row; or "
                       "as row and column, so that neighbours look alike. Another network begins anew.")
    start: str = choice(NEW, STARTS, "A new net, or one that was trained before; its memory is empty.")

    family = "physics"
    updates_many = updates_all = True

    def can_play(self, world: Any) -> bool:
        if world.family == "tabular":
            return bool(world.listed and (isinstance(world, type) or world.shape[0] <= MOST_STATES))
        return bool(world.family == self.family)

    def model_of(self, world: Any) -> Scene:
        return scene_of(world, self.sees)

    def shape(self) -> tuple[int, ...]:
        """What the loop takes to build the nets."""
        return self.width, self.layers, ACTIVATIONS.index(self.activation), int(self.dueling == ON)

    def new_memory(self, model: Scene, seed: int) -> Deep:
        states = max(1, len(model.looks))
        sizes = layer_sizes(model, self.width, self.layers, self.dueling == ON)
        net = trained_net(model, self.activation, sizes) if self.start == TRAINED else new_net(
            sizes, seed, WEIGHT, GAIN, GAIN)
        body = np.zeros(4)
        restart(model, body, seed, 0)
        valued, wanted, weight = np.zeros((3, MOST_BATCH))
        memory = Deep(
            q=np.zeros((states, model.actions)), visits=np.zeros((states, model.actions), np.int64), body=body, net=net,
            target=net.copy(), mean=np.zeros_like(net), square=np.zeros_like(net), decay=np.ones(2),
            rows=np.zeros((self.capacity, 2 * model.kept + EXTRA), np.float32),
            priority=np.zeros(self.capacity, np.float32), highest=np.ones(1, np.float32),
            trail=np.zeros((MOST_STEPS + 1, model.kept + 2), np.float32), counts=np.zeros(5, np.int64),
            picked=np.zeros(MOST_BATCH, np.int64), valued=valued, wanted=wanted, weight=weight, report=np.zeros(6),
            shape=np.array(self.shape(), np.int64))
        self._show(memory, model)
        return memory

    def _show(self, memory: Deep, model: Scene) -> None:
        width, layers, activation, _ = self.shape()
        nets: Any = prepare(*(memory, model, width, layers, activation, self.dueling == ON, 1, False))
        show(memory, nets, model)

    def adopt(self, memory: Deep, model: Scene) -> Deep:
        """Goes on with the net. Raises ValueError where these settings have another."""
        if memory.shape.tolist() != list(self.shape()) or len(memory.net) != self.weights(model):
            raise ValueError(OTHER_NET)
        memory = resized(memory, self.capacity, self.endings == ON)
        self._show(memory, model)
        return memory

    def same_net(self, other: Agent) -> bool:
        """Tells whether what another agent learned can be handed on to this one."""
        return isinstance(other, DeepAgent) and (self.shape(), self.sees) == (other.shape(), other.sees)

    def weights(self, model: Scene) -> int:
        """How many weights its net has."""
        return count(layer_sizes(model, self.width, self.layers, self.dueling == ON))

    def work(self, model: Scene) -> float:
        passes = 1.0 + (4.0 + (self.double == ON)) * self.batch / self.every
        return STEP + self.weights(model) * (passes + MOVED / self.every) / MULTIPLIED

    def stride(self, model: Scene) -> int:
        """Twice as far where priorities change all over a memory: keyframes have less in common then."""
        return int(max(1, min(APART * (1 + (self.draws == BY_ERROR)), WORTH / self.work(model))))

    def updates(self, memory: Deep) -> int:
        """How often the net was moved."""
        return int(memory.counts[UPDATES])

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma
