"""How fast a deep Q-network learns, against Stable-Baselines3 and lean PyTorch; what its runs take; how it starts."""

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import gymnasium
import numpy as np

from rl.agents.deep.base import BY_ERROR, HUBER
from rl.agents.deep.memory import UPDATES, prepare
from rl.agents.dqn import DQN
from rl.keyframes import EMPTY, Track
from rl.run import FOREVER, advance, begin
from tests.bench.measure import Row, at_least, below, interleaved, seconds
from tests.bench.neural import MISSING, NAME, SEED, WORLD

STEPS, THEIR_STEPS, REPEATS, STARTS, LATEST = 20_000, 2_000, 5, 3, 20
CAPACITY, SESSION, MB = 50_000, 60_000, 1e6
LEAN = "lean PyTorch"
SB3 = "Stable-Baselines3"
TARGETS = {SB3: 25.0, LEAN: 10.0}

OURS = DQN(alpha=0.001, width=64, layers=2, activation="relu", batch=64, every=1, warmup=1000, capacity=10_000,
           loss=HUBER, longest=10.0, target="copied now and then", period=500, epsilon=0.1, schedule="constant")
THEIRS: dict[str, Any] = {
    "learning_rate": 0.001, "gamma": 0.99, "batch_size": 64, "train_freq": 1, "gradient_steps": 1,
    "learning_starts": 1000, "buffer_size": 10_000, "max_grad_norm": 10.0, "tau": 1.0, "target_update_interval": 500,
    "exploration_initial_eps": 0.1, "exploration_final_eps": 0.1, "policy_kwargs": {"net_arch": [64, 64]},
}
"""Beside what is equal in all: relu units, Adam, and Huber's loss, which Stable-Baselines3 has no choice about."""


ROOT = Path(__file__).parents[2]
BEGIN = "from rl.envs.cart import Cart; from rl.agents.dqn import DQN; from rl.timeline import Timeline; "
FIRST = BEGIN + "Timeline(Cart(), DQN(warmup=0)).at(2)"


class Side:
    """A learner of the comparison: what takes it further, and what it can tell of itself."""

    def __init__(self, learn: Callable[[int], object], updates: Callable[[], int], weights: int,
                 returns: Callable[[], list[float]]) -> None:
        self.learn, self.updates, self.weights, self.returns = learn, updates, weights, returns


def measured() -> list[Row]:
    """Takes all measurements of the deep Q-network."""
    return [*against_torch(), *replay_bytes(), *session_bytes(), *starting()]


def against_torch() -> list[Row]:
    """Compares steps a CPU second, the three taking turns; says how to install what is missing."""
    if not all(map(importlib.util.find_spec, ("stable_baselines3", "torch"))):
        return [Row(f"DQN against {name}", MISSING, f">= {target:g} x") for name, target in TARGETS.items()]
    sides = {"Stepwise": ours(), SB3: sb3(), LEAN: lean()}
    steps = dict.fromkeys(sides, THEIR_STEPS) | {"Stepwise": STEPS}
    works = [lambda name=name, side=side: side.learn(steps[name]) for name, side in sides.items()]
    for work in works:
        work()
    speed = {name: steps[name] / time for name, time in zip(sides, interleaved(REPEATS, *works), strict=True)}
    return [*(_ratio(name, speed) for name in TARGETS), same_work(sides, steps), both_learn(sides)]


def _ratio(name: str, speed: dict[str, float]) -> Row:
    detail = f" ({speed['Stepwise']:,.0f} : {speed[name]:,.0f} steps/s)"
    return at_least(f"DQN on {NAME}, against {name}", speed["Stepwise"] / speed[name], TARGETS[name], detail=detail)


def same_work(sides: dict[str, Side], steps: dict[str, int]) -> Row:
    """Checks that each has taken a gradient step for each step in the world after the warmup, with as large a net."""
    due = {name: (REPEATS + 1) * n - OURS.warmup for name, n in steps.items()}
    done = {name: side.updates() for name, side in sides.items()}
    weights = [side.weights for side in sides.values()]
    met = done == due and len(set(weights)) == 1
    return Row("  gradient steps that each took, and weights of its net",
               f"{', '.join(f'{n:,}' for n in done.values())}; {weights}", f"{', '.join(map(str, due.values()))}", met)


