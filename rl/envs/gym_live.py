"""Bring your own world: any registered Gymnasium environment, met by acting in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from gymnasium.spaces import Discrete

from rl.dice import START, uniform
from rl.envs.base import Action, World
from rl.envs.gym_env import ID, check_size, made, numbered
from rl.knob import text
from rl.live import Game, Numbering, Unlisted, numbering, unlisted
from rl.tape import Tape


@dataclass(frozen=True)
class GymLive(World):
    """A registered Gymnasium environment whose table nobody knows: the same loops learn from its real steps.

    Its actions are a Discrete space, its observations one, a Tuple of them or a MultiDiscrete one, numbered through. It
    rolls no dice but its own, so that the seed of a reset and the actions since say where it stands. Its steps are its
    own Python code: a run is shorter than in other worlds.
    """

    id: str = text("Blackjack-v1", f"{ID}; the agent learns from its steps alone.")

    family = "tabular"
    slug = "live"
    title = "Your own Gymnasium world (live)"
    order = 210
    idea = "What is wanted here is up to the environment: the agent collects as much reward as it can."
    front = ("id",)
    last_step = 50_000
    stride = 500
    patience = 2_000
    slowness = 400.0
    listed = False

    def __post_init__(self) -> None:
        super().__post_init__()
        facts(self.id)

    @property
    def actions(self) -> tuple[Action, ...]:
        return numbered(self.shape[1])

    @property
    def model(self) -> Unlisted:
        return facts(self.id).model

    @property
    def shape(self) -> tuple[int, int]:
        n_states, n_actions = self.model.cdf.shape[:2]
        return n_states, n_actions

    def first_state(self, seed: int, episode: int) -> int:
        with made(self.id) as env:
            return Game(env, facts(self.id).numbers).start_state(None, uniform(seed, episode, START))

    def fits(self, other: World) -> bool:
        return self == other

    def state_name(self, s: int) -> str:
        parts = facts(self.id).numbers.parts(s)
        return f"observation {parts[0] if len(parts) == 1 else parts}"

    def play(self, run: Any, tape: Tape, stop_step: int, stop_episode: int) -> None:
        with self.opened(run) as play:
            play(run, tape, stop_step, stop_episode)

    @contextmanager
    def opened(self, run: Any) -> Iterator[Callable[[Any, Tape, int, int], None]]:
        with made(self.id) as env:
            game = Game(env, facts(self.id).numbers)
            game.restore(uniform(run.seed, run.episode, START), run.journal)
            loop = game.played_by(run.agent.loop)

            def play(run: Any, tape: Tape, stop_step: int, stop_episode: int) -> None:
                loop(self.model, run.seed, run.memory, run.clock, tape, min(stop_step, self.last_step), stop_episode,
                     *run.agent.parameters())
                run.journal = tuple(game.journal)

            yield play


class Facts(NamedTuple):
    """What an environment says of itself."""

    model: Unlisted
    numbers: Numbering


@lru_cache(maxsize=32)
def facts(id: str) -> Facts:
    """Looks at an environment. Raises ValueError with one sentence where no table of values fits it."""
    with made(id) as env:
        numbers, actions = numbering(env.observation_space), env.action_space
        if numbers is None:
            raise ValueError(f"the observations of {id} are a {type(env.observation_space).__name__} space; a table "
                             "needs whole numbers: Discrete, MultiDiscrete, or a Tuple of Discrete ones.")
        if not isinstance(actions, Discrete):
            raise ValueError(f"the actions of {id} are a {type(actions).__name__} space; a table needs a Discrete one.")
        check_size(id, prod(numbers.sizes), int(actions.n))
        return Facts(unlisted(prod(numbers.sizes), int(actions.n), env.spec.max_episode_steps or 0), numbers)
