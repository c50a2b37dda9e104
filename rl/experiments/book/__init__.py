"""'Reproduce the book': figures of Sutton & Barto made again, beside the published numbers."""

from rl.experiments.book import bandits, control, dyna, planning, prediction
from rl.experiments.book.making import Reproduction

BOOK: dict[str, Reproduction] = {one.slug: one for one in (
    *bandits.REPRODUCTIONS, *planning.REPRODUCTIONS, *control.REPRODUCTIONS, *prediction.REPRODUCTIONS,
    *dyna.REPRODUCTIONS)}
"""Everything there is, by its name in links, in the order of the book."""
