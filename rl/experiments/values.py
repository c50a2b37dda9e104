"""Lists and grids of a swept setting, as a person types them: ``0.1, 0.2``, ``0.1:0.9:0.1`` or ``log 0.01:1:7``."""

import json
import math
import re

import numpy as np

from rl.knob import Knob

Value = float | str

MOST_VALUES = 100
WORD = re.compile(r"[\w.+/#-]{1,200}")
PART = re.compile(r'\s*"(?:[^"\\]|\\.)*"\s*(?=,|$)|[^,]+')
"""What stands between commas; those within quotes do not count."""
HOW = ("Write a list such as 0.1, 0.2, a grid such as 0.1:0.9:0.1 (from:to:step), or log 0.01:1:7 (from:to:how many). "
       'Words with spaces stand in quotes: "a b".')


def parse_values(text: str) -> tuple[Value, ...]:
    """Reads the values to sweep, in order and each once. Raises ValueError with a sentence for what is no such list."""
    parts = [part.strip() for part in PART.findall(text) if part.strip()]
    if not parts:
        raise ValueError(f"There is no value to sweep. {HOW}")
    found = tuple(dict.fromkeys(value for part in parts[: MOST_VALUES + 1] for value in _read(part)))
    if len(found) > MOST_VALUES:
        raise ValueError(f"A setting takes at most {MOST_VALUES} values in a sweep.")
    return found


def spell_values(values: tuple[Value, ...]) -> str:
    """Writes values as a list that `parse_values` reads back."""
    return ", ".join(value if isinstance(value, str) and _is_bare(value) else _spelled(value) for value in values)


def _spelled(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _is_bare(word: str) -> bool:
    """Tells whether a word is read back without quotes: it is no number and nothing stands in it that separates."""
    try:
        return bool(WORD.fullmatch(word)) and _number(word) is None
    except ValueError:
        return False


def spread(knob: Knob) -> tuple[Value, ...]:
    """Chooses a few numbers of a setting's range to begin with: powers of two where it counts, else evenly."""
    low, high = float(knob.low or 0.0), float(knob.high or 0.0)
    if knob.whole:
        return tuple(float(n) for n in (0, 1, 2, 4, 8, 16, 32, 64) if low <= n <= high)[-6:] or (low, high)
    return tuple(float(f"{low + (high - low) * part:.4g}") for part in (0.1, 0.3, 0.5, 0.7, 0.9))


def is_log_spaced(values: tuple[Value, ...]) -> bool:
    """Tells whether three or more positive numbers grow rather by factors than by steps."""
    numbers = np.array([value for value in values if not isinstance(value, str)], np.float64)
    if len(numbers) < max(3, len(values)) or numbers.min() <= 0:
        return False
    numbers = np.sort(numbers)
    steps, factors = np.diff(numbers), np.diff(np.log(numbers))
    return bool(factors.std() / factors.mean() < steps.std() / steps.mean() - 1e-9)


def _read(part: str) -> list[Value]:
    if part.startswith('"'):
        return [_unquoted(part)]
    if part.startswith("log "):
        return list(_log_grid(part))
    if ":" in part:
        return list(_grid(part))
    number = _number(part)
    if number is not None:
        return [number]
    if not WORD.fullmatch(part):
        raise _unreadable(part)
    return [part]


def _unquoted(part: str) -> str:
    try:
        return str(json.loads(part))
    except ValueError:
        raise _unreadable(part) from None


def _number(text: str) -> float | None:
    """Reads a finite number; None for a word."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        raise ValueError(f"A value to sweep must be a finite number; got {text[:40]!r}.")
    return number


def _three(text: str, part: str) -> tuple[float, float, float]:
    numbers = [_number(word) for word in text.split(":")]
    if len(numbers) != 3 or any(number is None for number in numbers):
        raise _unreadable(part)
    first, last, third = (float(number) for number in numbers if number is not None)
    return first, last, third


def _grid(part: str) -> list[float]:
    first, last, step = _three(part, part)
    if step <= 0 or last < first:
        raise ValueError(f"In {part[:40]!r} the step must be above 0 and the end not before the beginning.")
    if (last - first) / step >= MOST_VALUES:
        raise ValueError(f"{part[:40]!r} has more than {MOST_VALUES} values.")
    count = int((last - first) / step + 1e-9) + 1
    return [float(f"{first + step * i:.12g}") for i in range(count)]


def _log_grid(part: str) -> list[float]:
    first, last, count = _three(part.removeprefix("log "), part)
    if not 0 < first < last:
        raise ValueError(f"In {part[:40]!r} both ends must be above 0, the first below the last.")
    if count != int(count) or not 2 <= count <= MOST_VALUES:
        raise ValueError(f"In {part[:40]!r} the last number says how many values: 2 to {MOST_VALUES}.")
    return [float(f"{value:.12g}") for value in np.geomspace(first, last, int(count))]


def _unreadable(part: str) -> ValueError:
    return ValueError(f"{part[:40]!r} is no value to sweep. {HOW}")
