"""States on the brink of an ending, where the truth is known: what a net thinks of them shows what it has forgotten.

They are the same for all nets and all moments, so what changes is what the net makes of them. A body's are gathered
from episodes with dice of their own; what they are worth is found by trying everything that can still be done.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.deep_greedy import EXAM, FRESH
from rl.dice import ACTION, uniform
from rl.envs.base import Env, World
from rl.jit import jit
from rl.mdp import Bools, Floats
from rl.physics import ACROBOT, CAR, CART, act_on, begin
from rl.truth import solution

AHEAD = 5
"""Steps within which it is over."""
GAMES, PATIENCE = 24, 2000
"""Episodes they are gathered from, and the steps after which one is given up."""
LEAN = 0.05
"""rad and rad/s: a pole that is kept leaning by this much lets its cart run off the track."""
ACTIONS = {CART: 2, ACROBOT: 3, CAR: 3}
SAYS = {
    CART: "states from which the pole falls, or the cart leaves its track, within 5 steps, whatever is done",
    ACROBOT: "states from which the free end can be brought over the line within 5 steps",
    CAR: "states from which the flag can be reached within 5 steps",
}
BAD_ENDS = "actions that may end an episode badly, as a step into a pit does"
ENDS = "actions that may end an episode"


class Brink(NamedTuple):
    """What is judged, m of it, and the truth about it."""

    at: Floats  # (m, 4) of bodies; (m, 2) state and action of a table
    truth: Floats  # (m,) V* of a body, Q* of a table's pair; NaN where there is no finite optimum


@lru_cache(maxsize=64)
def body_brink(kind: int, gamma: float) -> Brink:
    """Lists bodies that are about to end an episode, and what they are exactly worth at best; shared arrays.

    With CartPole those that nothing can save, else those that are nearly there. What they are worth beyond 5 steps is
    no question: a fall is over by then, and whoever could have reached a goal by then had better.
    """
    bodies = np.zeros((GAMES, AHEAD, 4))
    gather(kind, bodies)
    worth = np.array([worst_and_best(kind, ACTIONS[kind], body, gamma) for body in bodies.reshape(-1, 4)])
    sure = np.isfinite(worth[:, 0] if kind == CART else worth[:, 1])
    found = Brink(bodies.reshape(-1, 4)[sure], worth[sure, 1])
    for array in found:
        array.flags.writeable = False
    return found


@jit
def gather(kind, bodies):
    """Plays episodes as `lead` has it; writes where a body was before each of its last steps, (games, AHEAD, 4)."""
    body = np.zeros(4)
    for game in range(len(bodies)):
        begin(kind, body, EXAM, FRESH + game)
        terminal, k = False, 0
        while not terminal and k < PATIENCE:
            bodies[game, k % AHEAD] = body
            terminal = act_on(kind, body, lead(kind, body, game, k))[1]
            k += 1


@jit
def lead(kind, body, game, k):
    """Chooses an action that leads to an ending: along with the motion, which gathers speed; a cart is made to fall.

    In every other game by pushes at random, else by holding the pole up, but leaning.
    """
    if kind == CART:
        if game % 2 == 0:
            return int(2 * uniform(EXAM, k, ACTION + game * 2**20))
        return 1 if body[2] + body[3] > (LEAN if game % 4 == 1 else -LEAN) else 0
    return 2 if body[1 if kind == CAR else 3] >= 0.0 else 0


@jit
def worst_and_best(kind, actions, body, gamma):
    """Tries every sequence of actions; returns the least and the most any of them brings, discounted.

    One that has not ended after AHEAD steps brings minus infinity.
    """
    least, most, now = np.inf, -np.inf, np.zeros(4)
    for number in range(actions**AHEAD):
        now[:] = body
        rest, total, share, terminal = number, 0.0, 1.0, False
        for _ in range(AHEAD):
            if not terminal:
                r, terminal = act_on(kind, now, rest % actions)
                total += share * r
                share *= gamma
                rest //= actions
        total = total if terminal else -np.inf
        least, most = min(least, total), max(most, total)
    return least, most


@lru_cache(maxsize=64)
def table_brink(env: Env, gamma: float) -> Brink:
    """Lists the pairs of state and action of a table that may end an episode badly, and Q* of them; shared arrays.

    An ending is bad where another pays more; where all pay the same, they are all listed.
    """
    s, a = np.nonzero(_last(env).any(axis=2))
    found = Brink(np.stack([s, a], axis=1).astype(np.float64), solution(env, gamma).q[s, a])
    for array in found:
        array.flags.writeable = False
    return found


def _last(env: Env) -> Bools:
    """Marks the outcomes in which an episode ends badly, (S, A, K), or all in which it ends, where none is worse."""
    mdp, there = env.mdp, env.mdp.visitable & ~env.mdp.absorbing
    ends = mdp.terminal & (mdp.probability > 0) & there[:, None, None]
    if mdp.missing.size:
        ends &= ~mdp.missing[:, :, None]
    bad = ends & (mdp.reward < mdp.reward[ends].max(initial=-np.inf))
    return bad if bad.any() else ends


def says(world: World) -> str:
    """Says in words what of a world is on the brink."""
    if isinstance(world, Env):
        last = _last(world)
        everything = world.mdp.terminal & (world.mdp.probability > 0) & world.mdp.visitable[:, None, None]
        return BAD_ENDS if (everything & ~last).any() else ENDS
    return SAYS[world.model.kind]
