"""Every term used anywhere, and the links to it that texts hold: [[step size]] or [[step size|α]]."""

import re
from collections.abc import Callable
from functools import cache

from rl.lessons.glossary import beyond, deep, exploring, family, judging, loop, markets, planning, policies, values
from rl.lessons.glossary.term import Term

TERMS: tuple[Term, ...] = tuple(sorted(
    (*loop.TERMS, *values.TERMS, *family.TERMS, *planning.TERMS, *exploring.TERMS, *policies.TERMS, *deep.TERMS,
     *judging.TERMS, *markets.TERMS, *beyond.TERMS),
    key=lambda term: term.slug))
"""In alphabetical order."""
MARKER = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]|]+))?\]\]")


@cache
def spellings() -> dict[str, Term]:
    """Returns the terms by every spelling, in lower case, names first."""
    also = {spelling.lower(): term for term in TERMS for spelling in term.also}
    return also | {term.name.lower(): term for term in TERMS}


def find(words: str) -> Term:
    """Returns the term of a name or another spelling. Raises KeyError when there is none."""
    return spellings()[words.strip().lower()]


def markers(text: str) -> list[str]:
    """Lists the terms that a text's markers name."""
    return [found.group(1) for found in MARKER.finditer(text)]


def replaced(text: str, link: Callable[[str, Term], str]) -> str:
    """Puts ``link(words shown, term)`` in the place of every marker. Raises KeyError for one without a term."""
    return MARKER.sub(lambda found: link(found.group(2) or found.group(1), find(found.group(1))), text)


def linked(text: str) -> str:
    """Turns markers into Markdown links to the glossary. Raises KeyError for one without a term."""
    return replaced(text, lambda words, term: f"[{words}](glossary?term={term.slug})")


def plain(text: str) -> str:
    """Leaves only the words of markers."""
    return replaced(text, lambda words, term: words)
