"""Tabular n-step tree backup: off-policy learning over many steps, without importance sampling."""

from dataclasses import dataclass
from typing import Any

from rl.agents.base import Token
from rl.agents.control.n_step_sarsa import ManySteps
from rl.agents.control.sarsa import OPEN
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.knob import choice
from rl.mdp import act, start_state
from rl.policies import epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import RING, branch_value, expected_value, move_estimate

TARGETS = ("epsilon-greedy", "greedy")


@jit
def tree_backup_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                     gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span,
                     n, share):
    """Learns from n rewards and the values of all that was not done on the way (S&B section 7.5, box on p. 154).

    The policy learned explores ``share`` as often as the agent: 1 is its own, 0 the greedy one. Otherwise as n-step
    SARSA, but that an action is chosen when it is taken: none is needed ahead.
    """
    q, visits, updates, states, actions, rewards = memory[:6]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    waiting = memory.waiting[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        waiting = 0 if k == 0 else waiting
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        visits[s, a] += 1
        states[t % RING], actions[t % RING], rewards[t % RING] = s, a, r
        states[(t + 1) % RING] = s_next
        waiting += 1
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        while waiting >= n or (ended and waiting > 0):
            first = t + 1 - waiting
            last = min(first + n, t + 1)
            beyond = 0.0 if terminal and last == t + 1 else expected_value(q, states[last % RING], share * epsilon)
            for i in range(last - 1, first, -1):
                g = rewards[i % RING] + gamma * beyond
                beyond = branch_value(q, states[i % RING], actions[i % RING], g, share * epsilon)
            target = rewards[first % RING] + gamma * beyond
            s_then, a_then = states[first % RING], actions[first % RING]
            updates[s_then, a_then] += 1
            alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s_then, a_then])
            old = q[s_then, a_then]
            move_estimate(q, s_then, a_then, target, alpha)
            write_update(tape, t, s_then, a_then, old, target, q[s_then, a_then], alpha)
            waiting -= 1
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
    memory.waiting[0] = waiting
    memory.chosen[0] = OPEN


@dataclass(frozen=True)
class TreeBackup(ManySteps):
    """n-step tree backup with epsilon-greedy exploration."""

    target: str = choice("epsilon-greedy", TARGETS, "The policy whose values are learned: the one the agent acts by, "
                         "or the greedy one, for which nothing counts that follows an exploratory action.")

    slug = "tree"
    title = "Tree backup"
    order = 60
    source = "Precup, Sutton & Singh (2000); Sutton & Barto, section 7.5"
    loop = staticmethod(tree_backup_loop)
    update = staticmethod(move_estimate)
    equation = (
        Token("new", "Q(Sτ,Aτ)", "new"), Token("", "←"), Token("old", "Q(Sτ,Aτ)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("target", "G", "target"), Token("", "−"),
        Token("old", "Q(Sτ,Aτ)", "old"), Token("", "]"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), float(self.target == "epsilon-greedy")
