"""The k-armed bandit: one state, k arms, and the question which to pull."""

from dataclasses import dataclass

from rl.arms import REWARDS, BanditModel
from rl.envs.base import Action, World
from rl.knob import choice, knob

MOST_ARMS = 20


@dataclass(frozen=True)
class Testbed(World):
    """A k-armed bandit whose true means come from the seed (S&B section 2.3).

    Gaussian arms pay their mean plus N(0, 1), and the means are N(level, spread^2). Bernoulli arms pay 1 with a chance
    of their mean and else 0, and the means are U(0, 1). Drifting means take a normal step after every pull; a Bernoulli
    arm's mean is reflected at 0 and 1.
    """

    __test__ = False  # pytest takes what is called Test... for tests

    arms: int = knob(10, 2, MOST_ARMS, "How many arms there are to choose from.", 1)
    rewards: str = choice("Gaussian", REWARDS, "What an arm pays: its mean plus normal noise, or 1 with a chance "
                          "of its mean and else 0.", label="what arms pay")
    drift: float = knob(0.0, 0.0, 0.5, "How far every arm's true mean moves with each pull (a standard deviation). 0: "
                        "they stay as they are.", 0.01)
    level: float = knob(0.0, -10.0, 10.0, "Around which value the true means of Gaussian arms lie.", 0.5)
    spread: float = knob(1.0, 0.0, 5.0, "How different the true means of Gaussian arms are (a standard "
                         "deviation).", 0.1)

    family = "bandit"
    slug = "bandit"
    title = "k-armed bandit"
    order = 100
    idea = "Pull the arm that pays best, without knowing which it is."
    actions = tuple(Action(f"arm {number}") for number in range(1, MOST_ARMS + 1))  # the first `arms` of them
    front = ("arms", "rewards", "drift")
    drawn_as = "arms"

    @property
    def model(self) -> BanditModel:
        return BanditModel(self.arms, REWARDS.index(self.rewards), self.drift, self.level, self.spread)

    @property
    def shape(self) -> tuple[int, int]:
        return 1, self.arms

    def fits(self, other: World) -> bool:
        """Tells whether these are the same arms: they may drift otherwise, but not pay otherwise."""
        return isinstance(other, Testbed) and self.model._replace(drift=0.0) == other.model._replace(drift=0.0)

    def state_name(self, s: int) -> str:
        return "the one state there is"
