"""What a learner sees in Chromium: how soon the world is there, how soon a knob is answered, how smoothly it plays."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.app import App, serving
from tests.bench.measure import Row, at_least, below
from tests.setup import chromium

PATH = "q_learning"
SHOWN = "() => [...document.querySelectorAll('*')].some(n => n.shadowRoot?.querySelector('.stage canvas')?.width > 0)"
VISITS, MOVES, PLAY_SECONDS = 5, 7, 20
QUIET = 1500  # ms in which whatever is under way comes to rest

COUNT_FRAMES = """
() => {
  window.frames_drawn = 0;
  let pending = false;
  const draw = CanvasRenderingContext2D.prototype.arc; // the agent is drawn in every frame of the stage
  CanvasRenderingContext2D.prototype.arc = function (...args) {
    if (!pending) {
      pending = true;
      window.frames_drawn++;
      requestAnimationFrame(() => { pending = false; });
    }
    return draw.apply(this, args);
  };
}
"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
WATCH_PLOT = """
() => {
  const node = document.querySelector('.stepwise-plot');
  const shown = () => JSON.stringify(node.data.map((trace) => trace.y));
  const before = shown();
  window.redrawn = new Promise((resolve) => {
    node.on('plotly_afterplot', () => { if (shown() !== before) resolve(performance.now()); });
  });
  window.addEventListener('keydown', () => { window.pressed = performance.now(); }, { capture: true, once: true });
}
"""


@contextmanager
def opened(browser: Browser, app: App) -> Iterator[tuple[Page, float]]:
    """Opens the page with an empty cache; gives it, and the seconds until its world was shown."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    view = context.new_page()
    start = time.perf_counter()
    view.goto(f"{app.url}/{PATH}", wait_until="commit")
    view.wait_for_function(SHOWN, timeout=60_000)
    yield view, time.perf_counter() - start
    context.close()


def first_paint(browser: Browser, app: App) -> list[Row]:
    """Times opening the page with nothing cached, the server having served it once before: until there is something to
    see, and until the stage is there."""
    paints, stages = [], []
    for _ in range(VISITS + 1):
        with opened(browser, app) as (view, seconds):
            paints.append(view.evaluate(PAINT) / 1000)
            stages.append(seconds)
    return [below("the page, until its first contentful paint", median(paints[1:]), 1.5, "s"),
            below("the page, until its stage is shown", median(stages[1:]), 1.5, "s",
                  f" (the server's first: {stages[0]:.3g} s)")]


def pause(view: Page) -> None:
    if view.locator("button[aria-label='Pause (space)']").count():
        view.locator("button.play").click()
    view.wait_for_timeout(QUIET)


def knob_to_band(browser: Browser, app: App) -> Row:
    """Times from a key pressed on the slider of the step size until a new band of a hundred seeds is drawn."""
    with opened(browser, app) as (view, _):
        view.wait_for_function("() => document.querySelector('.stepwise-plot')?.data", timeout=60_000)
        pause(view)
        times = [_move(view) for _ in range(MOVES)]
    return below("a knob moved, until the band of 100 new seeds is drawn", median(times), 300, "ms",
                 f" (worst {max(times):.3g})")


def _move(view: Page) -> float:
    view.locator("[data-testid='stSlider']", has_text="α").get_by_role("slider").first.focus()
    view.evaluate(WATCH_PLOT)
    view.keyboard.press("ArrowRight")
    late = float(view.evaluate("async () => (await window.redrawn) - window.pressed"))
    view.wait_for_timeout(QUIET)
    return late


def playing(browser: Browser, app: App) -> list[Row]:
    """Counts the frames the stage draws while it plays, and what the server does meanwhile."""
    with opened(browser, app) as (view, _):
        pause(view)
        view.evaluate(COUNT_FRAMES)
        view.locator("button.play").click()
        view.wait_for_timeout(QUIET)
        frames, cpu, start = view.evaluate("window.frames_drawn"), app.cpu_seconds(), time.perf_counter()
        view.wait_for_timeout(1000 * PLAY_SECONDS)
        seconds = time.perf_counter() - start
        rate = (view.evaluate("window.frames_drawn") - frames) / seconds
        share = 100 * (app.cpu_seconds() - cpu) / seconds
    return [at_least("the stage while it plays", rate, 30, "frames/s"),
            below("the server while one learner plays", share, 5, "% of a core")]


def page() -> list[Row]:
    """Takes all measurements of the page in one Chromium."""
    path = chromium.find()
    if path is None:
        return [Row("the page", chromium.MISSING)]
    with serving() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        rows = [*first_paint(browser, app), knob_to_band(browser, app), *playing(browser, app)]
        browser.close()
        return [*rows, Row("tracebacks of the server meanwhile", str(app.errors()), "0", app.errors() == 0)]
