"""A whole experiment as one script: run where nothing of ours is, it comes to the very numbers of the table."""

import ast
import csv
import io
import subprocess
import sys

import numpy as np
import pytest

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.envs import ENVS
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.experiments.config import Experiment
from rl.experiments.measures import EXACT
from rl.experiments.script import script
from rl.experiments.table import table, to_csv
from rl.standalone import Parts
from tests.experiments.lab import swept


def repeated(experiment, folder):
    """Runs the script and returns its rows, its output, and the rows of our own table."""
    (folder / "experiment.py").write_text(script(experiment), encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", "experiment.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    with (folder / "results.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return rows, done.stdout, list(csv.DictReader(io.StringIO(to_csv(table(swept(experiment))))))


def test_the_script_comes_to_the_very_numbers_of_the_table(tmp_path):
    experiment = Experiment((CliffWalking(), FrozenLake()), (QLearning(), QLearning(gamma=1.0)),
                            (("alpha", (0.3, 1.0)),), 2, 3, 12, "greedy", -100.0, 4)
    rows, said, ours = repeated(experiment, tmp_path)
    names = ["condition", "seed", *EXACT]
    assert list(rows[0]) == names and len(rows) == 16
    assert [[row[name] for name in names] for row in rows] == [[row[name] for name in names] for row in ours]
    assert said.count("\n") == 8 and "8 of 8: Q-learning (gamma 1) · FrozenLake, alpha 1: median greedy" in said


def test_the_script_moves_the_walls_too(tmp_path):
    experiment = Experiment((GridWorld(map="S..G/...."),), (QLearning(),), (), 2, 0, 20, "seconds", last=5,
                            edits=("40,env.map:S#.G/....", "90,epsilon:0.5"))
    rows, _, ours = repeated(experiment, tmp_path)
    assert [[row[name] for name in EXACT] for row in rows] == [[row[name] for name in EXACT] for row in ours]


TABULAR = [kind() for kind in AGENTS.values() if kind.family == "tabular" and kind.slug != "human"]


@pytest.mark.parametrize("first", range(0, len(TABULAR), 12))
def test_the_script_needs_only_python_numpy_and_gymnasium(first):
    agents = tuple(TABULAR[first : first + 12])
    worlds = tuple(world for world in (kind() for kind in ENVS.values()) if all(a.can_play(world) for a in agents))
    everything = Experiment(worlds, agents, seeds=1, episodes=1)
    tree = ast.parse(script(everything))
    modules = {name.split(".")[0] for node in ast.walk(tree) for name in (
        [alias.name for alias in node.names] if isinstance(node, ast.Import) else
        [str(node.module)] if isinstance(node, ast.ImportFrom) else [])}
    assert modules - set(sys.stdlib_module_names) <= {"numpy", "gymnasium"} and "rl" not in modules
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert len(names) == len(set(names))


def test_two_definitions_of_one_name_are_told_apart():
    parts, scope = Parts(), {}
    for name, module in (("value_iteration", "rl.planning"), ("policy_values", "rl.evaluation")):  # both have a _sweeps
        parts.add(name, module)
    source = parts.program("A test", "nothing")
    assert source.count("def _sweeps(") == 1 and source.count("def _sweeps_of_") == 1
    exec(compile(source, "parts.py", "exec", dont_inherit=True), scope)
    mdp = FrozenLake().mdp
    from rl.planning import policy_values, value_iteration
    best = value_iteration(mdp, 0.9)
    assert np.array_equal(scope["value_iteration"](mdp, 0.9), best)
    even = np.full((16, 4), 0.25)
    assert np.array_equal(scope["policy_values"](mdp, even, 0.9), policy_values(mdp, even, 0.9))
