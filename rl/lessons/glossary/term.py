"""The shape of an entry of the glossary."""

import re
from typing import NamedTuple


class Term(NamedTuple):
    """A word of the field: what it means, and where it can be seen."""

    name: str
    says: str  # one sentence in plain words
    page: str | None  # the file of the page where it, or the nearest thing to it, can be seen
    symbol: str = ""
    also: tuple[str, ...] = ()  # other spellings, inflections, and names of knobs
    see: tuple[str, ...] = ()  # names of related terms
    source: str | None = None  # a key of the references
    run: str = ""  # one that shows it on that page, as in a link

    @property
    def slug(self) -> str:
        """The name in links."""
        return slug_of(self.name)


def slug_of(name: str) -> str:
    """Spells a name for a link: "TD error" is td-error, and "TD(λ)" tdlambda."""
    return "-".join(re.sub(r"[^a-z0-9\s-]", "", name.lower().replace("λ", "lambda")).split())