def both_learn(sides: dict[str, Side]) -> Row:
    """Tells what the last episodes of each lasted, beside its first: what does not learn would be no comparison."""
    returns = {name: side.returns() for name, side in sides.items()}
    means = {name: (np.mean(each[:LATEST]), np.mean(each[-LATEST:])) for name, each in returns.items()}
    return Row(f"  mean return of its first and last {LATEST} episodes",
               ", ".join(f"{name} {first:.0f} -> {last:.0f}" for name, (first, last) in means.items()),
               "more", all(last > first for first, last in means.values()))


def ours() -> Side:
    """Begins our run, episodes logged."""
    run, returns = begin(WORLD, OURS, SEED), list[float]()

    def learn(steps: int) -> None:
        returns.extend(advance(run, run.step + steps, FOREVER, 0, steps)[1].ret.tolist())

    return Side(learn, lambda: int(run.memory.counts[UPDATES]), len(run.memory.net), lambda: returns)


def sb3() -> Side:
    """Makes the agent of Stable-Baselines3, on one thread."""
    importlib.import_module("torch").set_num_threads(1)
    agent = importlib.import_module("stable_baselines3").DQN("MlpPolicy", NAME, seed=SEED, device="cpu", **THEIRS)
    weights = sum(part.numel() for part in agent.q_net.parameters())
    return Side(lambda steps: agent.learn(steps, reset_num_timesteps=False), lambda: agent._n_updates, weights,
                lambda: agent.get_env().envs[0].get_episode_rewards())


def lean() -> Side:
    """Makes the lean one, on one thread, with our settings."""
    agent = importlib.import_module("tests.bench.lean_torch_dqn").LeanDQN(gymnasium.make(NAME), OURS, SEED)
    return Side(agent.learn, lambda: agent.updates, sum(part.numel() for part in agent.net.parameters()),
                lambda: agent.returns)


def replay_bytes() -> list[Row]:
    """Measures what so many transitions of CartPole take, drawn evenly and by priority, the sum tree counted."""
    return [_replay_bytes(DQN(capacity=CAPACITY)), _replay_bytes(DQN(capacity=CAPACITY, draws=BY_ERROR))]


def _replay_bytes(agent: DQN) -> Row:
    scene = agent.model_of(WORLD)
    memory = agent.new_memory(scene, SEED)
    width, layers, activation, dueling = agent.shape()
    nets: Any = prepare(memory, scene, width, layers, activation, dueling == 1, 1, agent.draws == BY_ERROR)
    size = memory.rows.nbytes + memory.priority.nbytes + nets.tree.nbytes
    return below(f"{CAPACITY:,} transitions of {NAME}, drawn {agent.draws}", size / MB, 5, "MB")


def session_bytes() -> list[Row]:
    """Measures what all keyframes of a session take: arrays that several of them share counted once."""
    return [_session_bytes(DQN(capacity=CAPACITY)), _session_bytes(DQN(capacity=CAPACITY, draws=BY_ERROR))]


def _session_bytes(agent: DQN) -> Row:
    track = Track("session", begin(WORLD, agent, SEED))
    track.run_at(SESSION)
    frames = [*track.frames, *track.recent]
    arrays = [piece for frame in frames for array in frame.memory for piece in getattr(array, "pieces", [array])]
    pieces = {id(array): array.nbytes for array in [*arrays, *(column for log in track.episodes for column in log)]}
    size = sum(pieces.values()) + EMPTY * len(frames)
    return below(f"keyframes of {SESSION:,} steps of {NAME}, memory of {CAPACITY:,}, drawn {agent.draws}",
                 size / MB, 20, "MB", f" ({len(track.frames)} of them; the shelf counts {track.bytes / MB:.3g})")



def starting() -> list[Row]:
    """Times new processes until they have learned from their first step: nothing compiled yet, compiled before."""
    with TemporaryDirectory() as folder:
        cold = process(FIRST, folder)
        imports, cached = (median(process(code, folder) for _ in range(STARTS)) for code in (BEGIN, FIRST))
    return [Row("importing DQN, in a new process", f"{imports:.3g} s"),
            Row("its first gradient step in a new process, kernels on the disk", f"{cached:.3g} s"),
            Row("its first gradient step in a new process, nothing compiled", f"{cold:.3g} s")]


def process(code: str, folder: str) -> float:
    """Runs a new Python, whose compiled kernels are kept in a folder; returns its seconds from start to end."""
    env = os.environ | {"NUMBA_CACHE_DIR": folder}
    return seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True, env=env, cwd=ROOT))
