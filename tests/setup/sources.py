"""Reads the project's own source, for the tests that hold its structure."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python_files(*places: str) -> list[Path]:
    """Lists the Python files in some folders (or the files themselves) of the project."""
    paths = [ROOT / place for place in places]
    return sorted(path for top in paths for path in ([top] if top.suffix == ".py" else top.rglob("*.py")))


def module_name(path: Path) -> str:
    """Says how a file is imported: rl/envs/base.py is rl.envs.base."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Names every module a file imports, anywhere in it: ``from rl import jit`` counts as rl.jit."""
    return {name for node in ast.walk(tree(path)) for name in imported(node)}


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0 and node.module, "imports are absolute"
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    """Tells whether a dotted name is a package or lies in it."""
    return name == package or name.startswith(f"{package}.")
