"""Finds the Chromium that the browser tests drive. ``python -m tests.setup.chromium --install`` prints where it is.

The one place that knows: the Makefile and ``tests/browser/conftest.py`` both ask here.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = "No Chromium found. Run `python -m tests.setup.chromium --install`, or set STEPWISE_CHROMIUM to its path."


@cache
def find() -> str | None:
    """Returns the path of a Chromium that starts, or None. $STEPWISE_CHROMIUM, when set, is the only one considered."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[str]:
    """Lists where a Chromium may be, the likeliest first."""
    if chosen := os.environ.get("STEPWISE_CHROMIUM"):
        yield chosen
        return
    yield from filter(None, map(shutil.which, NAMES))
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (str(folder / app) for app in MAC_APPS)
    yield from playwrights_own()


def playwrights_own() -> Iterator[str]:
    """Says where Playwright keeps its own build, installed or not."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def starts(path: str) -> bool:
    """Tells whether it runs at all: Ubuntu's /usr/bin/chromium-browser can be a stub that asks for a snap."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install() -> str | None:
    """Installs Chromium where none is found: from Debian as root, else by Playwright's installer. Returns its path."""
    if os.environ.get("STEPWISE_CHROMIUM"):
        return find()
    for commands in (from_debian(), [[sys.executable, "-m", "playwright", "install", "chromium"]]):
        if find():
            break
        find.cache_clear()
        all(run(command) for command in commands)
    return find()


def from_debian() -> list[list[str]]:
    """Says how to get Debian's package; nothing where that cannot work."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return []
    return [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]]


def run(command: list[str]) -> bool:
    """Runs a command that asks nothing, its output on stderr: stdout is for the path alone."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=env).returncode == 0


if __name__ == "__main__":
    sys.exit(MISSING) if not (path := install() if "--install" in sys.argv else find()) else print(path)
