"""The real app and a real browser. ``page("q_learning", width=390, dark=True)`` opens one of its pages."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.setup import chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
START_SECONDS = 60
READY = "[data-testid='stApp'][data-test-connection-state='CONNECTED'][data-test-script-state='notRunning']"
"""Streamlit marks its root so while no script runs."""
OWN_SEARCH = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit looks for its server below the page's address first, and a 404 there is how it learns where it is."""
BROKEN = ("Traceback (most recent call last)", "Uncaught app execution")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def app_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app writes what it has to say."""
    return tmp_path_factory.mktemp("app") / "log.txt"


@pytest.fixture(scope="session")
def app_url(app_log: Path) -> Iterator[str]:
    """Serves the real app once for each process of tests, and gives its address."""
    with serving(app_log, free_port()) as url:
        yield url
    assert_no_traceback(app_log.read_text())


@contextmanager
def serving(app_log: Path, port: int) -> Iterator[str]:
    """Serves the app at a port, writing what it says to a file, and gives its address."""
    url = f"http://localhost:{port}"
    options = {"server.port": port, "server.headless": "true", "browser.gatherUsageStats": "false"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with app_log.open("a") as log:
        app = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(app, url, app_log)
            yield url
        finally:
            app.terminate()
            try:
                app.wait(20)
            except subprocess.TimeoutExpired:
                app.kill()
                app.wait()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("localhost", 0))
        return int(s.getsockname()[1])


def wait_until_healthy(app: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"The app did not start within {START_SECONDS} s. Its log:\n{log.read_text()}")


def assert_no_traceback(log: str) -> None:
    assert not any(sign in log for sign in BROKEN), f"The app failed:\n{log}"


@pytest.fixture(scope="module")  # not longer: Playwright keeps an event loop running, which tests elsewhere would meet
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, chromium.MISSING
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])  # root has no sandbox
        yield running
        running.close()


@pytest.fixture
def page(app_url: str, app_log: Path, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages of the app. Fails when one reports an error to the console or asks another server for anything, or
    when the app writes a traceback.

    ``page(path="", *, width=1280, height=800, dark=False, **context)``: further arguments go to the browser context,
    e.g. ``reduced_motion="reduce"`` or ``java_script_enabled=False``.
    """
    errors: list[str] = []
    contexts = []
    log_start = app_log.stat().st_size

    def open_page(path: str = "", *, width: int = 1280, height: int = 800, dark: bool = False, **more: object) -> Page:
        scheme = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
        contexts.append(context)
        opened = context.new_page()
        opened.on("console", lambda message: errors.extend(said(message)))
        opened.on("pageerror", lambda error: errors.append(f"uncaught: {error}"))
        opened.on("request", lambda request: errors.extend(asked_elsewhere(request, app_url)))
        opened.goto(f"{app_url}/{path.lstrip('/')}")
        opened.wait_for_selector(READY, timeout=60_000)
        return opened

    yield open_page
    for context in contexts:
        context.close()
    assert_no_traceback(app_log.read_bytes()[log_start:].decode(errors="replace"))
    assert not errors, "The page reported errors:\n" + "\n".join(errors)


def said(message: ConsoleMessage) -> list[str]:
    """Returns what a message of the console reports, when it is an error of ours."""
    if "404" in message.text and message.location["url"].endswith(OWN_SEARCH):
        return []
    return [f"{message.text} ({message.location['url']})"] if message.type == "error" else []


def asked_elsewhere(request: Request, app_url: str) -> list[str]:
    """Returns what a request that leaves the app's own server asks for: a classroom may be offline, and is private."""
    inside = request.url.startswith((app_url, app_url.replace("http", "ws", 1), "data:", "blob:"))
    return [] if inside else [f"asked another server: {request.url}"]
