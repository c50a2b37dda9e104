"""What the policies around one are worth: the true objective beneath an arrow, over all policies or in a plane."""

from typing import NamedTuple

import numpy as np

from rl.gradient_cloud import FLAT, Cloud
from rl.mdp import Floats, TabularMDP
from rl.policy_gradient import Expected, available, expected, shares, worths

NOT_ONE = "This world has no one policy to draw: it needs the same {} actions in every state."
FINEST = 1e-9
"""How well the best policy is found: moves of less chance than this are not tried."""
FAR = 20.0
"""Preferences are moved by no more than this in a plane: beyond it a policy is certain."""
WIDE, LARGE = 25, 20
"""Points along a side of a plane, and the number of states from which on there are fewer."""
ROUNDS = 40
"""How often the strongest direction of a cloud is sharpened."""


class Landscape(NamedTuple):
    """What policies of one distribution, the same in every state, are worth from the start."""

    points: Floats  # (n, A) the chances of the actions
    worth: Floats  # (n,) infinite where an episode hardly ever ends
    side: int  # steps from one corner to the next
    best: Floats  # (A,) the best of all such policies, between the points too
    top: float  # what it is worth


class Plane(NamedTuple):
    """The objective in a plane through theta: right is the exact gradient, up what samples vary in most besides."""

    right: Floats  # (m,) steps along the gradient
    up: Floats  # (m,)
    worth: Floats  # (m, m), a row for each step up; infinite where an episode hardly ever ends
    axes: Floats  # (2, P) the two directions, each of length 1; a zero one where there is no other


def landscape(mdp: TabularMDP, gamma: float, side: int) -> Landscape:
    """Values the policies over three actions on a triangular grid, row by row: (i, j, side - i - j) / side.

    Raises ValueError where a state that is come by has other than three actions.
    """
    points = [(i, j, side - i - j) for i in range(side + 1) for j in range(side + 1 - i)]
    return _valued(mdp, gamma, np.array(points) / side, side)


def curve(mdp: TabularMDP, gamma: float, side: int) -> Landscape:
    """Values the policies over two actions, the second one's chance rising from 0 to 1.

    Raises ValueError where a state that is come by has other than two actions.
    """
    right = np.arange(side + 1) / side
    return _valued(mdp, gamma, np.column_stack([1 - right, right]), side)


class Point(NamedTuple):
    """A policy over two actions that has a name."""

    p: float  # chance of the second action
    worth: float
    text: str


def greedy_points(mdp: TabularMDP, gamma: float, epsilon: float, names: tuple[str, str]) -> list[Point]:
    """Values the two policies that are greedy but for epsilon and blind: what a table of one state's values allows."""
    known, chances = expected(mdp, gamma), (epsilon / 2, 1 - epsilon / 2)
    worth = shared_worths(known, np.array([[1 - p, p] for p in chances]), gamma)
    return [Point(p, float(j), f"ε-greedy {name}") for p, j, name in zip(chances, worth, names, strict=True)]


def has_one_policy(mdp: TabularMDP) -> bool:
    """Tells whether only one state is acted in: a policy is one distribution then, whatever it sees."""
    return int((mdp.visitable & available(mdp).any(axis=1)).sum()) == 1


def _valued(mdp: TabularMDP, gamma: float, points: Floats, side: int) -> Landscape:
    known, (_, n_actions) = expected(mdp, gamma), points.shape
    if known.there.shape[1] != n_actions or not known.there.all():
        raise ValueError(NOT_ONE.format(n_actions))
    worth = shared_worths(known, points, gamma)
    best, top = climbed(known, gamma, points[worth.argmax()], 1 / side)
    return Landscape(points, worth, side, best, top)


def shared_worths(known: Expected, points: Floats, gamma: float) -> Floats:
    """Returns what each distribution (k, A) is worth where every state acts by it, (k,).

    A state that lacks actions shares what they would get among the others.
    """
    policies = np.where(known.there, points[:, None, :], 0.0)
    total = policies.sum(axis=2, keepdims=True)
    evenly = known.there / known.there.sum(axis=1, keepdims=True)
    policies = np.where(total > 0, policies / np.where(total > 0, total, 1.0), evenly)
    return np.nan_to_num(worths(known, policies, gamma), nan=-np.inf, posinf=np.inf, neginf=-np.inf)


def climbed(known: Expected, gamma: float, p: Floats, step: float) -> tuple[Floats, float]:
    """Improves a policy that is the same in all states, (A,); returns it and what it is worth.

    Moves chance from one action to another while that is better, then ever less of it (compass search).
    """
    top, eye = float(shared_worths(known, p[None], gamma)[0]), np.eye(len(p))
    moves = np.array([eye[i] - eye[j] for i in range(len(p)) for j in range(len(p)) if i != j])
    while step > FINEST and len(moves):
        tries = np.maximum(p + step * moves, 0.0)
        tries /= tries.sum(axis=1, keepdims=True)
        worth = shared_worths(known, tries, gamma)
        if worth.max() > top:
            p, top = tries[worth.argmax()], float(worth.max())
        else:
            step /= 2
    return p, top


def plane(mdp: TabularMDP, theta: Floats, gamma: float, cloud: Cloud, reach: float, side: int = WIDE) -> Plane:
    """Values ``side`` x ``side`` policies up to ``reach`` from theta along the gradient, and across it.

    Across is the strongest direction of the cloud's samples at right angles to the gradient. Where a world has many
    states there are fewer points, so that it takes no longer.
    """
    known, axes = expected(mdp, gamma), _axes(cloud)
    side = side if len(known.states) <= LARGE else max(5, int(side * (LARGE / len(known.states)) ** 0.75) | 1)
    steps = np.linspace(-reach, reach, side)
    moved = steps[None, :, None] * axes[0] + steps[:, None, None] * axes[1]
    thetas = theta + moved.reshape(side * side, *theta.shape)
    rows = thetas if theta.shape[0] < known.shape[0] else thetas[:, known.states]
    return Plane(steps, steps, worths(known, shares(rows, known.there), gamma).reshape(side, side), axes)


def reach(one: Cloud, alpha: float) -> float:
    """Returns how far a plane should go to show the arrow and most of a cloud, as steps of ``alpha`` along them.

    No further than FAR, even if not all of them are seen then.
    """
    far = float(np.percentile(np.abs(one.samples @ _axes(one).T), 90)) if len(one.samples) else 0.0
    return min(FAR, alpha * max(1.5 * float(np.linalg.norm(one.exact)), 1.2 * far)) or 1.0


def is_flat(found: Plane) -> bool:
    """Tells whether a plane shows nothing: all that is finite in it is worth the same."""
    seen = found.worth[np.isfinite(found.worth)]
    return len(seen) == 0 or bool(np.ptp(seen) <= FLAT * max(1.0, float(np.abs(seen).max())))


def _axes(cloud: Cloud) -> Floats:
    """Finds the two directions of a plane, (2, P), at right angles."""
    first = _unit(cloud.exact)
    across = cloud.samples - cloud.mean
    across = across - np.outer(across @ first, first)
    second = across[np.abs(across).sum(axis=1).argmax()]
    for _ in range(ROUNDS):  # power iteration: a few dozen rounds, where an eigensolver takes half a second
        second = _unit(across.T @ (across @ second))
    return np.array([first, _unit(second - (second @ first) * first)])


def _unit(vector: Floats) -> Floats:
    length = np.linalg.norm(vector)
    return np.asarray(vector / length if length > FLAT else np.zeros_like(vector))
