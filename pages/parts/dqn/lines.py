"""The lines of a function that a switch decides on, read off its own source: as they are with it, and without."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from rl.jit import source_function


def decided_by(function: Callable[..., Any], switch: str) -> tuple[str, str]:
    """Returns the line, or lines, of a function when a switch is on, and when it is off, "" where there are none.

    The switch is what the first ``if`` asks for, such as "double" or "follows == AVERAGED". Raises ValueError where
    nothing asks for it.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(source_function(function))))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and _asks(node, switch):
            return _text(node.body), _text(node.orelse)
        simple = isinstance(node, ast.Assign | ast.AugAssign | ast.Expr)
        if simple and (found := next(_choices(node, switch), None)) is not None:
            return found
    raise ValueError(f"nothing in {function.__name__} asks for {switch}.")


def _choices(statement: ast.AST, switch: str) -> Iterator[tuple[str, str]]:
    """Spells a statement twice for each ``a if switch else b`` in it: with a, and with b."""
    whole = ast.unparse(statement)
    for node in ast.walk(statement):
        if isinstance(node, ast.IfExp) and _asks(node, switch):
            text = ast.unparse(node)
            text = text if text in whole and f"({text})" not in whole else f"({text})"
            yield whole.replace(text, ast.unparse(node.body)), whole.replace(text, ast.unparse(node.orelse))


def _asks(node: ast.If | ast.IfExp, switch: str) -> bool:
    return ast.unparse(node.test) == switch


def _text(statements: list[ast.stmt]) -> str:
    return "\n".join(ast.unparse(statement) for statement in statements)


def line_with(function: Callable[..., Any], part: str) -> str:
    """Returns the line of a function that holds ``part``. Raises ValueError where none does."""
    for line in inspect.getsource(source_function(function)).splitlines():
        if part in line:
            return line.strip()
    raise ValueError(f"no line of {function.__name__} holds {part!r}.")
