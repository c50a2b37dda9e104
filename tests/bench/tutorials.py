"""The other tabular algorithms as tutorials write them, in plain Python and numpy around Gymnasium's ``step``.

Each takes (env, agent, steps, rng), learns for that many steps with the agent's settings, and returns its table of
values, or of preferences. They are meant to be what a careful learner would write, neither slowed down on purpose nor
tuned.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.bench.tutorial import choose, learn

Env = Any


def table(env: Env) -> np.ndarray:
    return np.zeros((env.observation_space.n, env.action_space.n))


def q_learning(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    return learn(env, steps, agent.alpha, agent.gamma, agent.epsilon, int(rng.integers(2**31))).q


def sarsa(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, state = table(env), env.reset()[0]
    action = choose(q, state, agent.epsilon, rng, env)
    for _ in range(steps):
        after, reward, terminated, truncated, _ = env.step(action)
        action_after = choose(q, after, agent.epsilon, rng, env)
        target = reward if terminated else reward + agent.gamma * q[after, action_after]
        q[state, action] += agent.alpha * (target - q[state, action])
        state, action = after, action_after
        if terminated or truncated:
            state = env.reset()[0]
            action = choose(q, state, agent.epsilon, rng, env)
    return q


def expected_sarsa(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, state = table(env), env.reset()[0]
    for _ in range(steps):
        action = choose(q, state, agent.epsilon, rng, env)
        after, reward, terminated, truncated, _ = env.step(action)
        expected = (1 - agent.epsilon) * np.max(q[after]) + agent.epsilon * np.mean(q[after])
        target = reward if terminated else reward + agent.gamma * expected
        q[state, action] += agent.alpha * (target - q[state, action])
        state = env.reset()[0] if terminated or truncated else after
    return q


def double_q(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    one, two, state = table(env), table(env), env.reset()[0]
    for _ in range(steps):
        action = choose(one + two, state, agent.epsilon, rng, env)
        after, reward, terminated, truncated, _ = env.step(action)
        mine, other = (one, two) if rng.random() < 0.5 else (two, one)
        target = reward if terminated else reward + agent.gamma * other[after, np.argmax(mine[after])]
        mine[state, action] += agent.alpha * (target - mine[state, action])
        state = env.reset()[0] if terminated or truncated else after
    return (one + two) / 2


def n_step_sarsa(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, state, waiting = table(env), env.reset()[0], deque()
    action = choose(q, state, agent.epsilon, rng, env)
    for _ in range(steps):
        after, reward, terminated, truncated, _ = env.step(action)
        action_after = choose(q, after, agent.epsilon, rng, env)
        waiting.append((state, action, reward))
        while waiting and (len(waiting) >= agent.n or terminated or truncated):
            g = 0.0 if terminated else q[after, action_after]
            for _, _, r in reversed(waiting):
                g = r + agent.gamma * g
            s, a, _ = waiting.popleft()
            q[s, a] += agent.alpha * (g - q[s, a])
        state, action = after, action_after
        if terminated or truncated:
            state = env.reset()[0]
            action = choose(q, state, agent.epsilon, rng, env)
    return q


def tree_backup(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, state, waiting = table(env), env.reset()[0], deque()
    for _ in range(steps):
        action = choose(q, state, agent.epsilon, rng, env)
        after, reward, terminated, truncated, _ = env.step(action)
        waiting.append((state, action, reward))
        while waiting and (len(waiting) >= agent.n or terminated or truncated):
            ahead = 0.0 if terminated else policy(q[after], agent.epsilon) @ q[after]
            for s, a, r in list(waiting)[:0:-1]:
                pi = policy(q[s], agent.epsilon)
                ahead = pi @ q[s] + pi[a] * (r + agent.gamma * ahead - q[s, a])
            s, a, r = waiting.popleft()
            q[s, a] += agent.alpha * (r + agent.gamma * ahead - q[s, a])
        state = env.reset()[0] if terminated or truncated else after
    return q


def policy(row: np.ndarray, epsilon: float) -> np.ndarray:
    best = row == np.max(row)
    return epsilon / len(row) + (1 - epsilon) * best / np.sum(best)


def sarsa_lambda(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, trace, state = table(env), table(env), env.reset()[0]
    action = choose(q, state, agent.epsilon, rng, env)
    for _ in range(steps):
        after, reward, terminated, truncated, _ = env.step(action)
        action_after = choose(q, after, agent.epsilon, rng, env)
        target = reward if terminated else reward + agent.gamma * q[after, action_after]
        error = target - q[state, action]
        trace[state, action] = 1
        q += agent.alpha * error * trace
        trace *= agent.gamma * agent.lam
        state, action = after, action_after
        if terminated or truncated:
            trace[:] = 0
            state = env.reset()[0]
            action = choose(q, state, agent.epsilon, rng, env)
    return q


def q_lambda(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, trace, state = table(env), table(env), env.reset()[0]
    for _ in range(steps):
        action = choose(q, state, agent.epsilon, rng, env)
        if q[state, action] < np.max(q[state]):
            trace[:] = 0
        after, reward, terminated, truncated, _ = env.step(action)
        error = reward + (0.0 if terminated else agent.gamma * np.max(q[after])) - q[state, action]
        trace[state, action] = 1
        q += agent.alpha * error * trace
        trace *= agent.gamma * agent.lam
        state = after
        if terminated or truncated:
            trace[:] = 0
            state = env.reset()[0]
    return q


def monte_carlo(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, counts, state, episode = table(env), table(env), env.reset()[0], []
    for _ in range(steps):
        action = choose(q, state, agent.epsilon, rng, env)
        after, reward, terminated, truncated, _ = env.step(action)
        episode.append((state, action, reward))
        state = after
        if terminated or truncated:
            firsts: dict[tuple[int, int], int] = {}
            for i, (s, a, _) in enumerate(episode):
                firsts.setdefault((s, a), i)
            g = 0.0
            for i in range(len(episode) - 1, -1, -1):
                s, a, r = episode[i]
                g = r + agent.gamma * g
                if firsts[s, a] == i:
                    counts[s, a] += 1
                    q[s, a] += (g - q[s, a]) / counts[s, a]
            state, episode = env.reset()[0], []
    return q


def dyna_q(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, model, state = table(env), {}, env.reset()[0]
    keys: list[tuple[int, int]] = []
    kappa = getattr(agent, "kappa", 0.0)
    for t in range(steps):
        action = choose(q, state, agent.epsilon, rng, env)
        after, reward, terminated, truncated, _ = env.step(action)
        target = reward if terminated else reward + agent.gamma * np.max(q[after])
        q[state, action] += agent.alpha * (target - q[state, action])
        if (state, action) not in model:
            keys.append((state, action))
        model[state, action] = reward, after, terminated, t
        for i in rng.integers(len(keys), size=agent.planning):
            r, s_next, over, when = model[keys[i]]
            target = r + kappa * np.sqrt(t - when) + (0.0 if over else agent.gamma * np.max(q[s_next]))
            q[keys[i]] += agent.alpha * (target - q[keys[i]])
        state = env.reset()[0] if terminated or truncated else after
    return q


def prioritised_sweeping(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    q, model, led_to, queue, state = table(env), {}, defaultdict(set), [], env.reset()[0]
    for _ in range(steps):
        action = choose(q, state, agent.epsilon, rng, env)
        after, reward, terminated, truncated, _ = env.step(action)
        model[state, action] = reward, after, terminated
        led_to[after].add((state, action))
        target = reward if terminated else reward + agent.gamma * np.max(q[after])
        if abs(target - q[state, action]) > agent.theta:
            heapq.heappush(queue, (-abs(target - q[state, action]), (state, action)))
        for _ in range(agent.planning):
            if not queue:
                break
            _, place = heapq.heappop(queue)
            r, s_next, over = model[place]
            q[place] += agent.alpha * (r + (0.0 if over else agent.gamma * np.max(q[s_next])) - q[place])
            for before in led_to[place[0]]:
                r, s_next, over = model[before]
                error = abs(r + (0.0 if over else agent.gamma * np.max(q[s_next])) - q[before])
                if error > agent.theta and s_next == place[0]:
                    heapq.heappush(queue, (-error, before))
        state = env.reset()[0] if terminated or truncated else after
    return q


def td(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    v, state = np.zeros(env.observation_space.n), env.reset()[0]
    for _ in range(steps):
        after, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        v[state] += agent.alpha * (reward + (0.0 if terminated else agent.gamma * v[after]) - v[state])
        state = env.reset()[0] if terminated or truncated else after
    return v


def n_step_td(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    v, state, waiting = np.zeros(env.observation_space.n), env.reset()[0], deque()
    for _ in range(steps):
        after, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        waiting.append((state, reward))
        while waiting and (len(waiting) >= agent.n or terminated or truncated):
            g = 0.0 if terminated else v[after]
            for _, r in reversed(waiting):
                g = r + agent.gamma * g
            s, _ = waiting.popleft()
            v[s] += agent.alpha * (g - v[s])
        state = env.reset()[0] if terminated or truncated else after
    return v


def td_lambda(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    v, trace, state = np.zeros(env.observation_space.n), np.zeros(env.observation_space.n), env.reset()[0]
    for _ in range(steps):
        after, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        trace *= agent.gamma * agent.lam
        trace[state] += 1
        v += agent.alpha * (reward + (0.0 if terminated else agent.gamma * v[after]) - v[state]) * trace
        state = after
        if terminated or truncated:
            trace[:] = 0
            state = env.reset()[0]
    return v


def monte_carlo_prediction(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    v, state, episode = np.zeros(env.observation_space.n), env.reset()[0], []
    for _ in range(steps):
        after, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        episode.append((state, reward))
        state = after
        if terminated or truncated:
            firsts: dict[int, int] = {}
            for i, (s, _) in enumerate(episode):
                firsts.setdefault(s, i)
            g = 0.0
            for i in range(len(episode) - 1, -1, -1):
                s, r = episode[i]
                g = r + agent.gamma * g
                if firsts[s] == i:
                    v[s] += agent.alpha * (g - v[s])
            state, episode = env.reset()[0], []
    return v


def softmax(row: np.ndarray) -> np.ndarray:
    weight = np.exp(row - np.max(row))
    return weight / np.sum(weight)


def reinforce(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    theta, v, state, episode = table(env), np.zeros(env.observation_space.n), env.reset()[0], []
    alpha_v = getattr(agent, "alpha_v", None)
    for _ in range(steps):
        action = rng.choice(theta.shape[1], p=softmax(theta[state]))
        after, reward, terminated, truncated, _ = env.step(action)
        episode.append((state, action, reward))
        state = after
        if terminated or truncated:
            g, returns = 0.0 if terminated else v[after], []
            for _, _, r in reversed(episode):
                g = r + agent.gamma * g
                returns.append(g)
            for k, (s, a, _) in enumerate(episode):
                delta = returns[-1 - k] - v[s]
                slope = -softmax(theta[s])
                slope[a] += 1
                theta[s] += agent.alpha * agent.gamma**k * delta * slope
                if alpha_v is not None:
                    v[s] += alpha_v * delta
            state, episode = env.reset()[0], []
    return theta


def actor_critic(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    theta, v, state, i = table(env), np.zeros(env.observation_space.n), env.reset()[0], 1.0
    for _ in range(steps):
        pi = softmax(theta[state])
        action = rng.choice(len(pi), p=pi)
        after, reward, terminated, truncated, _ = env.step(action)
        delta = reward + (0.0 if terminated else agent.gamma * v[after]) - v[state]
        v[state] += agent.alpha_v * delta
        slope = -pi
        slope[action] += 1
        theta[state] += agent.alpha * i * delta * slope
        i *= agent.gamma
        state = after
        if terminated or truncated:
            state, i = env.reset()[0], 1.0
    return theta


def actor_critic_traces(env: Env, agent: Any, steps: int, rng: np.random.Generator) -> np.ndarray:
    theta, trace, state, i = table(env), table(env), env.reset()[0], 1.0
    v, trace_v = np.zeros((2, env.observation_space.n))
    for _ in range(steps):
        pi = softmax(theta[state])
        action = rng.choice(len(pi), p=pi)
        after, reward, terminated, truncated, _ = env.step(action)
        delta = reward + (0.0 if terminated else agent.gamma * v[after]) - v[state]
        trace *= agent.gamma * agent.lam
        trace_v *= agent.gamma * agent.lam_v
        trace[state] -= i * pi
        trace[state, action] += i
        trace_v[state] += 1
        v += agent.alpha_v * delta * trace_v
        theta += agent.alpha * delta * trace
        i *= agent.gamma
        state = after
        if terminated or truncated:
            trace[:], trace_v[:] = 0, 0
            state, i = env.reset()[0], 1.0
    return theta


LOOPS: dict[str, Callable[[Env, Any, int, np.random.Generator], np.ndarray]] = {
    "q": q_learning, "sarsa": sarsa, "esarsa": expected_sarsa, "doubleq": double_q, "nsarsa": n_step_sarsa,
    "tree": tree_backup, "sarsal": sarsa_lambda, "ql": q_lambda, "mc": monte_carlo, "dyna": dyna_q, "dynaplus": dyna_q,
    "sweep": prioritised_sweeping, "td": td, "ntd": n_step_td, "tdl": td_lambda, "mcp": monte_carlo_prediction,
    "reinforce": reinforce, "baseline": reinforce, "ac": actor_critic, "aclambda": actor_critic_traces,
}
"""The loop for each agent, by its slug."""
