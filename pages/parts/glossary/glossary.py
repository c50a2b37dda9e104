"""Mounts the glossary: the browser searches it by itself, while the learner types."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.catalogue import catalogue
from rl.lessons.glossary import TERMS, find
from rl.lessons.glossary.term import Term, slug_of
from rl.lessons.references import by_key

HERE = Path(__file__).parent
LONGEST = 60


def glossary(asked: str = "") -> None:
    """Shows all terms; ``asked``, a name or another spelling of one, comes first, and is searched for if it is none."""
    mount = renderer(*((HERE / f"glossary.{kind}").read_text(encoding="utf-8") for kind in ("js", "css")))
    mount(key="glossary", data={"terms": entries()} | opening(asked))


def opening(asked: str) -> dict[str, str]:
    """What an address asks for: a term, words to search for, or nothing."""
    named = {term.slug: term for term in TERMS}
    try:
        return {"term": (named.get(slug_of(asked)) or find(asked)).slug} if asked else {}
    except KeyError:
        return {"search": asked[:LONGEST]}


def entries() -> list[dict[str, Any]]:
    """What the browser is sent of every term."""
    pages = {Path(entry.file).stem: entry.title for entry in catalogue()}
    return [_entry(term, pages) for term in TERMS]


def _entry(term: Term, pages: dict[str, str]) -> dict[str, Any]:
    home = next(iter(pages))
    href = ("." if term.page == home else term.page or "") + (f"?{term.run}" if term.run else "")
    page = {"title": pages[term.page], "href": href} if term.page in pages else None
    return {"slug": term.slug, "name": term.name, "symbol": term.symbol, "says": term.says, "also": list(term.also),
            "see": [slug_of(name) for name in term.see], "page": page,
            "source": by_key(term.source).short if term.source else None}


@cache
def renderer(js: str, css: str) -> Any:
    """Registers the component, once for every version of its files."""
    return st.components.v2.component("stepwise_glossary", js=js, css=css)
