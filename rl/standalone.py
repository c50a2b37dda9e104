"""Write a run out as one Python script that needs only numpy and gymnasium, made of the very lines that run here."""

import ast
import importlib
from functools import lru_cache
from types import ModuleType
from typing import NamedTuple

from rl.timeline import Edit, Timeline

PRELUDE = '''"""{title} of Stepwise by itself. Needs Python 3.11, numpy and gymnasium: pip install numpy gymnasium

The functions below are the ones that ran in the browser, word for word, so this reproduces {what} exactly.
Change the settings at the very end and see what becomes of it.
"""

from __future__ import annotations

{imports}

u64 = int


def jit(function):  # Stepwise compiles here with numba; plain Python gives the same numbers, more slowly
    return function


jit_apart = jit


'''
MAIN = '''

def main():
    """Runs it, and prints and saves the return and the length of every episode."""
    run, logs = begin(*SETTINGS[0][1:], SEED), []
    for (start, env, agent), stop in zip(SETTINGS, [s[0] for s in SETTINGS[1:]] + [STEPS]):
        run = changed(run, env, agent) if start else run
        logs.append(advance(run, stop, FOREVER, 0, stop - start)[1])
    episodes = joined(logs)
    np.savetxt("episodes.csv", np.column_stack(episodes), "%.17g", ",", header="return,length,end", comments="")
    last = episodes.ret[-100:].mean() if len(episodes) else np.nan
    print(f"{len(episodes)} episodes in {run.step} steps, mean return of the last 100: {last:.4g}")
    title = {"q": "Q-table:", "v": "Values:", "pi": "Policy:"}[run.agent.learns]
    print(title, getattr(run.memory, run.agent.learns), sep="\\n")


if __name__ == "__main__":
    main()
'''
LEFT_OUT = {"jit", "jit_apart", "u64"}
TAKEN = {"SEED", "STEPS", "SETTINGS", "SEEDS", "TASK", "MEASURE", "CONDITIONS", "Condition", "main", "one_run",
         "last_step"}
"""Names that the ends of scripts give to things of their own."""


def standalone(timeline: Timeline, steps: int) -> str:
    """Returns the source of a script that repeats the first ``steps`` steps of a run."""
    parts = Parts()
    edits = [Edit(0, timeline.env, timeline.agent), *(e for e in timeline.edits if e.step < steps)]
    stages = [edit._replace(env=edit.env.in_a_script(edit.agent.plans_by_law)) for edit in edits]
    for name in ("begin", "changed", "advance", "FOREVER"):  # first: the end of the script calls them by these names
        parts.add(name, "rl.run")
    parts.add("joined", "rl.tape")
    for kind in dict.fromkeys(type(thing) for stage in stages for thing in stage[1:]):
        parts.add(kind.__name__, kind.__module__)
    settings = "\n".join(f"    {tuple(stage)!r}," for stage in stages)
    run = f"\n\n\nSEED = {timeline.seed}\nSTEPS = {steps}\nSETTINGS = [  # (from step, world, agent)\n{settings}\n]\n"
    return parts.program("A run", "the curve on screen") + run + MAIN


class Parts:
    """Collects definitions and, before each, everything of ours it names; two of one name are told apart."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.imports: set[str] = {"import numpy as np"}
        self.names: dict[tuple[str, str], str] = {}  # (module, name there): name here

    def add(self, name: str, module: str) -> None:
        """Adds what a module means by a name, unless it is there already."""
        if name in LEFT_OUT:
            return
        node, home = _definition(name, module)
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.imports.add(ast.unparse(node))
        elif node is not None and (home, name) not in self.names:
            for defined in _defined(node):
                self.names[home, defined] = self._free(defined, home)
            for used in _names(node):
                self.add(used, home)
            self.sources.append(self._renamed(node, home))

    def program(self, title: str, what: str) -> str:
        """Returns a script of all that was added, which so far only defines it."""
        imports = "\n".join(sorted(self.imports))
        return PRELUDE.format(title=title, what=what, imports=imports) + "\n\n\n".join(self.sources)

    def _free(self, name: str, home: str) -> str:
        return f"{name}_of_{home.split('.')[-1]}" if name in TAKEN or name in self.names.values() else name

    def _renamed(self, node: ast.stmt, home: str) -> str:
        """Returns the source of a definition, with the names it uses as they are here."""
        lines = [line.encode() for line in _source(node, home).splitlines()]
        first = (node.end_lineno or node.lineno) - len(lines) + 1
        for place in reversed(_uses(node)):
            new = self.names.get((_definition(place.name, home)[1], place.name), place.name).encode()
            line, start, end = place.line - first, place.column, place.column + len(place.name.encode())
            lines[line] = lines[line][:start] + new + lines[line][end:]
        return "\n".join(line.decode() for line in lines)


class Use(NamedTuple):
    """Where a name stands in a source; columns are counted in bytes."""

    line: int
    column: int
    name: str


def _uses(node: ast.stmt) -> list[Use]:
    """Lists where a definition names itself or something that is none of its arguments, in order."""
    own = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    uses = [Use(n.lineno, n.col_offset, n.id) for n in ast.walk(node) if isinstance(n, ast.Name) and n.id not in own]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        uses.append(Use(node.lineno, len("def " if isinstance(node, ast.FunctionDef) else "class "), node.name))
    return sorted(uses)


def _names(node: ast.AST) -> list[str]:
    """Lists the names used in a definition, in order, but for the annotations of functions, which nobody evaluates."""
    skipped = {id(part) for n in ast.walk(node) for part in _annotations(n)}
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in skipped]


def _annotations(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.arg):
        return list(ast.walk(node.annotation)) if node.annotation else []
    return list(ast.walk(node.returns)) if isinstance(node, ast.FunctionDef) and node.returns else []


def _definition(name: str, module: str) -> tuple[ast.stmt | None, str]:
    """Finds where a module gets a name from: a definition of ours with its module, or an import of others'."""
    for node in _tree(module).body:
        if isinstance(node, ast.ImportFrom) and name in [alias.asname or alias.name for alias in node.names]:
            if str(node.module).startswith("rl."):
                return _definition(name, str(node.module))
            alias = next(a for a in node.names if (a.asname or a.name) == name)
            return ast.ImportFrom(node.module, [alias], 0), module
        if isinstance(node, ast.Import) and name in [alias.asname or alias.name for alias in node.names]:
            return node, module
        if name in _defined(node):
            return node, module
    return None, module


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


@lru_cache(maxsize=64)
def _text(module: str) -> str:
    found: ModuleType = importlib.import_module(module)
    with open(str(found.__file__), encoding="utf-8") as file:
        return file.read()


@lru_cache(maxsize=64)
def _tree(module: str) -> ast.Module:
    return ast.parse(_text(module))


def _source(node: ast.stmt, module: str) -> str:
    lines = _text(module).splitlines()
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return "\n".join(lines[first - 1 : node.end_lineno])
