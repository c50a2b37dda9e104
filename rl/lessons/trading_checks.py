"""What the tasks on trading measure: the runs they open, and their checks. All judge test days, over ten seeds."""

from functools import lru_cache

import numpy as np

from rl.agents.base import Agent
from rl.envs.trading import Trading
from rl.lessons.checks import in_run_of
from rl.lessons.lesson import Attempt, Verdict
from rl.markets import readers
from rl.markets.influence import best_positions, share_changed
from rl.markets.trading import USES
from rl.trading_study import Arm, Outcome, column, outcome, trained, with_seed
from rl.trading_study import judged as on_days

FORMAT = "v=1&env=trading,{}&agent=trading_q&seed=0"
PLACEBO = FORMAT.format("reader:placebo")
DECIDES = FORMAT.format("reader:inverted,use:adjustment,weight:1")
PLEASES = FORMAT.format("reader:inverted,use:bonus,weight:1")
COSTLY = FORMAT.format("market:planted%20edge,use:not%20at%20all,cost:0")
NOTHING = FORMAT.format("market:random%20walk,cost:0.0002")
FINE = FORMAT.format("market:AAPL,use:not%20at%20all,bins:50")
SEEDS, YEARS = range(10), 400
CONTROLS = (readers.PLACEBO, readers.INVERTED, readers.PERFECT, readers.SO_OFTEN, readers.REMEMBERS)
READS, GOOD, STEP, LITTLE, NEAR = 0.3, 1.0, 0.0005, 0.01, 0.5
USED = ("reader", "use", "weight", "accuracy")


def outcomes(attempt: Attempt) -> list[Outcome]:
    """Lets the settings now in force learn from ten seeds."""
    _, env, agent = attempt.timeline.settings(attempt.t)
    return _outcomes(env, agent)


@lru_cache(maxsize=64)
def _outcomes(env: Trading, agent: Agent) -> list[Outcome]:
    return [outcome(Arm("", env, agent), seed, YEARS) for seed in SEEDS]


def median(found: list[Outcome], name: str = "sharpe") -> float:
    """Returns the middle of the seeds."""
    return float(np.median(column(found, name)))


def world_of(attempt: Attempt) -> Trading:
    """Returns the market at the moment shown."""
    world = attempt.timeline.settings(attempt.t).env
    assert isinstance(world, Trading)
    return world


def patient(attempt: Attempt) -> float:
    """Returns the discount at the moment shown; with 1, trading for ever would have no finite optimum."""
    return min(attempt.timeline.settings(attempt.t).agent.discount, 0.99)


def _says(x: float) -> str:
    return f"{x:.2f}".replace("-", "−")


@in_run_of(PLACEBO, "alpha", "gamma", free=USED)
def better_than_a_placebo(attempt: Attempt) -> Verdict:
    """Asks for a reader that is no control, and helps."""
    world = world_of(attempt)
    if world.reader in CONTROLS or world.use == USES[0]:
        return Verdict(False, f"“{world.reader}” is a control or is not asked; its ten seeds come to "
                       f"{_says(median(outcomes(attempt)))}. Choose one that reads, and use it.")
    found = median(outcomes(attempt))
    return Verdict(found > READS, f"The median Sharpe ratio of ten seeds on their test days is {_says(found)}.")


@in_run_of(DECIDES, "alpha", "gamma", free=USED)
def hears_an_inverted_reader(attempt: Attempt) -> Verdict:
    """Asks for a use of the inverted reader that is worth something."""
    if world_of(attempt).reader != readers.INVERTED:
        return Verdict(False, "Keep the inverted reader: it is right about 0 % of the headlines, and knows enough.")
    found = median(outcomes(attempt))
    return Verdict(found > GOOD, f"The median Sharpe ratio of ten seeds on their test days is {_says(found)}.")


@in_run_of(PLEASES, "alpha", "gamma", free=USED)
def shaped_without_harm(attempt: Attempt) -> Verdict:
    """Asks for a reward that is shaped by the inverted reader, and changes nothing that is best."""
    world, gamma = world_of(attempt), patient(attempt)
    if world.reader != readers.INVERTED or world.use not in ("bonus", "potential") or world.weight < 1:
        return Verdict(False, "Keep the inverted reader, a weight of 1 or more, and have it change the reward.")
    share = share_changed(world.law, world.cost, USES.index(world.use), world.weight, gamma)
    found = median(outcomes(attempt))
    return Verdict(share == 0 and found > GOOD, f"It changes what is best in {share:.0%} of the states, and the median "
                   f"Sharpe ratio of ten seeds is {_says(found)}.")


@in_run_of(COSTLY, free=("cost",))
def dear_enough(attempt: Attempt) -> Verdict:
    """Asks for the cost from which on not to trade is best: not a step dearer."""
    world, gamma = world_of(attempt), patient(attempt)
    dear, cheaper = (stays_flat(world, cost, gamma) for cost in (world.cost, max(0.0, world.cost - STEP)))
    says = "stay flat" if dear else "trade"
    return Verdict(dear and not cheaper, f"At a cost of {world.cost:.2%} the best is to {says} from cash; a step "
                   f"cheaper, to {'stay flat' if cheaper else 'trade'}.")


def stays_flat(world: Trading, cost: float, gamma: float) -> bool:
    """Tells whether whoever holds cash does best to keep it, whatever is seen."""
    return bool(best_positions(world.law, cost, 0, 0.0, gamma)[1::3, 1].all())


@in_run_of(NOTHING, of=Agent, free=(*USED, "cost"))
def loses_nothing(attempt: Attempt) -> Verdict:
    """Asks for a trader that loses nothing in a random walk where trades cost something."""
    if world_of(attempt).cost <= 0:
        return Verdict(False, "Without costs this is a coin: give trades their cost back.")
    found = median(outcomes(attempt), "log_wealth")
    return Verdict(found >= -LITTLE, f"The middle of ten seeds made {_says(np.exp(found))} of a wealth of 1.")


@in_run_of(FINE, "alpha", free=("bins", "look_back"))
def as_good_tomorrow(attempt: Attempt) -> Verdict:
    """Asks for states so few that test days come out about as good as training days."""
    _, env, agent = attempt.timeline.settings(attempt.t)
    early, late = gap(env, agent)
    return Verdict(early - late < NEAR, f"The median Sharpe ratio of ten seeds is {_says(early)} on the training "
                   f"days and {_says(late)} on the test days.")


@lru_cache(maxsize=64)
def gap(env: Trading, agent: Agent) -> tuple[float, float]:
    """Returns the median Sharpe ratios on training days and on test days."""
    early = []
    for seed in SEEDS:
        arm = with_seed(Arm("", env, agent), seed)
        found = on_days(arm.world, agent, trained(arm, seed, YEARS).memory, seed, arm.world.days)
        early.append(found.sharpe if found.held.any() else 0.0)
    return float(np.median(early)), median(_outcomes(env, agent))


