"""The real app without a browser: any of its pages, what can be moved there, and the player behind it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from pages.parts.catalogue import catalogue
from pages.parts.player import Player
from rl.link import from_query_string

ROOT = Path(__file__).parents[2]
FILES = [page.file for page in catalogue()]
KINDS = ("slider", "selectbox", "number_input", "text_input", "text_area", "toggle", "checkbox", "radio", "button")


def opened(file: str = "pages/q_learning.py", **query: str) -> AppTest:
    """Opens a page as a link to it would: at once, and not by way of the first page."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return unharmed((at if file == FILES[0] else at.switch_page(file)).run())


def unharmed(at: AppTest) -> AppTest:
    assert [error.message for error in at.exception] == []
    assert [error.value for error in at.error] == []
    return at


def player(at: AppTest, file: str = "pages/q_learning.py") -> Player | None:
    """Returns the player of the page in this session, None where it has none."""
    key = f"{Path(file).stem}.player"
    if key not in at.session_state:
        return None
    return at.session_state[key]


def paused(at: AppTest, query: str, file: str = "pages/q_learning.py") -> Player:
    """Puts the page at a moment of a run, as after a pause there."""
    me = _taken_to(at, query, file)
    unharmed(at.run())
    return me


def _taken_to(at: AppTest, query: str, file: str) -> Player:
    me = player(at, file)
    assert me is not None
    me.open(from_query_string(query))
    arrive(me)
    me.playing, me.autoplay = False, None
    return me


def arrive(me: Player) -> None:
    """Goes the whole way where a page computes what lies far ahead in slices."""
    while getattr(me, "way", None):
        me.go_on()  # type: ignore[attr-defined]


def each_move(at: AppTest, query: str, file: str = "pages/q_learning.py",
              wanted: Callable[[str, Any], bool] = lambda *_: True) -> Iterator[tuple[Player, str, Any]]:
    """Takes the player back to a moment of a run before everything that can be moved there, which it gives one by one.

    The page is drawn there again only when the last move has left nothing that can be moved so: all knobs are set to
    what the player holds whenever a page is drawn.
    """
    me = paused(at, query, file)
    for key, value in [move for move in moves(at) if wanted(*move)]:
        _taken_to(at, query, file)
        if (key, value) not in moves(at):
            unharmed(at.run())
        yield me, key, value


def moves(at: AppTest) -> list[tuple[str, Any]]:
    """Lists everything on the page that can be moved or pressed, in popovers too, and the values it can be moved to."""
    return [(widget.key, value) for widget in widgets(at) for value in other_values(widget)]


def widgets(at: AppTest) -> list[Any]:
    """Lists everything on the page that can be moved or pressed by now, hidden in popovers or not."""
    found = [widget for kind in KINDS for widget in at.get(kind)]
    return [widget for widget in found if not getattr(widget.proto, "disabled", False)]


def tabs(at: AppTest) -> Iterator[tuple[str, str]]:
    """Lists the rows of tabs that the page draws one by one, by key, with the label of each tab in them."""
    for block in (node for node in at.main if node.type == "tab_container"):
        if block.key:
            yield from ((block.key, tab.label) for tab in block.tabs)


def other_values(widget: Any) -> list[Any]:
    """Lists values a widget can be moved to, other than the present one; for a text, some that it may refuse."""
    if widget.type in ("slider", "number_input"):
        kind = type(widget.value)
        ends = [kind(value) for value in (widget.min, widget.max, (widget.min + widget.max) / 2)]
        return [value for value in dict.fromkeys(ends) if value != widget.value]
    if widget.type in ("selectbox", "radio"):
        return [i for i in range(len(widget.options)) if i != widget.index]
    if widget.type in ("checkbox", "toggle"):
        return [not widget.value]
    return [None] if widget.type == "button" else ["", "S", "S.G", "x=y", "\x00é" * 50]


def move(at: AppTest, key: str, value: Any = None) -> AppTest:
    """Moves a widget (or presses a button) and runs the page; one that is disabled or gone by now stays as it is."""
    widget = next((widget for widget in widgets(at) if widget.key == key), None)
    if widget is None:
        return at
    if widget.type == "button":
        return widget.click().run()
    return (widget.select_index if widget.type in ("selectbox", "radio") else widget.set_value)(value).run()
