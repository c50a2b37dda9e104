"""requirements.txt is the whole truth about what the app needs, and a fresh machine can live by it."""

import sys
import tomllib
from importlib.metadata import packages_distributions, version

import pytest
from packaging.requirements import Requirement

from tests.setup.sources import ROOT, imports, python_files

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINES = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
RUNTIME = [Requirement(line.split("#")[0]) for line in LINES if line[:1].isalpha()]
CLUSTER = [Requirement(line) for line in PYPROJECT["dependency-groups"]["cluster"]]
TEST = [Requirement(line) for line in PYPROJECT["dependency-groups"]["test"]]
BENCH = [Requirement(line) for line in PYPROJECT["dependency-groups"]["bench"]]
IMPORTED = {name.split(".")[0] for path in python_files("rl", "pages", "app.py") for name in imports(path)}
THIRD_PARTY = IMPORTED - sys.stdlib_module_names - {"rl", "pages", "app"}


def distribution(module: str) -> str:
    """Says which package on PyPI a module is from."""
    return packages_distributions().get(module, [module])[0].lower()


@pytest.mark.parametrize("requirement", RUNTIME + TEST + BENCH, ids=str)
def test_a_requirement_is_bounded_on_both_sides(requirement: Requirement) -> None:
    assert sorted(bound.operator for bound in requirement.specifier) == ["<", ">="]


@pytest.mark.parametrize("requirement", RUNTIME + TEST, ids=str)
def test_what_is_installed_is_within_the_bounds(requirement: Requirement) -> None:
    if requirement.marker and not requirement.marker.evaluate():
        pytest.skip("this machine does without it")
    assert version(requirement.name) in requirement.specifier


def test_every_library_the_app_imports_is_required_and_every_required_one_imported() -> None:
    assert {distribution(module) for module in THIRD_PARTY} == {requirement.name for requirement in RUNTIME}


def test_the_cluster_is_optional_and_tested_with_what_it_asks_for() -> None:
    assert set(CLUSTER) <= set(TEST)
    assert not {requirement.name for requirement in CLUSTER} & {requirement.name for requirement in RUNTIME}


def test_what_only_the_benchmark_compares_with_is_not_needed_for_anything_else() -> None:
    assert not {requirement.name for requirement in BENCH} & {requirement.name for requirement in RUNTIME + TEST}


def test_the_python_asked_for_is_the_same_everywhere() -> None:
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"
    assert PYPROJECT["tool"]["mypy"]["python_version"] == "3.11"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert "(3, 11)" in (ROOT / "Makefile").read_text(encoding="utf-8")
