"""The seat at the planning page: sweeps over a known world, values and policy side by side."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from pages.parts.branching.player import BranchingPlayer
from rl.agents.base import Agent
from rl.agents.planning.base import Planner
from rl.agents.planning.policy_evaluation import PolicyEvaluation
from rl.agents.planning.policy_iteration import PolicyIteration
from rl.agents.planning.value_iteration import ValueIteration
from rl.convergence import settling
from rl.envs.base import World
from rl.phases import number
from rl.tape import RUNNING, StepLog
from rl.timeline import Timeline

KINDS: list[type[Agent]] = [ValueIteration, PolicyIteration, PolicyEvaluation]
BY_HAND = "by hand"
HAND_START = "Click a cell to back it up."
START = "Nothing is known yet: press play, or back up one state."


@dataclass
class PlanningPlayer(BranchingPlayer):
    """A player whose steps are backups and whose episodes are sweeps."""

    agents: ClassVar[Collection[type[Agent]]] = KINDS
    speed: float = 20.0
    view: str | None = "v"
    solved: bool = False  # whether every knob is answered by the solution

    # what is on screen -------------------------------------------------------------------------------------------

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        sent = super().chunk(t0, t1)
        beside = {} if self.rival else {"beside": {"view": "policy", "title": "Greedy policy", "mine": "Values"}}
        return sent | beside | {"notes": [{"why": why} for why in reasons(self.timeline, t0, t1)]}

    def data(self) -> dict[str, Any]:
        start = HAND_START if self.by_hand else START
        names = {"step": "backup", "episode": "sweep", "return": "largest change",
                 "untried": "not backed up yet", "table": "Action values", "error": "change"}
        return super().data() | {"start": start, "names": names}

    @property
    def by_hand(self) -> bool:
        """Whether the learner clicks the states."""
        return isinstance(self.agent, Planner) and self.agent.sequence == BY_HAND

    # solving -----------------------------------------------------------------------------------------------------

    def solve(self) -> None:
        """Goes to the moment from which on nothing changes any more."""
        self.playing = self.autoplay = False
        step, still = settling(self.timeline)
        self.look_at(step)
        if not still:
            self.note = "Not settled yet after two seconds of work: play on from here, or lower γ."

    def stay_solved(self, on: bool) -> None:
        """Answers every knob by the solution from now on, or no longer."""
        self.solved = on
        if on:
            self.set(agent=replace(self.agent, sequence="forwards", clicks=""))  # type: ignore[call-arg]

    def apply_pending(self) -> None:
        if not self.solved or self.pending is None:
            return super().apply_pending()
        (env, agent), self.pending, self.ask = self.pending, None, None
        self.play(Timeline(env, agent, self.timeline.seed), 0)
        self.solve()
        return None

    def set(self, env: World | None = None, agent: Agent | None = None) -> None:
        if isinstance(agent, Planner) and agent.sequence == BY_HAND and not self.by_hand:
            self.playing, self.solved = False, False
            self.note = None
            return self.play(Timeline(env or self.env, replace(agent, clicks="", backups="in place"),
                                      self.timeline.seed), 0)
        return super().set(env, agent)

    # by hand -----------------------------------------------------------------------------------------------------

    def click(self, event: Mapping[str, Any]) -> None:
        """Backs a clicked state up; or, where the sweeps go by themselves, shows what built its value."""
        state, action = event.get("state"), event.get("action")
        n_states, n_actions = self.env.shape
        if not isinstance(state, int) or not 0 <= state < n_states:
            return
        if not self.by_hand:
            self.entry = (state, action if isinstance(action, int) and 0 <= action < n_actions else 0)
            return
        try:
            self.play(clicked(self.timeline, self.t, state), self.t + 1)
        except ValueError as error:
            self.note = str(error)

    reactions: ClassVar[dict[str, Callable[[Any, Any], None]]] = {"cell": lambda me, event: me.click(event)}


def clicked(timeline: Timeline, t: int, state: int) -> Timeline:
    """Backs one state more up at moment ``t``; the clicks and edits after it are left behind.

    Raises ValueError where there are too many.
    """
    agent: Any = timeline.settings(t).agent
    clicks = ".".join([*[word for word in agent.clicks.split(".") if word][:t], str(state)])

    def all_of(planner: Any) -> Any:
        return replace(planner, clicks=clicks)

    edits = tuple(edit._replace(agent=all_of(edit.agent)) for edit in timeline.edits if edit.step <= t)
    return replace(timeline, agent=all_of(timeline.agent), edits=edits)


def reasons(timeline: Timeline, t0: int, t1: int) -> list[str]:
    """Says of each backup which state it was, and what it found."""
    log = timeline.steps(t0, t1)
    return [_reason(timeline, log, i, t0 + i) for i in range(len(log))]


def _reason(timeline: Timeline, log: StepLog, i: int, t: int) -> str:
    _, env, agent = timeline.settings(t)
    state, action = env.state_name(int(log.state[i])), env.actions[int(log.action[i])].name
    where = f"Sweep {int(log.episode[i]) + 1:,}, {state}:"
    found = _improved(action) if log.explored[i] else _backed_up(agent, action, float(log.old[i]), float(log.new[i]))
    ends = "" if log.ended[i] == RUNNING else f" The sweep is over: {_swept(log, i)}."
    return f"{where} {found}{ends}"


def _improved(action: str) -> str:
    return f"the policy is made greedy here: {action}."


def _backed_up(agent: Agent, action: str, old: float, new: float) -> str:
    seen = f"{number(old)} → {number(new)}" if not np.isclose(old, new, 0, 5e-13) else f"it stays {number(new)}"
    if isinstance(agent, ValueIteration):
        return f"looking one step ahead, {action} is best: {seen}."
    return f"looking one step ahead, over all the policy may do: {seen}."


def _swept(log: StepLog, i: int) -> str:
    if log.explored[i]:
        return f"the policy changed in {int(log.ret[i]):,} states"
    return f"no value moved by more than {number(float(log.ret[i]))}"
