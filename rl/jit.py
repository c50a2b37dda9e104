"""Compile with numba where it is installed, and run as plain Python where it is not.

The whole engine is written once, as small functions under ``@jit``. Compiled and plain runs agree bit for bit
(``tests/test_compiled_equals_plain.py``), so numba is a matter of speed only. ``STEPWISE_PLAIN=1`` turns it off.
"""

import os
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, TypeVar

import numpy as np

from rl.kernels import forget_stale

try:
    import numba
except ImportError:  # a platform without numba wheels: everything works, about forty times slower
    numba = None

F = TypeVar("F", bound=Callable[..., Any])

WANTED = os.environ.get("STEPWISE_PLAIN", "") in ("", "0")
COMPILED: bool = numba is not None and WANTED and not numba.config.DISABLE_JIT

OPTIONS = {"nogil": True, "forceinline": True}
"""Let other threads run meanwhile, and make one loop of many small functions: a third faster than LLVM's own choice."""

if COMPILED:
    forget_stale()

u64: Any = np.uint64 if COMPILED else int
"""64-bit unsigned integer of a jitted function: wraps when compiled, is masked by hand when plain."""


def jit(function: F) -> F:
    """Compiles a module-level function, releasing the GIL and caching on disk where a disk can be written."""
    return _compiled(function, OPTIONS) if COMPILED else function


def jit_apart(function: F) -> F:
    """Compiles as `jit` does, but by itself: a function that does much, and would be copied into many places."""
    return _compiled(function, {"nogil": True}) if COMPILED else function


def _compiled(function: F, options: dict[str, bool]) -> F:
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither the package nor the home directory can be written: compile at every start
        return numba.njit(**options)(function)


def source_function(function: Callable[..., Any]) -> FunctionType:
    """Returns the Python function a jitted function was made from (itself, when plain)."""
    return getattr(function, "py_func", function)  # type: ignore[arg-type]


def plain(function: F, instead: Mapping[Any, Any] | None = None) -> F:
    """Returns an uncompiled twin of a jitted function, in which everything it calls is uncompiled too.

    Wherever one of the functions that are the keys of ``instead`` would be called, its value is called.
    """
    return _twin(function, {source_function(old): new for old, new in (instead or {}).items()})


def _twin(function: Any, made: dict[Any, Any]) -> Any:
    source = source_function(function)
    if source in made:
        return made[source]
    scope = dict(source.__globals__)
    made[source] = twin = FunctionType(source.__code__, scope, source.__name__, source.__defaults__)
    for name in source.__code__.co_names:
        if _is_of(scope.get(name), source.__module__):
            scope[name] = _twin(scope[name], made)
        elif name == "u64":
            scope[name] = int
    return twin


def _is_of(member: Any, module: str) -> bool:
    """Tells whether something is a function of the same program as a module, compiled or not."""
    source = source_function(member)
    return isinstance(source, FunctionType) and source.__module__.split(".")[0] == module.split(".")[0]
