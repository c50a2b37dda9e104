"""Spell a changed text by its changes: a wall painted on a large map is a few characters, not the map again.

``@12#7.`` says: character 12 becomes ``#``, character 7 becomes ``.``; characters are counted from 0.
"""

import re

MARK = "@"
CHANGE = re.compile(r"(\d+)(\D)")
WHOLE = re.compile(r"@(?:\d{1,6}\D)+", re.ASCII)


def spelled(old: str, new: str) -> str:
    """Returns a patch that turns ``old`` into ``new`` where that is shorter than ``new``, else ``new`` itself."""
    changes = [(i, b) for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
    patch = MARK + "".join(f"{i}{char}" for i, char in changes)
    usable = len(old) == len(new) and changes and not any(char.isdigit() for _, char in changes)
    return patch if usable and len(patch) < len(new) else new


def patched(old: str, text: str) -> str:
    """Undoes `spelled`. Raises ValueError where a patch does not fit ``old``."""
    if not WHOLE.fullmatch(text):
        return text
    letters = list(old)
    for place, char in CHANGE.findall(text):
        if int(place) >= len(letters):
            raise ValueError("a change lies outside of what it changes.")
        letters[int(place)] = char
    return "".join(letters)
