"""Bandits and bandit algorithms for the tests to play with."""

from rl.agents import AGENTS
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.gradient import Gradient
from rl.agents.bandits.greedy import Greedy, Optimistic
from rl.agents.bandits.hand import Hand
from rl.agents.bandits.softmax import Softmax
from rl.agents.bandits.thompson import Thompson
from rl.agents.bandits.ucb import UCB
from rl.arms import Arms
from rl.bandits import bandit
from rl.envs.testbed import Testbed
from rl.run import begin

PULLS = "0123456789" * 40
VARIANTS = [
    Greedy(), EpsilonGreedy(), EpsilonGreedy(epsilon=1.0, schedule="exponential", span=30, epsilon_last=0.01),
    EpsilonGreedy(alpha=0.2, initial=1.5, schedule="linear", span=77), Optimistic(), UCB(), UCB(c=0.0), UCB(alpha=0.1),
    Gradient(), Gradient(alpha=0.4, baseline="no"), Softmax(), Softmax(temperature=2.0, alpha=0.3), Thompson(),
    Thompson(prior_sd=3.0), Hand(pulls=PULLS),
]
BEDS = [
    Testbed(), Testbed(rewards="Bernoulli"), Testbed(drift=0.05, level=4.0), Testbed(rewards="Bernoulli", drift=0.1),
    Testbed(spread=0.0),
]
ALL = [kind for kind in AGENTS.values() if kind.family == "bandit"]


def known(bed: Testbed, agent, history, preference=None) -> tuple:
    """Lets an agent know the rewards in ``history``, pairs of arm and reward; returns it and its memory."""
    memory: Arms = begin(bed, agent, 0).memory
    for arm, reward in history:
        memory.visits[0, arm] += 1
        memory.total[arm] += reward
    bandit(agent).adopt(memory, bed.model)
    if preference is not None:
        memory.preference[:] = preference
    return agent, memory
