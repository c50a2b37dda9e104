"""What the policy is worth that is greedy on a net: episodes played beside a run, with dice of their own."""

import math
from typing import Any, NamedTuple

import numpy as np

from rl.agents.deep.base import ON, DeepAgent
from rl.agents.deep.learning import best
from rl.agents.deep.memory import Deep, Nets, evaluate, prepare
from rl.dice import IMAGINED, uniform
from rl.jit import jit
from rl.mdp import Bools, Floats, Ints
from rl.nets import Singles
from rl.run import Run
from rl.scenes import Scene, restart, see, take

EPISODES = 10
EXAM, FRESH = 2**31, 2**40
"""Seed and first number of these episodes, the same for all runs: no run has such a seed."""
UNLIMITED, LONGEST = 200, 1000
"""Steps after which an episode is cut short where a world has no time limit, and where its limit is longer."""
LEFT = 1e-3
"""Discounted rewards are summed until what follows counts for less than this."""


class Greedy(NamedTuple):
    """Episodes of the greedy policy, n of them, (n,) each."""

    returned: Floats  # undiscounted, up to the time limit
    length: Ints  # steps up to there
    terminal: Bools  # whether it ended by itself before
    discounted: Floats  # what truly follows the start, discounted; time limits do not count, as in values they do not
    value: Floats  # max Q(s0, a), what the net expects of the start


def deep(run: Run) -> Deep:
    """Returns what a deep Q-network remembers. Raises TypeError where another agent plays."""
    if not isinstance(run.memory, Deep):
        raise TypeError(f"{run.agent.title} has no net of action values, so there is nothing to be studied.")
    return run.memory


def scene_of_run(run: Run) -> Scene:
    """Returns what the agent of a run plays."""
    scene: Scene = run.agent.model_of(run.env)
    return scene


def nets_of(run: Run, batch: int = 1) -> Nets:
    """Makes room for the nets of a run and a batch of so many."""
    agent: Any = run.agent
    assert isinstance(agent, DeepAgent)
    width, layers, activation, _ = agent.shape()
    nets: Nets = prepare(*(deep(run), scene_of_run(run), width, layers, activation, agent.dueling == ON, batch, False))
    return nets


def values_of(run: Run, kept: Any, weights: Singles | None = None) -> Floats:
    """Returns what a run's net says of sights as they are kept, (n, K); or what one of other ``weights`` does: (n, A).

    An action that a state does not have is worth minus infinity.
    """
    scene, weights = scene_of_run(run), deep(run).net if weights is None else weights
    q = np.zeros((len(kept), scene.actions))
    judge(weights, nets_of(run), scene, np.asarray(kept, np.float32), q)
    return q


@jit
def judge(weights, nets, scene, kept, q):
    """Writes what a net says of sights (n, K) into ``q``, (n, A)."""
    for i in range(len(kept)):
        evaluate(weights, nets, scene, nets.room, kept[i], q[i])


def limits(horizon: int, gamma: float) -> tuple[int, int]:
    """Returns after how many steps an episode is cut short, and up to which its discounted rewards are summed."""
    limit = min(horizon, LONGEST) if horizon > 0 else UNLIMITED
    settled = math.ceil(math.log(LEFT) / math.log(gamma)) if 0.0 < gamma < 1.0 else (1 if gamma == 0.0 else LONGEST)
    return limit, max(limit, min(settled, LONGEST))


def greedy_episodes(run: Run, episodes: int = EPISODES) -> Greedy:
    """Plays episodes with the net as it is, always the action of the largest value, the first of equal ones.

    Starts and luck are the same for all nets. An episode is cut short at the world's time limit: at 200 steps where it
    has none, at 1000 at the latest. Its discounted rewards are summed beyond that, until the rest counts for less than
    a thousandth or a thousand steps are over: a value looks beyond a time limit, too.
    """
    memory, scene, gamma = deep(run), scene_of_run(run), run.agent.discount
    returned, discounted, value = np.zeros((3, episodes))
    found = Greedy(returned, np.zeros(episodes, np.int64), np.zeros(episodes, np.bool_), discounted, value)
    limit, reach = limits(scene.horizon, gamma)
    play(memory.net, nets_of(run), scene, gamma, limit, reach, *found)
    return found


@jit
def play(net, nets, scene, gamma, limit, reach, returned, length, ended, discounted, value):
    """Plays greedy episodes to their end or ``reach``; what is beyond ``limit`` counts for ``discounted`` alone."""
    body, q = np.zeros(4), nets.q[0]
    for i in range(len(returned)):
        restart(scene, body, EXAM, FRESH + i)
        k, terminal, share = 0, False, 1.0
        while not terminal and k < reach:
            see(scene, body, nets.seen)
            evaluate(net, nets, scene, nets.room, nets.seen, q)
            a = best(q)
            value[i] = q[a] if k == 0 else value[i]
            r, terminal = take(scene, body, a, uniform(EXAM, k, IMAGINED + i))
            discounted[i] += share * r
            share *= gamma
            if k < limit:
                returned[i] += r
                length[i] += 1
                ended[i] = terminal
            k += 1
