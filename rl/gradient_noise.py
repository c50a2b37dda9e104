"""How noisy the policy gradient of a net is: fresh episodes by one policy, and the gradient that each of them says.

Every moment is given the same dice, so that what changes from one to the next is the policy.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rl.agents.neural.learner import Learner, prepare
from rl.backpropagation import backward
from rl.dice import IMAGINED, uniform
from rl.gradient_cloud import degrees
from rl.jit import jit
from rl.losses import chances, policy_slope
from rl.mdp import Floats
from rl.nets import forward
from rl.physics import act_on, begin, observe
from rl.policies import drawn
from rl.tape import RUNNING, TRUNCATED, ending
from rl.timeline import Timeline, past_of
from rl.training import keyframes

FRESH = 2**40
"""Number of the first episode that is played for this alone: no run gets there."""


class Spread(NamedTuple):
    """How the gradients of single episodes lie around their mean."""

    norm: float  # length of the mean
    variance: float  # of one episode's gradient: trace of the covariance
    signal: float  # |mean|^2 / variance; NaN where all episodes say the same
    angle: float  # degrees between the means of two halves of the episodes; NaN where one of them is 0


class Noise(NamedTuple):
    """The gradients of the same episodes without a baseline, and with the critic's values for one."""

    plain: Spread  # of sum_t G_t grad ln pi
    baseline: Spread  # of sum_t (G_t - V(s_t)) grad ln pi
    ratio: float  # of the variances, with over without; NaN where there is none without
    episodes: int
    returned: float  # mean undiscounted return of the episodes


class NoiseCurve(NamedTuple):
    """The noise of the gradient at m moments, (m,) each."""

    step: Floats
    plain: Floats  # variance without a baseline
    baseline: Floats  # and with
    signal_plain: Floats  # |mean|^2 / variance
    signal_baseline: Floats


def noise_curve(timeline: Timeline, t: int, points: int = 8) -> NoiseCurve:
    """Measures the noise at about so many moments at which the run is remembered, up to ``t``."""
    steps = keyframes(timeline, min(t, timeline.last), points)
    found = [gradient_noise(past_of(timeline, step), step) for step in steps]
    columns = ((x.plain.variance, x.baseline.variance, x.plain.signal, x.baseline.signal) for x in found)
    return NoiseCurve(np.array(steps, np.float64), *np.array(list(columns)).T)


@lru_cache(maxsize=256)
def gradient_noise(timeline: Timeline, t: int, episodes: int = 30) -> Noise:
    """Measures how the gradients of so many fresh episodes differ, by the policy and the critic of moment ``t``.

    Raises TypeError where no net plays, and ValueError for fewer than four episodes.
    """
    plain, baseline, returns = gradients(timeline, t, episodes)
    without, with_values = spread(plain), spread(baseline)
    ratio = with_values.variance / without.variance if without.variance > 0 else float("nan")
    return Noise(without, with_values, ratio, episodes, float(returns.mean()))


def gradients(timeline: Timeline, t: int, episodes: int) -> tuple[Floats, Floats, Floats]:
    """Returns the gradients of fresh episodes without and with the baseline, (episodes, P), and their returns.

    As the agents do, it leaves gamma^t out, asks the critic beyond a time limit, and knows no entropy bonus here.
    """
    run = timeline.at(t)
    memory, model = run.memory, run.env.model
    agent: Any = run.agent
    if not isinstance(memory, Learner):
        raise TypeError(f"{agent.title} has no nets, so there is no gradient to be measured.")
    if episodes < 4:
        raise ValueError("Two halves of the episodes are compared: take four or more.")
    plain, baseline = np.zeros((2, episodes, len(memory.actor)))
    returns = np.zeros(episodes)
    sample(*(model, memory.actor, memory.critic, *agent.nets(), agent.discount, run.seed, plain, baseline, returns))
    return plain, baseline, returns


def spread(samples: Floats) -> Spread:
    """Measures how gradients, (episodes, P), lie around their mean."""
    mean, half = samples.mean(axis=0), len(samples) // 2
    square, variance = float(mean @ mean), float(samples.var(axis=0, ddof=1).sum())
    angle = degrees(samples[:half].mean(axis=0)[None], samples[half:].mean(axis=0))[0]
    return Spread(float(np.sqrt(square)), variance, square / variance if variance > 0 else float("nan"), float(angle))


@jit
def sample(world, actor, critic, width, layers, activation, gamma, seed, plain, baseline, returns):
    """Plays episodes by a policy that stays as it is; writes the gradient each of them says, (episodes, P)."""
    most = world.horizon
    nets = prepare(world, width, layers, activation, most + 1)
    seen, paid = np.zeros((most + 1, world.sight), np.float32), np.zeros(most)
    taken, returned, chance = np.zeros(most, np.int64), np.zeros(most + 1), np.zeros(world.actions)
    for episode in range(len(returns)):
        n, ended = play(world, actor, nets, seed, episode, seen, taken, paid, chance)
        nets.judge.values[0, : n + 1, : world.sight] = seen[: n + 1]
        forward(critic, nets.critic, activation, n + 1, nets.judge)
        values = nets.judge.values[-1]
        returned[n] = np.float64(values[n, 0]) if ended == TRUNCATED else 0.0
        for i in range(n - 1, -1, -1):
            returned[i] = paid[i] + gamma * returned[i + 1]
            returns[episode] += paid[i]
        nets.room.values[0, :n, : world.sight] = seen[:n]
        forward(actor, nets.actor, activation, n, nets.room)
        write_gradient(actor, nets, n, taken, returned, chance, plain[episode])
        for i in range(n):
            returned[i] -= np.float64(values[i, 0])
        write_gradient(actor, nets, n, taken, returned, chance, baseline[episode])


@jit
def play(world, actor, nets, seed, episode, seen, taken, paid, chance):
    """Plays one episode; writes what was seen before each step and at the end, done, and paid. Returns its length."""
    body, n, ended = np.zeros(world.body), 0, RUNNING
    begin(world.kind, body, seed, FRESH + episode)
    observe(world.kind, body, seen[0])
    while ended == RUNNING:
        nets.room.values[0, 0, : world.sight] = seen[n]
        forward(actor, nets.actor, nets.activation, 1, nets.room)
        chances(nets.room.values[-1], 0, chance)
        taken[n] = drawn(chance, uniform(seed, n, IMAGINED + episode))
        paid[n], terminal = act_on(world.kind, body, taken[n])
        ended = ending(world, terminal, n)
        n += 1
        observe(world.kind, body, seen[n])
    return n, ended


@jit
def write_gradient(actor, nets, n, taken, weight, chance, gradient):
    """Writes sum_t weight_t grad ln pi(A_t|S_t); what the net makes of the ``n`` steps must be in its room."""
    room = nets.room
    for row in range(n):
        chances(room.values[-1], row, chance)
        policy_slope(chance, taken[row], weight[row], 0.0, 1.0, room.errors[0], row)
    backward(actor, nets.actor, nets.activation, n, room)
    for i in range(len(gradient)):
        gradient[i] = -np.float64(room.slope[i])
