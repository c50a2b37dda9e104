"""The server goes away and comes back: the learner loses nothing, since the link is the save file."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import assert_no_traceback, free_port, serving
from tests.browser.stage import Stage

RUN = "q_learning?v=1&env=lake&agent=q,alpha:0.5,initial:0.5&seed=3&edits=200,epsilon:0.5&t=500"


def test_a_restarted_server_picks_up_where_the_learner_is(browser: Browser, tmp_path: Path) -> None:
    log, port = tmp_path / "log.txt", free_port()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    with serving(log, port) as url:
        page.goto(f"{url}/{RUN}")
        stage = Stage(page)
        stage.press("One step (right)")
        page.wait_for_function("() => location.search.includes('t=501')")
    picture = stage.picture()
    stage.press("One step (right)")  # the browser goes on by itself with what it has
    assert stage.moment == 502
    stage.root.get_by_text("Waiting for the server").wait_for(timeout=20_000)
    page.wait_for_function("() => location.search.includes('t=502')")
    with serving(log, port):
        stage.root.get_by_text("Waiting for the server").wait_for(state="hidden", timeout=60_000)
        stage.press("One step back")
        assert stage.picture() == picture
        stage.root.get_by_text("+10", exact=True).click()
        stage.wait_for_moment("t > 510")
        page.close()
    assert_no_traceback(log.read_text())


def test_the_first_link_after_a_start_opens_inside_the_app(browser: Browser, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    page = browser.new_page()
    with serving(log, free_port()) as url:
        page.goto(f"{url}/{RUN}")
        assert Stage(page).moment == 500
        page.get_by_role("link", name="Home").wait_for()
        assert page.get_by_text("q learning", exact=True).count() == 0
        page.close()
    assert_no_traceback(log.read_text())
