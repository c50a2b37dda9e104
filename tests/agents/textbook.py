"""The boxes of Sutton & Barto in plain Python, slow and as they are printed: what the compiled loops are held against.

Each is a generator that yields the table it acts by after every step. Only the dice are shared with `rl`: luck has to
be the same to compare, and which number decides what is part of an agent's contract.
"""

from itertools import count, islice

import numpy as np

from rl.dice import ACTION, COIN, COIN_TIE, EXPLORE, START, TIE, WORLD, uniform
from rl.timeline import Timeline


class Game:
    """An environment, an epsilon-greedy policy and a calendar; ``log`` lists the (state, action) of each step."""

    def __init__(self, mdp, agent, seed):
        self.mdp, self.agent, self.seed = mdp, agent, seed
        self.t, self.k, self.episode, self.log = 0, 0, -1, []

    def table(self):
        q = np.full(self.mdp.cdf.shape[:2], self.agent.initial)
        q[self.mdp.absorbing] = 0
        if self.mdp.missing.size:
            q[self.mdp.missing] = -np.inf
        return q

    @property
    def epsilon(self):
        agent = self.agent
        if agent.schedule == "constant":
            return agent.epsilon
        assert agent.schedule == "linear"
        return agent.epsilon_last + (agent.epsilon - agent.epsilon_last) * max(0.0, 1 - self.episode / agent.span)

    def alpha(self, n):
        return 1 / n if self.agent.alpha_schedule == "1/n" else self.agent.alpha

    def start(self):
        self.k, self.episode = 0, self.episode + 1
        return int(np.searchsorted(self.mdp.start_cdf, uniform(self.seed, self.episode, START), side="right"))

    def choose(self, q, s):
        if uniform(self.seed, self.t, EXPLORE) < self.epsilon:
            return pick(np.flatnonzero(q[s] > -np.inf), uniform(self.seed, self.t, ACTION))
        return self.best(q, s, self.t, TIE)

    def best(self, q, s, t, stream):
        return pick(np.flatnonzero(q[s] == q[s].max()), uniform(self.seed, t, stream))

    def take(self, s, a):
        """Returns (reward, next state, terminated, whether the episode is over)."""
        k = np.searchsorted(self.mdp.cdf[s, a], uniform(self.seed, self.t, WORLD), side="right")
        self.log.append((s, a))
        self.t, self.k = self.t + 1, self.k + 1
        terminated = bool(self.mdp.terminal[s, a, k])
        return (float(self.mdp.reward[s, a, k]), int(self.mdp.next_state[s, a, k]), terminated,
                terminated or self.k == self.mdp.horizon)


def pick(actions, die):
    return int(actions[int(die * len(actions))])


def chances(q, s, epsilon):
    """Returns pi(.|s) of the epsilon-greedy policy."""
    there, best = q[s] > -np.inf, q[s] == q[s].max()
    return epsilon * there / there.sum() + (1 - epsilon) * best / best.sum()


def expectation(q, s, epsilon):
    return sum(p * value for p, value in zip(chances(q, s, epsilon), q[s], strict=True) if p > 0)


def played(box, env, agent, seed, steps):
    """Plays a box for so many steps; returns its table and the actions taken."""
    game = Game(env.mdp, agent, seed)
    q = next(islice(box(game), steps - 1, None))
    return q, game.log


def assert_like_the_book(box, env, agent, seed=3, steps=3000):
    """Plays an agent and its box, and compares what they did and learned."""
    q, log = played(box, env, agent, seed, steps)
    run = Timeline(env, agent, seed)
    ours = run.steps(0, steps)
    assert list(zip(ours.state.tolist(), ours.action.tolist(), strict=True)) == log
    np.testing.assert_allclose(run.at(steps).memory.q, q, rtol=1e-12, atol=1e-12)


def sarsa(game):
    """Section 6.4."""
    q, n, gamma = game.table(), np.zeros(game.mdp.cdf.shape[:2], int), game.agent.gamma
    while True:
        s, over = game.start(), False
        a = game.choose(q, s)
        while not over:
            r, s_next, terminated, over = game.take(s, a)
            a_next = game.choose(q, s_next)
            n[s, a] += 1
            target = r if terminated else r + gamma * q[s_next, a_next]
            q[s, a] += game.alpha(n[s, a]) * (target - q[s, a])
            yield q
            s, a = s_next, a_next


def expected_sarsa(game):
    """Section 6.6."""
    q, n, gamma = game.table(), np.zeros(game.mdp.cdf.shape[:2], int), game.agent.gamma
    while True:
        s, over = game.start(), False
        while not over:
            a = game.choose(q, s)
            r, s_next, terminated, over = game.take(s, a)
            n[s, a] += 1
            target = r if terminated else r + gamma * expectation(q, s_next, game.epsilon)
            q[s, a] += game.alpha(n[s, a]) * (target - q[s, a])
            yield q
            s = s_next


