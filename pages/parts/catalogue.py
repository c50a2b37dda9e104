"""The pages there are: every file beside the parts that says so in its constant PAGE, so a new one is a new file."""

import ast
from pathlib import Path
from typing import Any, NamedTuple

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
