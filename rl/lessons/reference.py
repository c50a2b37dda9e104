"""The shape of an entry of the references."""

from typing import NamedTuple


class Reference(NamedTuple):
    """A book or a paper."""

    key: str
    authors: str
    year: int
    title: str
    where: str
    url: str | None = None
    used: str = ""  # what it is used for here

    @property
    def short(self) -> str:
        """Family names and year, as in a text: "Watkins & Dayan, 1992"."""
        names = [author.split(". ")[-1].removesuffix(" et al.") for author in self.authors.split(", ")]
        more = len(names) > 2 or self.authors.endswith("et al.")
        return f"{names[0] if more else ' & '.join(names)}{' et al.' if more else ''}, {self.year}"
