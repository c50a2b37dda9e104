"""The seat at the page of trading: a run on days in order, with its price, its texts, and what a reader says."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from pages.parts.branching.player import BranchingPlayer
from pages.parts.stage.stage import pack
from rl.agents import AGENTS
from rl.agents.base import Agent
from rl.envs.trading import FILE, Trading
from rl.markets.readers import BADGES
from rl.markets.trading import first_day
from rl.planning import action_values, value_iteration
from rl.timeline import Timeline

KINDS: list[type[Agent]] = [kind for kind in AGENTS.values() if kind.family == "market" and kind.title != "You"]
PERSON = next(kind for kind in AGENTS.values() if kind.family == "market" and kind.title == "You")
NAMES = {"episode": "year", "step": "day", "return": "log wealth"}


@dataclass
class TradingPlayer(BranchingPlayer):
    """A player whose world is a market."""

    agents: ClassVar[Collection[type[Agent]]] = (*KINDS, PERSON)
    behind: ClassVar[int] = 260
    speed: float = 12.0

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        day = {"width": 1, **pack(days(self.timeline, t0, t1).astype(np.int32))}
        return super().chunk(t0, t1) | {"moments": {"day": day}}

    def data(self) -> dict[str, Any]:
        env, agent = self.timeline.settings(self.t)[1:]
        sent = super().data()
        if isinstance(env, Trading):
            exact = known_values(env, agent.discount) if agent.learns == "q" else None
            sent |= {"world": world(env), "q_star": None if exact is None else pack(exact.astype(np.float32))}
        return sent | {"names": NAMES}


def days(timeline: Timeline, t0: int, t1: int) -> np.ndarray:
    """Returns the day of each moment from ``t0`` to ``t1``, (n + 1,); right after a year it is the next one's first."""
    log, counts = timeline.steps(t0, t1), timeline.at(t1).clock.counts
    model = timeline.settings(t0).env.model
    episode, k = np.append(log.episode, counts[2]), np.append(log.k, counts[3])
    first = {one: int(first_day(model, timeline.seed, one)) for one in np.unique(episode).tolist()}
    return np.array([first[one] for one in episode.tolist()], np.int64) + k


@lru_cache(maxsize=32)
def world(env: Trading) -> dict[str, Any]:
    """Describes a market to the stage: its prices, texts and opinions; shared, never change it."""
    path, reading = env.path, env.reading
    dates = None if path.dates is None else pack(path.dates.astype("datetime64[D]").astype(np.int64).astype(np.int32))
    name = f"{env.market}/{env.file if env.market == FILE else env.draw}"
    return {
        "kind": "market", "tie": 0, "name": name, "reader": [env.reader, env.accuracy], "dates": dates,
        "price": pack(path.price.astype(np.float32)), "score": pack(_in_bytes(reading.score, 100)),
        "opinion": pack(_in_bytes(reading.opinion, 1)), "text": pack(path.text.astype(np.uint16)),
        "texts": list(path.texts), "badge": f"{env.reader}: {BADGES[env.reader]}",
    }


def _in_bytes(x: np.ndarray, parts: int) -> np.ndarray:
    """Packs numbers from -1 to 1 in a byte each, so many parts to 1; 255 where there is none."""
    return np.where(np.isnan(x), 255, np.rint(parts * (np.nan_to_num(x) + 1))).astype(np.uint8)


@lru_cache(maxsize=32)
def known_values(env: Trading, gamma: float) -> np.ndarray | None:
    """Returns the exact action values, (S, 3), where the law of the market is known and nothing is added to rewards."""
    if not env.law.exact or gamma >= 1 or env.use in ("bonus", "potential"):
        return None
    known = env.model.known
    return action_values(known, value_iteration(known, gamma), gamma)
