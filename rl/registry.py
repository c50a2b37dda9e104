"""Find what a folder holds, so that adding a file is all it takes to add an environment or an agent."""

import importlib
import pkgutil
from typing import Any, TypeVar

T = TypeVar("T")


def discover(package: str, base: type[T]) -> dict[str, type[T]]:
    """Imports all modules below a package and returns the subclasses of ``base`` made there, by ``slug``, in order."""
    found: list[Any] = []
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        members = vars(importlib.import_module(module.name)).values()
        found += [m for m in members if _made_in(m, module.name) and issubclass(m, base) and m is not base]
    return {kind.slug: kind for kind in sorted(found, key=lambda kind: (kind.order, kind.slug))}


def _made_in(member: Any, module: str) -> bool:
    return isinstance(member, type) and member.__module__ == module and hasattr(member, "slug")
