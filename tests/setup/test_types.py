"""Only compiled functions go without annotations: mypy is told to let unannotated ones pass, for their sake."""

import ast

from tests.setup.sources import ROOT, python_files, tree

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_every_function_that_is_not_compiled_is_annotated_in_full() -> None:
    bare = [f"{path.relative_to(ROOT)}:{node.lineno} {node.name}" for path in python_files("rl")
            for node in ast.walk(tree(path))
            if isinstance(node, Function) and not is_compiled(node) and not is_annotated(node)]
    assert not bare


def is_compiled(function: Function) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id in ("jit", "jit_apart") for mark in function.decorator_list)


def is_annotated(function: Function) -> bool:
    taken = function.args
    extras = [extra for extra in (taken.vararg, taken.kwarg) if extra]
    named = [arg for arg in taken.posonlyargs + taken.args + taken.kwonlyargs if arg.arg not in ("self", "cls")]
    return function.returns is not None and all(arg.annotation for arg in named + extras)
