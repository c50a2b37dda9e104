"""A learner's hands and eyes on the stage: buttons, numbers, and the moment shown."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from playwright.sync_api import Locator, Page

from rl.link import View, from_query


class Stage:
    """The stage of an open page."""

    drawn_on = "canvas"

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".stage").first
        self.root.locator(self.drawn_on).first.wait_for(timeout=60_000)
        self.world = self.root.locator(".sheets")
        self.play = self.root.locator("button.play")

    @property
    def moment(self) -> int:
        """The step the playhead is at."""
        self._drawn()
        return int(self.root.get_by_label("Step of the run").input_value())

    @property
    def playing(self) -> bool:
        """What the large button says."""
        self._drawn()
        return self.play.get_attribute("aria-label") == "Pause (space)"

    def _drawn(self) -> None:
        """Waits until what was done is drawn: with the next frame."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def pause(self) -> None:
        if self.playing:
            self.play.click()

    def press(self, label: str) -> None:
        """Presses the button whose label begins so."""
        self.root.get_by_role("button", name=re.compile(f"^{re.escape(label)}")).first.click()

    def scrub(self, t: int) -> None:
        """Drags the thumb of the scrubber to a moment."""
        self.root.get_by_label("Step of the run").evaluate(
            "(node, t) => { node.value = t; node.dispatchEvent(new Event('input', {bubbles: true})) }", str(t))

    def wait_for_moment(self, condition: str) -> None:
        """Waits until the moment ``t`` meets a condition of JavaScript's, such as "t > 100"."""
        handle = self.root.get_by_label("Step of the run").element_handle()
        self.page.wait_for_function(f"node => {{ const t = Number(node.value); return {condition} }}", arg=handle,
                                    timeout=30_000)

    def until(self, what: Callable[[], bool], seconds: float = 20) -> None:
        """Waits until something holds, however slow the machine; fails when it never does."""
        end = time.monotonic() + seconds
        while not what() and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        assert what()

    def numbers(self) -> dict[str, float]:
        """The numbers of the update shown, by symbol; the first Q(S,A) is the new one."""
        found: dict[str, float] = {}
        for token in self.root.locator(".token.quantity").all():
            symbol, number = (token.locator(f".{part}").inner_text() for part in ("symbol", "number"))
            found.setdefault(symbol if symbol not in found else f"old {symbol}", float(number.replace("−", "-")))
        return found

    def words(self) -> str:
        return self.root.locator(".words").inner_text()

    def table(self) -> list[str]:
        """The rows of the Q-table in sight, as text."""
        rows = self.root.locator(".panel.table .row:not(.head)").all_inner_texts()
        return [row for row in rows if row.strip()]

    def picture(self) -> list[Any]:
        """Everything on the stage that belongs to a moment. The table is at its top: it follows the agent by itself."""
        self.root.locator(".panel.table .port").evaluate("node => { node.scrollTop = 0 }")
        self.page.wait_for_timeout(100)
        return [self.moment, self.numbers(), self.words(), self.table()[:6], self.facts()]

    def facts(self) -> list[str]:
        return self.root.locator(".facts dd").all_inner_texts()

    def note(self) -> Locator:
        return self.root.locator(".note:not(.late)")

    def view(self) -> View:
        """What the address bar says is on screen."""
        return from_query(dict(parse_qsl(urlsplit(self.page.url).query)))


INSIDE = """(canvas, [rows, cols]) => Array.from({length: rows * cols}, (_, i) => {
  const size = canvas.width / cols, part = Math.floor(size * .6), found = [];
  const at = [(i % cols) * size + size * .2, Math.floor(i / cols) * size + size * .2];
  const { data } = canvas.getContext('2d').getImageData(...at, part, part);
  for (let p = 0; p < part * part; p += 5) found.push(...data.slice(4 * p, 4 * p + 3));
  return found;
})"""
"""Every fifth pixel inside of each cell."""


def repainted(one: np.ndarray, other: np.ndarray) -> list[int]:
    """Lists the cells that look different on two maps; a cell painted again may differ in a shade of its edges."""
    return np.flatnonzero(np.abs(one - other).max(axis=1) > 8).tolist()


class LoopStage(Stage):
    """The stage of the loop page: six phases, and a person who may act or predict."""

    drawn_on = ".room canvas, .room img[src]"

    @property
    def phase(self) -> str:
        """The phase that is lit."""
        self._drawn()
        return self.root.locator(".chip[aria-current=step]").inner_text()[2:]

    def says(self) -> str:
        """What the phase says."""
        self._drawn()
        return self.root.locator(".says").inner_text()

    def map(self, rows: int = 4, cols: int = 4) -> np.ndarray:
        """The colours inside of each cell of the map, without the agent on it, (cells, numbers)."""
        self._drawn()
        return np.array(self.root.locator(".sheets canvas").first.evaluate(INSIDE, [rows, cols]))

    def next_phase(self) -> None:
        self.root.locator("button.later").click()

    def on_to(self, phase: str) -> None:
        """Goes on phase by phase until one is reached."""
        for _ in range(6):
            self.next_phase()
            if self.phase == phase:
                return
        assert self.phase == phase
