"""The script that a learner takes away repeats the run by itself, to the last bit."""

import ast
import csv
import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.agents.market.q_learning import TradingQLearning
from rl.agents.market.reinforce import TradingReinforce
from rl.agents.market.rule import FixedRule
from rl.envs import ENVS
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.envs.trading import Trading
from rl.standalone import standalone
from rl.timeline import Timeline

GRID = GridWorld(map="S..H/.C.G", horizon=30, slip=0.3, rewards="2=0.125_5=-0.3")
EAGER = QLearning(epsilon=0.9, schedule="exponential", epsilon_last=0.05, span=7, initial=1.5, alpha=0.37)
RUNS = {
    **{kind.title: Timeline(kind(), QLearning(epsilon=0.3), 11) for kind in ENVS.values()},
    "a big lake, optimism and a schedule": Timeline(FrozenLake("8x8", 0.77), EAGER, 2**31 - 1),
    "a linear schedule": Timeline(FrozenLake(), QLearning(schedule="linear", epsilon=1.0, span=20), 1),
    "a grid with everything": Timeline(GRID, EAGER, 3),
    "edits of the agent": Timeline(FrozenLake(), EAGER, 4).edited(500, alpha=0.9, initial=3.0).edited(900, gamma=0.5),
    "an edit of the world": Timeline(GRID, EAGER, 5).edited(333, GridWorld(map="S.../.#.G", slip=0.1), epsilon=0.2),
    "a world in another's place": Timeline(FrozenLake(), EAGER, 6).edited(77, GridWorld(map="S.../..../..../...G")),
    "another time limit": Timeline(GRID, EAGER, 7).edited(100, GridWorld(map=GRID.map, horizon=3)),
    "real prices": Timeline(Trading(market="IBM"), TradingQLearning(), 2).edited(600, Trading(market="IBM", cost=0.01)),
    "an edit still to come": Timeline(FrozenLake(), EAGER, 8).edited(5000, alpha=0.9),
}


def played(timeline, steps, folder):
    """Runs the script where nothing of ours can be imported; returns the rows of its file and what it printed."""
    (folder / "run.py").write_text(standalone(timeline, steps), encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", "run.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    with (folder / "episodes.csv").open() as file:
        return list(csv.DictReader(file)), done.stdout


@pytest.mark.parametrize("timeline", RUNS.values(), ids=RUNS)
def test_the_script_repeats_the_run_exactly(timeline, tmp_path):
    rows, printed = played(timeline, 1500, tmp_path)
    log = timeline.episodes(1500)
    assert len(rows) == len(log) > 0
    for column, expected in zip(("return", "length", "end"), log, strict=True):
        assert [float(row[column]) for row in rows] == expected.tolist()
    assert printed.split("Q-table:\n")[1] == f"{timeline.at(1500).memory.q}\n"
    assert f"{len(log)} episodes in 1500 steps, mean return of the last 100: {log.ret[-100:].mean():.4g}" in printed


@pytest.mark.parametrize("agent", [TradingReinforce(), FixedRule(rule="optimum"), FixedRule(rule="at random")],
                         ids=["reinforce", "optimum", "dice"])
def test_a_trader_takes_its_days_along(agent, tmp_path):
    timeline = Timeline(Trading(reader="perfect", use="adjustment", weight=0.3), agent, 1)
    rows, printed = played(timeline, 600, tmp_path)
    assert [float(row["return"]) for row in rows] == timeline.episodes(600).ret.tolist()
    assert printed.split("Policy:\n")[1] == f"{timeline.at(600).memory.pi}\n"


@pytest.mark.parametrize("steps", [0, 1])
def test_a_run_without_an_episode_is_no_error(steps, tmp_path):
    rows, printed = played(Timeline(CliffWalking(), QLearning(initial=0.5), 1), steps, tmp_path)
    assert rows == [] and "0 episodes" in printed


@pytest.mark.parametrize("timeline", RUNS.values(), ids=RUNS)
def test_the_script_needs_only_python_numpy_and_gymnasium(timeline):
    tree = ast.parse(standalone(timeline, 1500))
    modules = {name.split(".")[0] for node in ast.walk(tree) for name in (
        [alias.name for alias in node.names] if isinstance(node, ast.Import) else
        [str(node.module)] if isinstance(node, ast.ImportFrom) else [])}
    assert modules - set(sys.stdlib_module_names) <= {"numpy", "gymnasium"} and "rl" not in modules


def test_the_script_defines_each_thing_once_and_before_the_settings_use_it():
    source = standalone(RUNS["an edit of the world"], 1500)
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert len(names) == len(set(names)) and {"q_learning", "QLearning", "GridWorld", "advance"} <= set(names)
    assert source.index("class GridWorld") < source.index("SETTINGS =") < source.index("def main")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_map_is_written_out(preset, monkeypatch):
    taken_away = ModuleType("taken_away")
    monkeypatch.setitem(sys.modules, "taken_away", taken_away)
    source = standalone(Timeline(preset.world, QLearning(), 1), 10)
    exec(compile(source, "run.py", "exec", dont_inherit=True), vars(taken_away))  # defines, does not run
    world = taken_away.SETTINGS[0][1]
    for ours, theirs in zip(preset.world.mdp, world.mdp, strict=True):
        assert np.array_equal(ours, theirs)
