"""What a session knows of the tasks that are done, and what it believes of what the browser says."""

import pytest

from pages.parts.progress.progress import MOST, Progress, take
from tests.pages.app import opened, unharmed


def test_what_the_browser_holds_is_added_to_what_the_session_knows():
    mine = Progress({"q.cliff"})
    take(mine, {"kept": ["q.hope", "later.lesson_2-b"]})
    assert mine.done == {"q.cliff", "q.hope", "later.lesson_2-b"}


@pytest.mark.parametrize("event", [
    {}, {"kept": None}, {"kept": "q.hope"}, {"kept": {"q.hope": 1}}, {"forgot": "1"}, {"forgot": None},
    {"kept": ["Q!", "", "a b", "x" * 41, "<b>", 3, None, ["q.hope"]]},
])
def test_what_makes_no_sense_is_passed_over(event):
    mine = Progress({"q.cliff"}, forget=1)
    take(mine, event)
    mine.forget = 0
    take(mine, event)
    assert mine.done == {"q.cliff"}


def test_a_browser_cannot_fill_the_servers_memory():
    mine = Progress()
    take(mine, {"kept": [f"task.{i}" for i in range(10 * MOST)]})
    take(mine, {"kept": [f"more.{i}" for i in range(10 * MOST)]})
    assert len(mine.done) <= MOST


def test_until_the_browser_has_forgotten_nothing_it_holds_comes_back():
    mine = Progress(forgotten=2, forget=2)
    take(mine, {"kept": ["q.hope"]})
    take(mine, {"forgot": 1})
    assert mine.done == set() and mine.forget == 2
    take(mine, {"forgot": 2})
    take(mine, {"kept": ["q.hope"]})
    assert mine.done == {"q.hope"} and mine.forget == 0


def test_forgetting_is_offered_only_to_who_has_done_something():
    at = opened("pages/home.py")
    assert "progress.forget" not in [button.key for button in at.button]
    at.session_state["progress.known"] = Progress({"q.hope", "q.cliff", "gone.task"})
    unharmed(at.run())
    assert any("2 of 12 tasks done" in caption.value for caption in at.caption)
    unharmed(at.button(key="progress.forget").click().run())
    known = at.session_state["progress.known"]
    assert known.done == set() and known.forget == known.forgotten == 1
    assert any("0 of 12 tasks done" in caption.value for caption in at.caption)
