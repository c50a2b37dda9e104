"""CartPole as Gymnasium itself draws it, and the bodies to draw: those a run went through."""

import os
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

import gymnasium
import numpy as np
from gymnasium.error import DependencyNotInstalled

from rl.agents.binned_q_learning import BinnedTable
from rl.cart_pole import replay
from rl.mdp import Floats
from rl.timeline import Timeline

WHITE, BLACK, POLE, AXLE = (255, 255, 255), (0, 0, 0), (202, 152, 101), (129, 132, 203)  # Gymnasium's
SHADES = 5
"""Colours of an edge: from the thing's own towards the one behind it. With all of them a pixel takes half a byte."""
NO_PYGAME = 'Drawing CartPole needs pygame: pip install "gymnasium[classic-control]".'

_lock = Lock()  # pygame draws one picture at a time


def frame(observation: Floats) -> bytes:
    """Draws a body (4,) as a PNG of 600 x 400 pixels and some 1500 bytes; the same one again is remembered.

    Raises ImportError with a sentence where pygame is missing.
    """
    x, _, theta, _ = observation
    return _drawn(round(float(x), 2), round(float(theta), 3))  # finer differences are less than a pixel


@lru_cache(maxsize=4096)
def _drawn(x: float, theta: float) -> bytes:
    from PIL import Image  # only who draws pays for loading it

    with _lock:
        canvas = _canvas()
        canvas.state = np.array([x, 0.0, theta, 0.0])
        try:
            pixels = canvas.render()
        except DependencyNotInstalled:
            raise ImportError(NO_PYGAME) from None
    file = BytesIO()
    Image.fromarray(pixels).quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


@lru_cache(maxsize=1)
def _canvas() -> Any:
    """Makes the one environment that draws, with neither a window nor a greeting from pygame."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    return gymnasium.make("CartPole-v1", render_mode="rgb_array").unwrapped


@lru_cache(maxsize=1)
def _palette() -> Any:
    from PIL import Image

    edges = [(BLACK, WHITE), (POLE, WHITE), (AXLE, POLE)]
    shades = [np.linspace(thing, behind, SHADES, endpoint=False) for thing, behind in edges]
    colours = np.concatenate([*shades, [WHITE]]).round().astype(np.uint8)
    image = Image.new("P", (1, 1))
    image.putpalette(colours.tobytes())
    return image


def observations(timeline: Timeline, t0: int, t1: int) -> Floats:
    """Lists the bodies at the moments ``t0`` to ``t1``, (n + 1, 4); right after an episode it is the next one's."""
    return _bodies(timeline, t0, t1)[0]


def landings(timeline: Timeline, t0: int, t1: int) -> Floats:
    """Lists where each of the steps ``t0`` to ``t1 - 1`` led, (n, 4): at an episode's end, how it ended."""
    return _bodies(timeline, t0, t1)[1]


def _bodies(timeline: Timeline, t0: int, t1: int) -> tuple[Floats, Floats]:
    """Makes the steps of a run again. Raises TypeError where its world has no body."""
    run, log = timeline.at(t0), timeline.steps(t0, t1)
    if not isinstance(run.memory, BinnedTable):
        raise TypeError(f"{run.env.title} has no cart and no pole.")
    before, after = np.empty((len(log) + 1, 4)), np.empty((len(log), 4))
    replay(run.memory.body, log.action, log.ended, run.episode, timeline.seed, before, after)
    return before, after
