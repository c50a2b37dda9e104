"""A learner's hands and eyes on the stage: buttons, numbers, and the moment shown."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page

from rl.link import View, from_query


class Stage:
    """The stage of an open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".stage").first
        self.root.locator("canvas").first.wait_for(timeout=60_000)
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
