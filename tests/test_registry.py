"""Adding a file is all it takes: a folder's classes are found by looking into it."""

import sys

import pytest

from rl.registry import discover


class Base:
    order = 0


class Outsider(Base):
    slug = "outsider"


IMPORT = "from tests.test_registry import Base, Outsider\n"
FILES = {
    "__init__.py": "",
    "base.py": IMPORT,
    "late.py": IMPORT + "class Late(Base):\n    slug, order = 'a_late', 2\n",
    "early.py": IMPORT + "class Early(Base):\n    slug, order = 'early', 1\nAlias = Early\n",
    "also.py": "from {package}.early import Early\nclass Also(Early):\n    slug = 'also'\n",
    "rough.py": IMPORT + "class NoSlug(Base):\n    pass\nclass Stranger:\n    slug = 'stranger'\n",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    name = "found_by_looking"
    (tmp_path / name).mkdir()
    for file, text in FILES.items():
        (tmp_path / name / file).write_text(text.replace("{package}", name))
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for module in [m for m in sys.modules if m.split(".")[0] == name]:
        del sys.modules[module]


def test_subclasses_are_found_once_each_by_slug_and_in_order(package):
    found = discover(package, Base)
    assert list(found) == ["also", "early", "a_late"]
    assert [kind.__name__ for kind in found.values()] == ["Also", "Early", "Late"]


def test_a_class_counts_where_it_is_made_and_not_where_it_is_imported(package):
    found = discover(package, Base)
    assert found["early"].__module__ == f"{package}.early"
    assert "outsider" not in found


def test_the_real_folders_are_found():
    from rl.agents import AGENTS
    from rl.agents.control.q_learning import QLearning
    from rl.envs import ENVS
    from rl.envs.frozen_lake import FrozenLake

    assert AGENTS["q"] is QLearning
    assert ENVS["lake"] is FrozenLake
    assert all(kind.slug == slug for found in (AGENTS, ENVS) for slug, kind in found.items())
