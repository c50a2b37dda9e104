"""Ticks are kept by the learner's own browser: over a reload, in two tabs, over a restart of the server."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from rl.lessons.q_learning import LESSON
from tests.browser.conftest import READY, assert_no_traceback, free_port, serving
from tests.browser.stage import Stage

TASKS = {task.slug: task for task in LESSON.tasks}
KEY = "stepwise.progress"
BLOCKED = f"""for (const name of ["getItem", "setItem", "removeItem"]) {{
  const real = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...more) {{
    if (key === "{KEY}") throw new DOMException("denied", "SecurityError");
    return real.call(this, key, ...more);
  }};
}}"""


def solved(slug: str) -> str:
    return f"q_learning?{TASKS[slug].solved}"


def card(page: Page, slug: str):
    return page.locator(".stVerticalBlock", has=page.locator(f".st-key-check-{slug.replace('.', '-')}")).last


def check(page: Page, slug: str) -> None:
    card(page, slug).get_by_role("button", name="Check my run").click()
    expect(card(page, slug).get_by_text("Done.")).to_be_visible(timeout=20_000)


def ticked(page: Page, slug: str) -> None:
    title = card(page, slug).locator("p", has_text=TASKS[slug].title).first
    expect(title.get_by_text("check_circle")).to_be_visible(timeout=20_000)


def at_home(page: Page, done: int) -> None:
    """Waits until the home page counts so many tasks of the Q-learning lesson."""
    station = page.locator(".st-key-path p", has_text=LESSON.teaches)
    expect(station).to_contain_text(f"{done} of {len(TASKS)} tasks done", timeout=20_000)


def stored(page: Page) -> list[str]:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "[]")


def wait_until_stored(page: Page, *slugs: str) -> None:
    wanted = json.dumps(sorted(slugs), separators=(",", ":"))
    page.wait_for_function(f"() => (localStorage.getItem('{KEY}') ?? '[]') === '{wanted}'", timeout=20_000)


def test_a_tick_survives_a_reload_and_is_counted_at_home(page):
    shown = page(solved("q.cliff"))
    check(shown, "q.cliff")
    ticked(shown, "q.cliff")
    wait_until_stored(shown, "q.cliff")
    shown.reload()
    ticked(shown, "q.cliff")
    expect(card(shown, "q.cliff").get_by_text("Done.")).to_have_count(0)
    shown.get_by_role("link", name="Home").click()
    at_home(shown, 1)


def test_a_run_that_does_not_do_it_gets_no_tick(page):
    shown = page(f"q_learning?{TASKS['q.cliff'].query}")
    card(shown, "q.cliff").get_by_role("button", name="Check my run").click()
    expect(card(shown, "q.cliff").get_by_text("Not yet.")).to_be_visible(timeout=20_000)
    assert stored(shown) == []


def test_two_tabs_do_not_undo_each_other(page):
    first = page(solved("q.cliff"))
    second = first.context.new_page()
    second.goto(first.url.split("?")[0] + "?" + TASKS["q.backwards"].solved)
    second.wait_for_selector(READY)
    check(first, "q.cliff")
    wait_until_stored(first, "q.cliff")
    check(second, "q.backwards")
    wait_until_stored(second, "q.cliff", "q.backwards")
    ticked(second, "q.cliff")


def test_progress_is_forgotten_on_request(page):
    shown = page(solved("q.cliff"))
    check(shown, "q.cliff")
    wait_until_stored(shown, "q.cliff")
    shown.get_by_role("link", name="Home").click()
    shown.get_by_role("button", name="Forget my progress").click()
    at_home(shown, 0)
    wait_until_stored(shown)
    shown.reload()
    at_home(shown, 0)
    expect(shown.get_by_role("button", name="Forget my progress")).to_have_count(0)


def test_what_is_stored_may_be_anything(page):
    shown = page("q_learning")
    for text in ('{"a": 1}', "[1, null, \"q.cliff\", \"<b>\", \"unknown.task\"]"):
        shown.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
        shown.reload()
        shown.wait_for_selector(READY)
    ticked(shown, "q.cliff")


def test_reading_it_leaves_a_playing_run_alone_and_takes_no_room(page):
    shown = page("q_learning")
    shown.evaluate("key => localStorage.setItem(key, '[\"q.cliff\"]')", KEY)
    shown.reload()
    stage = Stage(shown)
    ticked(shown, "q.cliff")
    assert stage.playing
    before = stage.moment
    stage.wait_for_moment(f"t > {before + 5}")
    room = shown.locator(".st-key-progress").evaluate("node => [node.offsetHeight, getComputedStyle(node).position]")
    assert room == [0, "absolute"]


def test_where_nothing_may_be_stored_ticks_last_for_the_visit(page):
    shown = page("q_learning")
    shown.add_init_script(BLOCKED)
    shown.goto(shown.url.split("?")[0] + "?" + TASKS["q.cliff"].solved)
    check(shown, "q.cliff")
    ticked(shown, "q.cliff")
    shown.get_by_role("link", name="Home").click()
    at_home(shown, 1)


def test_a_tick_outlives_the_server(browser: Browser, tmp_path: Path) -> None:
    log, port = tmp_path / "log.txt", free_port()
    shown = browser.new_page(viewport={"width": 1280, "height": 800})
    with serving(log, port) as url:
        shown.goto(f"{url}/{solved('q.cliff')}")
        check(shown, "q.cliff")
        wait_until_stored(shown, "q.cliff")
        shown.reload()
        ticked(shown, "q.cliff")
        check(shown, "q.cliff")
    with serving(log, port):
        expect(card(shown, "q.cliff").get_by_text("Done.")).to_have_count(0, timeout=60_000)  # another session
        ticked(shown, "q.cliff")
        shown.close()
    assert_no_traceback(log.read_text())
