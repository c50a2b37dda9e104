"""Arrows point one way, files stay short, and the top level holds what a newcomer expects."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.setup.sources import ROOT, imports, module_name, python_files, within

TOP_LEVEL = {
    "app.py", "pages", "rl", "tests", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE",
    "Makefile", "requirements.txt", "pyproject.toml", ".streamlit", ".ci", ".gitignore",
}
LINES = 200
NETWORK = (
    "socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio",
    "requests", "httpx", "aiohttp", "urllib3", "websockets", "openai", "anthropic",
)
CORE = ("mdp", "updates", "policies", "knob", "tape")
ABOVE_THE_AGENTS = ("timeline", "trials", "experiments", "figures", "llm", "classroom", "lessons")
ABOVE_THE_CORE = ("envs", "agents", "planning", *ABOVE_THE_AGENTS)

FORBIDDEN = {  # what lies in the package on the left imports nothing of what is on the right
    "rl": ("streamlit", "pages", "app"),
    "rl.kernels": ("rl",),
    "rl.jit": ("rl.knob", "rl.dice", "rl.mdp", "rl.updates", "rl.policies", *(f"rl.{m}" for m in ABOVE_THE_CORE)),
    "rl.dice": ("rl.knob", "rl.mdp", "rl.updates", "rl.policies", *(f"rl.{m}" for m in ABOVE_THE_CORE)),
    **{f"rl.{core}": tuple(f"rl.{m}" for m in ABOVE_THE_CORE) for core in CORE},
    "rl.envs": ("rl.agents", "rl.planning", *(f"rl.{m}" for m in ABOVE_THE_AGENTS)),
    "rl.agents": ("rl.envs", *(f"rl.{m}" for m in ABOVE_THE_AGENTS)),
    "rl.planning": ("rl.agents", *(f"rl.{m}" for m in ABOVE_THE_AGENTS)),
    "rl.timeline": ("rl.figures", "rl.trials"),
    "rl.trials": ("rl.experiments", "rl.figures"),
    "rl.experiments": ("rl.figures",),
    "pages": ("app", "tests"),
}
ONLY_IN = {"rl.figures": ("plotly",), "rl.llm": NETWORK}  # within rl/


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_downwards(package: str) -> None:
    own = [path for path in python_files("rl", "pages") if within(module_name(path), package)]
    wrong = [f"{module_name(path)} imports {name}" for path in own for name in sorted(imports(path))
             if any(within(name, banned) for banned in FORBIDDEN[package])]
    assert not wrong


@pytest.mark.parametrize("home", ONLY_IN)
def test_a_library_stays_in_its_corner_of_the_engine(home: str) -> None:
    others = [path for path in python_files("rl") if not within(module_name(path), home)]
    wrong = [f"{module_name(path)} imports {name}" for path in others for name in sorted(imports(path))
             if any(within(name, library) for library in ONLY_IN[home])]
    assert not wrong


def test_no_file_is_longer_than_a_reader_likes() -> None:
    files = python_files("rl", "pages", "app.py") + sorted((ROOT / "pages").rglob("*.js"))
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LINES} == {}


def test_the_top_level_holds_nothing_unexpected() -> None:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: whatever lies beside the project is not part of it")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {Path(name).parts[0] for name in listed.split("\0") if name} <= TOP_LEVEL
