"""Settings that describe and check themselves: dataclass fields with a range and a sentence of help.

An environment or an agent is a frozen dataclass of knobs. A page draws a widget from each, a link spells each out, and
nobody can build one with a value outside its range.
"""

import math
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

NEXT_TO = 1e-9


@dataclass(frozen=True)
class Knob:
    """What a field may hold: a number in [low, high], one of ``options``, or (neither given) a text."""

    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    options: tuple[str, ...] = ()
    whole: bool = False
    label: str = ""  # what a page calls it, where its name does not do

    def fitted(self, name: str, value: Any) -> Any:
        """Returns ``value`` in the field's own type. Raises ValueError with a sentence if it cannot be."""
        self.check(name, value)
        if self.options or isinstance(value, str):
            return value
        return int(value) if self.whole else self._snapped(float(value))

    def _snapped(self, value: float) -> float:
        """Takes what is next to a bound for the bound: a chance of 1e-16 only makes equations unsolvable."""
        bounds = (float(bound) for bound in (self.low, self.high) if bound is not None)
        return next((bound for bound in bounds if abs(value - bound) < NEXT_TO), value)

    def check(self, name: str, value: Any) -> None:
        """Raises ValueError with a sentence for a learner when ``value`` does not fit."""
        if self.options:
            if value not in self.options:
                raise ValueError(f"{name} must be one of {', '.join(self.options)}; got {str(value)[:40]!r}.")
        elif self.low is None or self.high is None:
            if not isinstance(value, str):
                raise ValueError(f"{name} must be a text.")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
            raise ValueError(f"{name} must be a number; got {str(value)[:40]!r}.")
        elif not self.low <= value <= self.high:
            raise ValueError(f"{name} must be between {self.low:g} and {self.high:g}; got {value:g}.")
        elif self.whole and value != int(value):
            raise ValueError(f"{name} must be a whole number; got {value:g}.")


def is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of more than 308 digits
        return False


def knob(default: float, low: float, high: float, help: str, step: float | None = None, label: str = "") -> Any:
    """Declares a number; it is an integer where ``default`` is one."""
    whole = isinstance(default, int)
    return field(default=default, metadata={"knob": Knob(help, low, high, step, whole=whole, label=label)})


def choice(default: str, options: tuple[str, ...], help: str, label: str = "") -> Any:
    """Declares one of several words."""
    return field(default=default, metadata={"knob": Knob(help, options=options, label=label)})


def text(default: str, help: str) -> Any:
    """Declares a text, checked further by the class that holds it."""
    return field(default=default, metadata={"knob": Knob(help)})


def knobs(kind: Any) -> dict[str, tuple[Field[Any], Knob]]:
    """Lists the knobs of a dataclass (or an instance), in the order they are declared."""
    return {f.name: (f, f.metadata["knob"]) for f in fields(kind) if "knob" in f.metadata}


def parse(kind: Any, name: str, value: str) -> Any:
    """Reads a knob's value from text. Raises ValueError when the name is unknown or the text is no such value."""
    known = knobs(kind)
    if name not in known:
        raise ValueError(f"there is no setting called {name[:40]!r}.")
    default = known[name][0].default
    if isinstance(default, str) or default is MISSING:
        return value
    try:
        return int(value) if isinstance(default, int) else float(value)
    except ValueError:
        raise ValueError(f"{name} must be a number; got {value[:40]!r}.") from None


def carried(settings: Any, kind: Any) -> Any:
    """Makes another kind of settings with what was set, where both have it and it is allowed there.

    What is as it comes stays as it comes there: an algorithm may have its own default for a good reason.
    """
    mine, there = knobs(settings), knobs(kind)
    values = {name: getattr(settings, name) for name, (field, _) in mine.items()
              if name in there and getattr(settings, name) != field.default}
    fitting = {name: value for name, value in values.items() if _fits(there[name][1], name, value)}
    return kind(**fitting)


def _fits(knob: Knob, name: str, value: Any) -> bool:
    try:
        knob.check(name, value)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Settings:
    """A frozen dataclass whose knobs are checked, and brought to their types, when it is made.

    The types matter to the compiled loops, which are compiled anew for numbers of another type.
    """

    def __post_init__(self) -> None:
        for name, (_, knob) in knobs(self).items():
            object.__setattr__(self, name, knob.fitted(name, getattr(self, name)))
