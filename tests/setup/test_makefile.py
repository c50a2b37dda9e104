"""`make` says in a sentence what is missing, and does nothing it need not."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.setup.sources import ROOT

OLD = '#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.18\nexit 1\n'
WITHOUT_VENV = "#!/bin/sh\ncase \"$2\" in *ensurepip*) exit 1;; esac\nexit 0\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy in which nothing is installed."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    (tmp_path / "rl").mkdir()
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *words], cwd=folder, env=env, capture_output=True, text=True, timeout=60)


def script(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_make_alone_explains_itself(project: Path) -> None:
    done = make(project)
    assert done.returncode == 0
    assert all(f"make {target} " in done.stdout for target in ("run", "test", "quick", "check", "bench", "clean"))


def test_a_missing_python_is_named(project: Path) -> None:
    done = make(project, "run", "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer, and there is no no-such-python here" in done.stderr


def test_an_old_python_is_refused(project: Path) -> None:
    done = make(project, "run", f"PYTHON={script(project / 'old', OLD)}")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer, and" in done.stderr
    assert "is Python 3.9.18." in done.stderr


def test_a_missing_venv_module_is_explained(project: Path) -> None:
    done = make(project, "run", f"PYTHON={script(project / 'bare', WITHOUT_VENV)}")
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr


def test_a_failed_install_is_not_taken_for_done(project: Path) -> None:
    script(project / ".venv" / "bin" / "python", '#!/bin/sh\n[ "$3" = install ] && exit 1\nexit 0\n')
    done = make(project, "install")
    assert done.returncode != 0
    assert "Installing failed" in done.stderr
    assert not (project / ".venv" / "requirements.txt").exists()


def test_failed_compiling_is_not_taken_for_done(project: Path) -> None:
    script(project / ".venv" / "bin" / "python", '#!/bin/sh\n[ "$2" = rl.warm ] && exit 1\nexit 0\n')
    assert make(project, "install").returncode != 0
    assert not (project / ".venv" / "compiled").exists()


def test_what_is_installed_is_installed_once(project: Path) -> None:
    script(project / ".venv" / "bin" / "python", f'#!/bin/sh\necho "$@" >> {project}/calls\nexit 0\n')
    for _ in range(2):
        assert make(project, "install").returncode == 0
    calls = (project / "calls").read_text()
    assert calls.count("pip install") == 1
    assert calls.count("rl.warm") == 1
