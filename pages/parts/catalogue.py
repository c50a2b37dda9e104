"""The pages there are: every file beside the parts that says so in its constant PAGE, so a new one is a new file."""

import ast
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

FOLDER = Path(__file__).parent.parent


class Entry(NamedTuple):
    """A page's place in the menu."""

    file: str
    title: str
    icon: str
    order: int


def catalogue(folder: Path = FOLDER) -> list[Entry]:
    """Reads the constant PAGE = {title, icon, order} of every page, without running it, and sorts by ``order``."""
    found = [(file, _constant(file, "PAGE")) for file in folder.glob("*.py")]
    return sorted((Entry(f"pages/{file.name}", **page) for file, page in found if page), key=lambda entry: entry.order)


def _constant(file: Path, name: str) -> Any:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return ast.literal_eval(node.value)
    return None


def menu() -> Any:
    """Shows the menu and returns the page that was chosen; the first one is where the address alone leads."""
    st.session_state["menu"] = True
    entries = catalogue()
    pages = [st.Page(entry.file, title=entry.title, icon=entry.icon, default=entry is entries[0]) for entry in entries]
    return st.navigation(pages, position="top")


def through_the_menu() -> None:
    """Sees to it that a page runs inside the app.

    Until `st.navigation` has been called once, Streamlit takes every file in ``pages/`` for a page of its own, and the
    first visitor after a start who follows a link to a page gets it without the app around it. So it is called here
    (without icons, which would become the browser tab's), and the page is run again.
    """
    if "menu" not in st.session_state:
        st.navigation([st.Page(entry.file, title=entry.title) for entry in catalogue()], position="hidden")
        st.rerun()
