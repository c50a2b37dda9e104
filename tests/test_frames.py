"""The pictures of CartPole are Gymnasium's own, small, and of the bodies a run went through."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from PIL import Image

from rl import frames
from rl.agents.binned_q_learning import BinnedQLearning
from rl.agents.control.q_learning import QLearning
from rl.cart_pole import push, set_up
from rl.envs.cart_pole import CartPole
from rl.envs.frozen_lake import FrozenLake
from rl.frames import frame, landings, observations
from rl.timeline import Timeline

RUN = Timeline(CartPole(), BinnedQLearning(epsilon=0.5), 9).edited(150, alpha=0.5)
ROOT = Path(__file__).parents[1]


def pixels(png):
    with Image.open(BytesIO(png)) as image:
        return np.asarray(image.convert("RGB")).astype(int)


@pytest.mark.parametrize("body", [(0, 0, 0, 0), (1.23, 3, 0.123, 1), (-2.4, 0, -0.209, 0), (2.41, 0, 0.21, 9)])
def test_a_frame_is_what_gymnasium_draws(body):
    frame(np.zeros(4))  # says that there is to be no window
    theirs = gymnasium.make("CartPole-v1", render_mode="rgb_array").unwrapped
    theirs.state = np.array(body, float)
    drawn = theirs.render()
    difference = np.abs(pixels(frame(np.array(body, float))) - drawn)
    assert drawn.shape == (400, 600, 3)
    assert difference.mean() < 0.1 and (difference.max(axis=2) > 0).mean() < 0.005  # edges have fewer shades
    assert difference.max() < 64


def test_frames_are_small_and_remembered():
    bodies = observations(RUN, 0, 60)
    files = [frame(body) for body in bodies]
    assert max(map(len, files)) < 3000 and all(file.startswith(b"\x89PNG") for file in files)
    assert frame(bodies[7] + (1e-5, 5, 1e-6, 5)) is frame(bodies[7])  # speeds are not seen


def test_several_visitors_draw_at_once():
    bodies = np.random.default_rng(1).uniform(-0.2, 0.2, (40, 4))
    frames._drawn.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(frame, bodies))
    frames._drawn.cache_clear()
    assert at_once == [frame(body) for body in bodies]


def test_without_pygame_one_sentence_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygame", None)
    with pytest.raises(ImportError, match=r'^Drawing CartPole needs pygame: pip install "\S+"\.$'):
        frame(np.array([0.77, 0, 0.011, 0]))


def test_only_drawing_loads_pygame_and_it_says_nothing():
    code = ("import sys, numpy as np, rl.frames as f; early = {'pygame', 'PIL'} & set(sys.modules);"
            "f.frame(np.zeros(4)); print(sorted(early), 'pygame' in sys.modules)")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("SDL", "PYGAME", "DISPLAY"))}
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, env=environment, text=True,
                          capture_output=True, timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("[] True\n", "", 0)


@pytest.mark.parametrize(("t0", "t1"), [(0, 400), (130, 170), (150, 151), (60, 60)])
def test_the_bodies_are_those_of_the_run(t0, t1):
    before, after, log = observations(RUN, t0, t1), landings(RUN, t0, t1), RUN.steps(t0, t1)
    assert (before.shape, after.shape) == ((t1 - t0 + 1, 4), (t1 - t0, 4))
    for t in range(t0, t1 + 1):
        assert np.array_equal(before[t - t0], RUN.at(t).memory.body)
    for i in range(t1 - t0):
        body = before[i].copy()
        push(body, log.action[i])
        assert np.array_equal(after[i], body)
        if log.ended[i]:
            set_up(body, RUN.seed, int(log.episode[i]) + 1)
        assert np.array_equal(before[i + 1], body)


def test_a_world_without_a_cart_has_no_bodies():
    with pytest.raises(TypeError, match=r"^FrozenLake has no cart and no pole.$"):
        observations(Timeline(FrozenLake(), QLearning()), 0, 10)
