"""Deep Q-networks: Q-learning with a net for a table, a memory to learn from again, and a second net for targets."""

from dataclasses import dataclass
from typing import Any

from rl.agents.base import Token
from rl.agents.deep.base import BY_ERROR, HUBER, ON, DeepAgent
from rl.agents.deep.learning import FOLLOWS, NONE, aim, draw, follow, improve, target_of
from rl.agents.deep.memory import FILLED, evaluate, prepare, remember, show
from rl.dice import WORLD, uniform
from rl.jit import jit
from rl.policies import SCHEDULES, epsilon_greedy, scheduled
from rl.scenes import TABLE, restart, see, take
from rl.tape import ending, write_episode, write_step, write_update


@jit
def dqn_loop(scene, seed, memory, clock, tape, stop_step, stop_episode, width, layers, activation, dueling, gamma,
             alpha, longest, huber, batch, every, warmup, n, endings, prioritised, favour, beta, double, follows,
             period, tau, epsilon_first, epsilon_last, schedule, span):
    """Deep Q-learning with experience replay (Mnih et al., 2015, algorithm 1)."""
    nets = prepare(memory, scene, width, layers, activation, dueling, batch, prioritised)
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    if scene.kind == TABLE:
        memory.body[0] = s
    while t < stop_step and episode < stop_episode:
        epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, t)
        see(scene, memory.body, nets.seen)
        evaluate(memory.net, nets, scene, nets.room, nets.seen, nets.q[0])
        a, explored = epsilon_greedy(nets.q, 0, epsilon, seed, t)
        old = nets.q[0, a]
        r, terminal = take(scene, memory.body, a, uniform(seed, t, WORLD))
        ret += r
        ended = ending(scene, terminal, k)
        memory.visits[s, a] += 1
        remember(memory, nets, scene, t, a, r, ended, gamma, n, endings)
        s_next = int(memory.body[0]) if scene.kind == TABLE else 0
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        is_logged = t - tape.first_step < len(tape.steps.state)
        target = target_of(memory, nets, scene, r, ended, gamma, double) if is_logged else 0.0
        if t >= warmup and t % every == 0 and memory.counts[FILLED] > 0:
            draw(memory, nets, batch, prioritised, beta, seed, t)
            aim(memory, nets, scene, gamma, double)
            improve(memory, nets, scene, alpha, longest, huber, prioritised, favour)
            follow(memory, follows, period, tau)
        if is_logged:
            evaluate(memory.net, nets, scene, nets.room, nets.seen, nets.q[0])
            write_update(tape, t, s, a, old, target, nets.q[0, a], alpha)
        k += 1
        if ended:
            write_episode(tape, t, episode, k - 1, ret)
            episode, k, ret = episode + 1, 0, 0.0
            restart(scene, memory.body, seed, episode)
        s = int(memory.body[0]) if scene.kind == TABLE else 0
        t += 1
    show(memory, nets, scene)
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class DQN(DeepAgent):
    """A deep Q-network."""

    slug = "dqn"
    title = "DQN"
    order = 400
    source = "Mnih et al. (2015)"
    loop = staticmethod(dqn_loop)
    update = staticmethod(aim)

    @property
    def equation(self) -> tuple[Token, ...]:  # type: ignore[override]
        """The rule, with the nets that say what lies ahead."""
        other = "θ" if FOLLOWS.index(self.target) == NONE else "θ⁻"
        ahead = f"Q(S′,argmax Q(S′,a;θ);{other})" if self.double == ON else f"max Q(S′,a;{other})"
        return (Token("new", "Q(S,A;θ)", "new"), Token("", "→"), Token("reward", "R", "reward"), Token("", "+"),
                Token("", "γ", "gamma"), Token("target", ahead, "bootstrap"), Token("", ", was"),
                Token("old", "Q(S,A;θ)", "old"))

    def parameters(self) -> tuple[Any, ...]:
        width, layers, activation, _ = self.shape()
        return (width, layers, activation, self.dueling == ON, self.gamma, self.alpha, self.longest, self.loss == HUBER,
                self.batch, self.every, self.warmup, self.n, self.endings == ON, self.draws == BY_ERROR, self.favour,
                self.beta, self.double == ON, FOLLOWS.index(self.target), self.period, self.tau,
                self.epsilon, self.epsilon_last, SCHEDULES.index(self.schedule), self.span)