def double_q(game):
    """Section 6.7."""
    q = [game.table(), game.table()]
    n, gamma = np.zeros((2, *q[0].shape), int), game.agent.gamma
    while True:
        s, over = game.start(), False
        while not over:
            a = game.choose(q[0] + q[1], s)
            t = game.t
            r, s_next, terminated, over = game.take(s, a)
            i = 0 if uniform(game.seed, t, COIN) < 0.5 else 1
            n[i, s, a] += 1
            target = r if terminated else r + gamma * q[1 - i][s_next, game.best(q[i], s_next, t, COIN_TIE)]
            q[i][s, a] += game.alpha(n[i, s, a]) * (target - q[i][s, a])
            yield (q[0] + q[1]) / 2
            s = s_next


def n_step_sarsa(game):
    """Section 7.2; a time limit ends an episode as T does, and the return still bootstraps there."""
    q, updates = game.table(), np.zeros(game.mdp.cdf.shape[:2], int)
    gamma, n = game.agent.gamma, game.agent.n
    while True:
        states, rewards, end, terminated = [game.start()], [0.0], np.inf, False
        actions = [game.choose(q, states[0])]
        for t in count():
            if t < end:
                r, s_next, terminated, over = game.take(states[t], actions[t])
                rewards.append(r)
                states.append(s_next)
                actions.append(game.choose(q, s_next))
                end = t + 1 if over else end
            tau = t - n + 1
            if tau >= 0:
                last = min(tau + n, end)
                g = sum(gamma ** (i - tau - 1) * rewards[i] for i in range(tau + 1, last + 1))
                if last < end or not terminated:
                    g += gamma ** (last - tau) * q[states[last], actions[last]]
                s, a = states[tau], actions[tau]
                updates[s, a] += 1
                q[s, a] += game.alpha(updates[s, a]) * (g - q[s, a])
            if t < end - 1:
                yield q
            if tau == end - 1:
                break
        yield q


def tree_backup(game):
    """Section 7.5, with the action chosen when it is taken; a time limit ends an episode, and is bootstrapped from."""
    q, updates = game.table(), np.zeros(game.mdp.cdf.shape[:2], int)
    gamma, n = game.agent.gamma, game.agent.n
    while True:
        states, actions, rewards, end, terminated = [game.start()], [], [0.0], np.inf, False
        epsilon = game.epsilon if game.agent.target == "epsilon-greedy" else 0.0
        for t in count():
            if t < end:
                actions.append(game.choose(q, states[t]))
                r, s_next, terminated, over = game.take(states[t], actions[t])
                rewards.append(r)
                states.append(s_next)
                end = t + 1 if over else end
            tau = t + 1 - n
            if tau >= 0:
                last = min(t + 1, end)
                g = rewards[last] + (0 if last == end and terminated else gamma * expectation(q, states[last], epsilon))
                for k in range(last - 1, tau, -1):
                    pi = chances(q, states[k], epsilon)
                    leaves = sum(pi[a] * q[states[k], a] for a in range(len(pi)) if a != actions[k] and pi[a] > 0)
                    g = rewards[k] + gamma * leaves + gamma * pi[actions[k]] * g
                s, a = states[tau], actions[tau]
                updates[s, a] += 1
                q[s, a] += game.alpha(updates[s, a]) * (g - q[s, a])
            if t < end - 1:
                yield q
            if tau == end - 1:
                break
        yield q


def sarsa_lambda(game):
    """First edition, figure 7.11, every trace of the table touched at every step."""
    q, n, agent = game.table(), np.zeros(game.mdp.cdf.shape[:2], int), game.agent
    while True:
        s, over, e = game.start(), False, np.zeros(q.shape)
        a = game.choose(q, s)
        while not over:
            r, s_next, terminated, over = game.take(s, a)
            a_next = game.choose(q, s_next)
            n[s, a] += 1
            error = r + (0 if terminated else agent.gamma * q[s_next, a_next]) - q[s, a]
            e[s, a] = e[s, a] + 1 if agent.traces == "accumulating" else 1
            sweep(game, q, n, e, error)
            e *= agent.gamma * agent.lam
            yield q
            s, a = s_next, a_next


def q_lambda(game):
    """Watkins's (1989), as in section 12.10: what was done before an action that is not greedy gets nothing of it."""
    q, n, agent = game.table(), np.zeros(game.mdp.cdf.shape[:2], int), game.agent
    while True:
        s, over, e = game.start(), False, np.zeros(q.shape)
        while not over:
            a = game.choose(q, s)
            if q[s, a] < q[s].max():
                e[:] = 0
            r, s_next, terminated, over = game.take(s, a)
            n[s, a] += 1
            error = r + (0 if terminated else agent.gamma * q[s_next].max()) - q[s, a]
            e[s, a] = e[s, a] + 1 if agent.traces == "accumulating" else 1
            sweep(game, q, n, e, error)
            e *= agent.gamma * agent.lam
            yield q
            s = s_next


def sweep(game, q, n, e, error):
    for s, a in zip(*np.nonzero(e), strict=True):
        q[s, a] += game.alpha(n[s, a]) * error * e[s, a]
