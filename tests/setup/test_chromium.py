"""A Chromium is found where one is, and installed where none is."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.setup import chromium
from tests.setup.sources import ROOT

WORKS = "#!/bin/sh\necho Chromium 1.0\n"
STUB = "#!/bin/sh\necho 'please install the snap' >&2\nexit 1\n"


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine with nothing but a shell and what a test puts there."""
    for tool in ("sh", "cat", "chmod", "id"):
        os.symlink(f"/bin/{tool}" if Path(f"/bin/{tool}").exists() else f"/usr/bin/{tool}", tmp_path / tool)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("STEPWISE_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "MAC_APPS", ())
    monkeypatch.setattr(chromium, "playwrights_own", lambda: iter([str(tmp_path / "own" / "chrome")]))
    chromium.find.cache_clear()
    yield tmp_path
    chromium.find.cache_clear()


def program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_none_is_none(bin_folder: Path) -> None:
    assert chromium.find() is None


def test_a_stub_that_does_not_start_is_passed_over(bin_folder: Path) -> None:
    program(bin_folder / "chromium-browser", STUB)
    assert chromium.find() is None
    chromium.find.cache_clear()
    real = program(bin_folder / "google-chrome", WORKS)
    assert chromium.find() == real


def test_the_one_that_was_chosen_is_the_only_one(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bin_folder / "chromium", WORKS)
    monkeypatch.setenv("STEPWISE_CHROMIUM", "/no/such/browser")
    assert chromium.find() is None


def test_root_on_debian_installs_the_package(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    new = bin_folder / "chromium"
    program(bin_folder / "apt-get", f"""#!/bin/sh
echo "$@" >> {bin_folder}/calls
[ "$1" = update ] || {{ printf '#!/bin/sh\\n' > {new}; chmod +x {new}; }}
""")
    assert chromium.install() == str(new)
    assert (bin_folder / "calls").read_text() == "update\ninstall --yes --no-install-recommends chromium\n"


def test_anyone_else_gets_playwrights_own(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program(bin_folder / "apt-get", "#!/bin/sh\nexit 1\n")
    own = bin_folder / "own" / "chrome"

    def installs(command: list[str]) -> bool:
        assert command == [sys.executable, "-m", "playwright", "install", "chromium"]
        own.parent.mkdir()
        return bool(program(own, WORKS))

    monkeypatch.setattr(chromium, "run", installs)
    assert chromium.install() == str(own)


def test_the_command_prints_the_path_and_nothing_else(bin_folder: Path) -> None:
    real = program(bin_folder / "chromium", WORKS)
    command = [sys.executable, "-m", "tests.setup.chromium", "--install"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == f"{real}\n"
