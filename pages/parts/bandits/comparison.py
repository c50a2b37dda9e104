"""What a session compares: which algorithms, with which knobs, over how many runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from pages.parts.bandits.controls import ALGORITHMS
from pages.parts.bandits.player import ArmsPlayer
from rl.agents.bandits.base import Bandit
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.gradient import Gradient
from rl.bandit_study import Study
from rl.knob import knobs, parse
from rl.parameter_study import ParameterStudy

REDRAW = 0.6
"""Seconds between two charts of unfinished results."""
STEPS = 1000
RUNS = (100, 500, 2000)
NEW, SAME = "a new bandit every run", "this very bandit every run"
CONTENDERS: dict[str, tuple[str, Bandit]] = {
    **{slug: (kind.title, kind()) for slug, kind in ALGORITHMS.items()},  # type: ignore[dict-item]
    "eps2": (f"{EpsilonGreedy.title} II", EpsilonGreedy(epsilon=0.01)),
    "gradient2": (f"{Gradient.title} II", Gradient(baseline="no")),
}
"""Who can be compared, by name, with a title: what has the most telling knob is there twice."""
FIRST = ("greedy", "eps", "ucb", "thompson")


@dataclass
class Comparison:
    """What a session compares."""

    agents: dict[str, Bandit] = field(default_factory=lambda: {name: agent for name, (_, agent) in CONTENDERS.items()})
    chosen: tuple[str, ...] = FIRST
    runs: int = RUNS[-1]
    bandits: str = NEW
    sweep: bool = False
    drawn: tuple[Any, float, Any] = (None, 0.0, None)  # the chart on screen: of what, since when
    cancelled: Any = None  # what was given up: it is taken up again when anything is changed
    slices: int = 0  # of work done so far
    work: tuple[Any, Study | ParameterStudy | None] = (None, None)  # what is worked out, and how far that is

    def figure(self, of: Any, finished: bool, make: Callable[[], Any]) -> Any:
        """Returns the chart of something, made anew only now and then while it is being worked out: that takes time."""
        now = perf_counter()
        if finished or self.drawn[0] != of or now - self.drawn[1] > REDRAW:
            self.drawn = of, now, make().update_layout(height=400)
        return self.drawn[2]

    def turn(self, slug: str, name: str, value: Any) -> None:
        """Takes one knob of one algorithm; what it cannot have is passed over."""
        try:
            self.agents[slug] = replace(self.agents[slug], **{name: value})
        except ValueError:
            return

    def stands(self, me: ArmsPlayer) -> Any:
        """Names what is worked out now."""
        return me.bandit, me.env, self.runs, self.bandits, self.sweep, tuple(self.agents[slug] for slug in self.chosen)

    def is_busy(self, me: ArmsPlayer) -> bool:
        """Tells whether there is work to be done."""
        return self.cancelled != self.stands(me) and self.study(me).progress < 1

    def study(self, me: ArmsPlayer) -> Study | ParameterStudy:
        """Returns the study of what is set now. It is held: what all sessions share may be forgotten half done."""
        stands, (of, study) = self.stands(me), self.work
        if study is None or of != stands:
            study = self._begun(me)
            self.work = stands, study
        return study

    def _begun(self, me: ArmsPlayer) -> Study | ParameterStudy:
        sizes = {"runs": self.runs, "steps": STEPS, "same_arms": self.bandits == SAME, "seed": me.timeline.seed}
        if self.sweep:
            return ParameterStudy(me.env, **sizes)
        return Study(me.env, tuple(self.agents[slug] for slug in self.chosen), **sizes)


def to_query(now: Comparison) -> dict[str, str]:
    """Spells a comparison out as query parameters: who, and what differs from how they begin."""
    who = "~".join(",".join([name, *_changed(CONTENDERS[name][1], now.agents[name])]) for name in now.chosen)
    sweep = {"sweep": "1"} if now.sweep else {}
    return {"compare": who, "runs": str(now.runs), "arms": "same" if now.bandits == SAME else "new"} | sweep


def _changed(first: Bandit, agent: Bandit) -> list[str]:
    return [f"{name}:{value}" for name in knobs(agent) if (value := getattr(agent, name)) != getattr(first, name)]


def from_query(query: Mapping[str, str]) -> Comparison:
    """Reads a comparison, whatever somebody may have typed there. Raises ValueError with a sentence."""
    now, runs = Comparison(), {str(n): n for n in RUNS}
    parts = [part.split(",") for part in query["compare"].split("~")] if query["compare"] else []
    if any(name not in CONTENDERS or not all(":" in pair for pair in pairs) for name, *pairs in parts):
        raise ValueError("this link compares an algorithm that does not exist here.")
    for name, *pairs in parts:
        values = dict(pair.split(":", 1) for pair in pairs)
        now.agents[name] = replace(now.agents[name], **{k: parse(now.agents[name], k, v) for k, v in values.items()})
    now.chosen = tuple(name for name in CONTENDERS if name in {part[0] for part in parts})
    now.runs, now.bandits = runs.get(query.get("runs", ""), now.runs), SAME if query.get("arms") == "same" else NEW
    now.sweep = query.get("sweep") == "1"
    return now
