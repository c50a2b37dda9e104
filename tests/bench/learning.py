"""How fast Q-learning learns, with returns and lengths logged, against the tutorial's loop and against C."""

import shutil

import gymnasium

from rl.agents.control.q_learning import QLearning
from rl.envs.base import Env
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.taxi import Taxi
from rl.run import FOREVER, Run, advance, begin
from tests.bench import in_c, tutorial
from tests.bench.measure import Row, at_least, interleaved

WORLDS: dict[str, Env] = {"FrozenLake-v1": FrozenLake(), "CliffWalking-v1": CliffWalking(), "Taxi-v4": Taxi()}
AGENT = QLearning()
STEPS, TUTORIAL_STEPS = 2_000_000, 20_000
REPEATS, TUTORIAL_REPEATS = 9, 5
SEED = 1


def new_run(env: Env) -> Run:
    return begin(env, AGENT, SEED)


def ours(env: Env) -> None:
    advance(new_run(env), STEPS, FOREVER, 0, STEPS // 4)


def the_same_in_c(env: Env) -> None:
    in_c.advance(new_run(env), STEPS, STEPS // 4)


def the_tutorial(name: str) -> None:
    env = gymnasium.make(name)
    tutorial.learn(env, TUTORIAL_STEPS, AGENT.alpha, AGENT.gamma, AGENT.epsilon, SEED)


def million(steps: float, seconds: float) -> str:
    return f"{steps / seconds / 1e6:.3g} M steps/s"


def against_tutorial() -> list[Row]:
    """Compares steps a CPU second with the plain Gymnasium loop."""
    return [_against_tutorial(name, env) for name, env in WORLDS.items()]


def _against_tutorial(name: str, env: Env) -> Row:
    ours(env)
    mine, theirs = interleaved(TUTORIAL_REPEATS, lambda: ours(env), lambda: the_tutorial(name))
    ratio = (theirs / TUTORIAL_STEPS) / (mine / STEPS)
    detail = f" ({million(STEPS, mine)} : {TUTORIAL_STEPS / theirs / 1e3:.3g} thousand)"
    return at_least(f"Q-learning on {name}, against the tutorial loop", ratio, 500, detail=detail)


def against_c() -> list[Row]:
    """Compares steps a CPU second with C at -O3, the same work bit for bit."""
    if not shutil.which("gcc"):
        return [Row("Q-learning against C", "no gcc here", ">= 0.6 x")]
    return [_against_c(name, env) for name, env in WORLDS.items()]


def _against_c(name: str, env: Env) -> Row:
    ours(env)
    the_same_in_c(env)
    mine, theirs = interleaved(REPEATS, lambda: ours(env), lambda: the_same_in_c(env))
    detail = f" ({million(STEPS, mine)} : {million(STEPS, theirs)})"
    return at_least(f"Q-learning on {name}, against C", theirs / mine, 0.6, detail=detail)
