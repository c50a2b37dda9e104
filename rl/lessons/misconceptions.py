"""What learners of reinforcement learning get wrong. Each task is aimed at one of these."""

from enum import Enum


class Misconception(Enum):
    """A common belief, named by its subject; the value says what is the case instead."""

    Q_IS_REWARD = "Q is not the reward: it is what is still to come."
    GREEDY_ONCE_LEARNED = "Epsilon = 0 is not best 'once learned'."
    MORE_EXPLORATION = "More exploration is not always better."
    TRAINING_RETURN = "The training return is not the policy's quality."
    SARSA_IS_WORSE = "SARSA is not a worse Q-learning."
    LARGER_STEP = "A larger step size is not faster."
    SLIPPERY_IS_BROKEN = "A slippery world is not a broken one."
    ONE_OPTIMUM = "Several policies can be optimal."
    CONVERGED = "Converged values are not a converged policy, nor the reverse."
    FALLING_LOSS = "A falling loss is not learning."
    ONE_SEED = "One good seed is no proof."
    TIME_LIMIT = "A time limit is not a terminal state."
    BASELINE = "A baseline changes the variance and not the expectation."
    BOOTSTRAPPING = "Bootstrapping is not always safe."
    REWARD_IS_GOAL = "Reward is not the goal."
    BACKTEST = "Backtest profit is not skill."
    FLUENT_REASON = "A fluent reason is not a right action."
    PROMPTED_LEARNS = "Nothing in a prompted language model has learned."
    UNVISITED_IS_ZERO = "An unvisited state's value is not zero, it is unknown."
