"""Tabular Q-learning: off-policy temporal-difference control."""

from dataclasses import dataclass

from rl.agents.base import Agent, QTable, Token, new_table
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.knob import choice, knob
from rl.mdp import TabularMDP, act, start_state
from rl.policies import SCHEDULES, epsilon_greedy, scheduled
from rl.tape import ending, write_episode, write_step
from rl.updates import q_learning


@jit
def q_learning_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                    alpha, gamma, schedule, epsilon_first, epsilon_last, span):
    """Learns while acting epsilon-greedily (S&B section 6.5, box on p. 131; Watkins, 1989)."""
    q, visits = memory.q, memory.visits
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        old = q[s, a]
        error = q_learning(q, s, a, r, discount, s_next, alpha)
        visits[s, a] += 1
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, old, old + error, q[s, a], epsilon, episode, k, ret)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class QLearning(Agent):
    """Q-learning with epsilon-greedy exploration."""

    epsilon: float = knob(0.1, 0.0, 1.0, "Chance of trying a random action instead of the one that looks best.", 0.01)
    alpha: float = knob(0.1, 0.0, 1.0, "Step size: how far each update moves the estimate towards its target.", 0.01)
    gamma: float = knob(0.99, 0.0, 1.0, "Discount: how much the future counts. 0 sees only the next reward.", 0.01)
    initial: float = knob(0.0, -20.0, 20.0, "Value given to actions never tried. High values are optimism: the agent "
                          "tries everything once to find out.", 0.5)
    schedule: str = choice("constant", SCHEDULES, "How epsilon changes over the episodes, counted from the first.")
    epsilon_last: float = knob(0.0, 0.0, 1.0, "Where epsilon ends when it falls.", 0.01)
    span: int = knob(200, 1, 10_000, "Episodes for epsilon to fall to its end (linear) or by half (exponential).", 10,
                     label="span in episodes")

    slug = "q"
    title = "Q-learning"
    order = 10
    source = "Watkins (1989); Sutton & Barto, section 6.5"
    loop = staticmethod(q_learning_loop)
    update = staticmethod(q_learning)
    equation = (
        Token("new", "Q(S,A)", "new"), Token("", "←"), Token("old", "Q(S,A)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "max Q(S′,a)", "bootstrap"), Token("", "−"),
        Token("old", "Q(S,A)", "old"), Token("", "]"),
    )

    def parameters(self) -> tuple[float, ...]:
        schedule = SCHEDULES.index(self.schedule)
        return self.alpha, self.gamma, schedule, self.epsilon, self.epsilon_last, self.span

    def new_memory(self, model: TabularMDP, seed: int) -> QTable:
        return new_table(model, self.initial)

    def adopt(self, memory: QTable, model: TabularMDP) -> None:
        """Gives what was never tried this agent's initial value: optimism can be switched on late."""
        untried = (memory.visits == 0) & ~model.absorbing[:, None]
        memory.q[untried] = self.initial

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma
