"""An experiment as a file: JSON that can be loaded again, and is read with suspicion."""

import json
from typing import Any

from rl.agents import AGENTS
from rl.envs import WORLDS
from rl.experiments.conditions import Grid
from rl.experiments.config import MOST_THINGS, Experiment
from rl.experiments.values import Value
from rl.knob import is_finite
from rl.link import BadLink, build, spell

VERSION = 1
LONGEST = 100_000
"""Characters of a file."""


def to_json(experiment: Experiment) -> str:
    """Writes an experiment as text that `from_json` reads back."""
    plain = {"stepwise": "experiment", "version": VERSION, "envs": [spell(env) for env in experiment.envs],
             "agents": [spell(agent) for agent in experiment.agents],
             "sweep": {name: list(values) for name, values in experiment.grid}}
    others = ("seeds", "first_seed", "episodes", "measure", "threshold", "last", "edits")
    return json.dumps(plain | {name: getattr(experiment, name) for name in others}, indent=2, ensure_ascii=False)


def from_json(text: str) -> Experiment:
    """Reads an experiment from text, whatever somebody may have put there. Raises ValueError with one sentence."""
    if len(text) > LONGEST:
        raise ValueError(f"This file is too long to be an experiment of ours: {len(text):,} characters.")
    try:
        return _read(_loaded(text))
    except BadLink as error:  # the spelling is that of links
        raise ValueError(str(error).replace("this link", "this file").replace("This link", "This file")) from None


def _loaded(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=float)
    except (ValueError, RecursionError):
        raise ValueError("This file is not JSON, so it cannot be read as an experiment.") from None
    if not isinstance(found, dict) or found.get("stepwise") != "experiment":
        raise ValueError("This file is not an experiment of Stepwise.")
    if found.get("version") != VERSION:
        raise ValueError(f"This experiment is of version {str(found.get('version'))[:20]}; only {VERSION} can be read.")
    return found


def _read(found: dict[str, Any]) -> Experiment:
    known = {"stepwise", "version", "envs", "agents", "sweep", "edits"}
    numbers = {"seeds", "first_seed", "episodes", "measure", "threshold", "last"}
    unknown = sorted(set(found) - known - numbers)
    if unknown:
        raise ValueError(f"This experiment has an entry that is not known here: {unknown[0][:40]!r}.")
    envs = [build(WORLDS, text, "environment") for text in _texts(found, "envs")]
    agents = [build(AGENTS, text, "agent") for text in _texts(found, "agents")]
    given = {name: found[name] for name in numbers if name in found}
    return Experiment(tuple(envs), tuple(agents), _grid(found.get("sweep", {})), edits=tuple(_texts(found, "edits")),
                      **given)


def _texts(found: dict[str, Any], name: str) -> list[str]:
    texts = found.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or len(texts) > MOST_THINGS:
        raise ValueError(f"In this experiment {name} must be a list of at most {MOST_THINGS} texts.")
    return texts


def _grid(sweep: Any) -> Grid:
    if not isinstance(sweep, dict) or not all(isinstance(values, list) for values in sweep.values()):
        raise ValueError("In this experiment sweep must give a list of values for each setting.")
    return tuple((name, tuple(_value(name, value) for value in values)) for name, values in sweep.items())


def _value(name: str, value: Any) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (
            not isinstance(value, str) and not is_finite(value)):
        raise ValueError(f"{name[:40]} is swept over something that is no finite number and no word.")
    return value
