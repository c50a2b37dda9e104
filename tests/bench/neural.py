"""How fast neural agents learn: against Stable-Baselines3 at equal settings, against plain numpy, and until 475."""

import importlib
import importlib.util
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import gymnasium
import numpy as np

from rl.agents.base import Agent
from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.neural.ppo import PPO
from rl.agents.neural.reinforce import NetReinforce
from rl.envs.cart import Cart
from rl.run import FOREVER, advance, begin
from tests.bench import tutorial_reinforce
from tests.bench.measure import Row, at_least, interleaved

NAME, WORLD, SEED = "CartPole-v1", Cart(), 1
STEPS, THEIR_STEPS, REPEATS = 40_960, 5_120, 5
SOLVED, EPISODES, SEEDS, SECONDS, PATIENCE = 475.0, 100, 10, 60.0, 500_000
MISSING = "Stable-Baselines3 is not here; to compare: .venv/bin/python -m pip install stable-baselines3"

EQUAL = {"alpha": 0.0003, "alpha_v": 0.0003, "width": 64, "layers": 2}
OURS: dict[str, Agent] = {"PPO": PPO(steps=512, batch=64, epochs=10, **EQUAL), "A2C": NetActorCritic(steps=64, **EQUAL)}
THEIRS: dict[str, dict[str, Any]] = {
    "PPO": {"n_steps": 512, "batch_size": 64, "n_epochs": 10, "clip_range": 0.2},
    "A2C": {"n_steps": 64, "use_rms_prop": False},
}
"""Beside what is equal in both: nets of 64-64 tanh units, Adam, gamma .99, lambda .95, gradients cut to .5."""


def measured() -> list[Row]:
    """Takes all measurements of the neural agents."""
    return [*against_sb3(), against_numpy(), until_solved()]


def training(agent: Agent) -> Callable[[], object]:
    """Begins a run; each call takes STEPS more of it, episodes logged."""
    run = begin(WORLD, agent, SEED)
    return lambda: advance(run, run.step + STEPS, FOREVER, 0, STEPS)


def against_sb3() -> list[Row]:
    """Compares steps a CPU second; a row that says how to install it where there is no Stable-Baselines3."""
    if importlib.util.find_spec("stable_baselines3") is None:
        return [Row(f"{name} against Stable-Baselines3", MISSING, ">= 10 x") for name in OURS]
    return [_against_sb3(name) for name in OURS]


def _against_sb3(name: str) -> Row:
    ours, theirs = training(OURS[name]), sb3(name)
    ours()
    theirs()
    return _ratio(f"{name} on {NAME}, against Stable-Baselines3", ours, theirs, 10)


def sb3(name: str) -> Callable[[], object]:
    """Makes their agent, on one thread; each call takes THEIR_STEPS more."""
    importlib.import_module("torch").set_num_threads(1)
    agent = getattr(importlib.import_module("stable_baselines3"), name)(
        "MlpPolicy", NAME, learning_rate=0.0003, gamma=0.99, gae_lambda=0.95, max_grad_norm=0.5, seed=SEED,
        device="cpu", **THEIRS[name])
    return lambda: agent.learn(THEIR_STEPS, reset_num_timesteps=False)


def against_numpy() -> Row:
    """Compares REINFORCE with a baseline with the same in plain numpy around Gymnasium's own cart."""
    agent, rng = NetReinforce(), np.random.default_rng(SEED)
    ours, env = training(agent), gymnasium.make(NAME)
    env.reset(seed=SEED)
    ours()
    return _ratio(f"REINFORCE on {NAME}, against plain numpy", ours,
                  lambda: tutorial_reinforce.learn(env, agent, THEIR_STEPS, rng))


def _ratio(name: str, ours: Callable[[], object], theirs: Callable[[], object], target: float = 0.0) -> Row:
    mine, other = interleaved(REPEATS, ours, theirs)
    fast, usual = STEPS / mine, THEIR_STEPS / other
    detail = f" ({fast / 1e3:.3g} : {usual / 1e3:.3g} thousand steps/s)"
    if target:
        return at_least(name, fast / usual, target, detail=detail)
    return Row(name, f"{fast / usual:.3g} x{detail}")


def until_solved() -> Row:
    """Trains PPO as it comes until it has solved the cart: how many seeds do so in a minute, and in what time."""
    advance(begin(WORLD, PPO(), 0), 600)
    times, steps = zip(*map(solved, range(SEEDS)), strict=True)
    soon = sum(seconds <= SECONDS for seconds in times)
    detail = (f"{soon} of {SEEDS} seeds in {SECONDS:g} s of CPU (median {median(times):.2g} s, worst {max(times):.2g}; "
              f"{median(steps):,.0f} steps, worst {max(steps):,.0f})")
    return Row(f"PPO until {EPISODES} episodes of {NAME} average {SOLVED:g}", detail, ">= 8", soon >= 8)


def solved(seed: int) -> tuple[float, float]:
    """Returns after how many CPU seconds and steps the last hundred episodes of training average 475; or infinity."""
    run, returns, start = begin(WORLD, PPO(), seed), [0.0] * EPISODES, time.process_time()
    while run.step < PATIENCE:
        returns += advance(run, FOREVER, run.episode + 1, 0, 1)[1].ret.tolist()
        if np.mean(returns[-EPISODES:]) >= SOLVED:
            return time.process_time() - start, run.step
    return float("inf"), float("inf")
