"""Two loops held against each other, line by line: what one algorithm does and the other does not."""

import ast
import inspect
from collections.abc import Callable
from difflib import SequenceMatcher
from textwrap import dedent


def loop_lines(loop: Callable[..., object]) -> list[str]:
    """Returns the lines of a loop's body, without its name, its parameters and its docstring."""
    source = dedent(inspect.getsource(loop))
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    body = function.body[1:] if ast.get_docstring(function) else function.body
    lines = source.splitlines()[body[0].lineno - 1 : function.end_lineno]
    return dedent("\n".join(lines)).splitlines()


def difference(mine: Callable[..., object], other: Callable[..., object]) -> list[tuple[str, str]]:
    """Lists the lines of two loops in order, each as (" ", line), ("-", only the other has it) or ("+", only mine)."""
    old, new = loop_lines(other), loop_lines(mine)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [(" ", line) for line in old[a:b]]
        else:
            found += [*(("-", line) for line in old[a:b]), *(("+", line) for line in new[c:d])]
    return found
