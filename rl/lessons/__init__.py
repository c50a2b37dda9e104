"""What the pages say, as data: texts, runs worth looking at, checks, the glossary and the references."""

import importlib
import pkgutil
from functools import cache

from rl.lessons.lesson import Lesson


@cache
def lessons() -> dict[str, Lesson]:
    """Returns every lesson by the name of its page: the constant LESSON of each file here, so a new one is a new file.
    """
    files = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return {file.LESSON.slug: file.LESSON for file in files if hasattr(file, "LESSON")}
