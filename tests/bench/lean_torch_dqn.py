"""Deep Q-learning in lean PyTorch: one file, its memory in tensors made once, Gymnasium's ``step``."""

import random
from copy import deepcopy
from itertools import pairwise
from typing import Any

import torch
from torch import nn


class LeanDQN:
    """Learns CartPole with the settings of a `rl.agents.dqn.DQN`: no classes but this, no logs but the returns."""

    def __init__(self, env: Any, agent: Any, seed: int) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        self.env, self.agent, self.dice = env, agent, random.Random(seed)
        self.inputs, self.actions = env.observation_space.shape[0], int(env.action_space.n)
        self.net = network(self.inputs, self.actions, agent.width, agent.layers)
        self.target = deepcopy(self.net).requires_grad_(False)
        self.pairs = list(self.target.parameters()), [weights.detach() for weights in self.net.parameters()]
        self.adam = torch.optim.Adam(self.net.parameters(), agent.alpha, fused=True)
        self.before, self.after = torch.zeros((2, agent.capacity, self.inputs))
        self.action = torch.zeros((agent.capacity, 1), dtype=torch.int64)
        self.reward, self.alive = torch.zeros((2, agent.capacity, 1))
        self.rows = [memory.numpy() for memory in (self.before, self.after, self.action, self.reward, self.alive)]
        self.steps = self.updates = 0
        self.returns: list[float] = []
        self.total, self.state = 0.0, env.reset(seed=seed)[0]

    def learn(self, steps: int) -> None:
        """Takes so many steps more, a gradient step after each once it has warmed up."""
        before, after, action, reward, alive = self.rows
        for _ in range(steps):
            a, place = self.choose(), self.steps % self.agent.capacity
            state, r, terminated, truncated, _ = self.env.step(a)
            before[place], after[place], action[place], reward[place] = self.state, state, a, r
            alive[place] = not terminated
            self.state, self.total = state, self.total + r
            if terminated or truncated:
                self.returns.append(self.total)
                self.total, self.state = 0.0, self.env.reset()[0]
            self.steps += 1
            if self.steps > self.agent.warmup:
                self.improve()

    def choose(self) -> int:
        """Returns a random action now and then, else the best one."""
        if self.dice.random() < self.agent.epsilon:
            return self.dice.randrange(self.actions)
        with torch.inference_mode():
            return int(self.net(torch.from_numpy(self.state)).argmax())

    def improve(self) -> None:
        """Takes a gradient step on a batch, and copies the net now and then."""
        picked = torch.randint(min(self.steps, self.agent.capacity), (self.agent.batch,))
        with torch.no_grad():
            ahead = self.target(self.after[picked]).amax(1, keepdim=True)
            wanted = self.reward[picked] + self.agent.gamma * self.alive[picked] * ahead
        loss = nn.functional.smooth_l1_loss(self.net(self.before[picked]).gather(1, self.action[picked]), wanted)
        self.adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), self.agent.longest)
        self.adam.step()
        self.updates += 1
        if self.updates % self.agent.period == 0:
            torch._foreach_copy_(*self.pairs)


def network(inputs: int, actions: int, width: int, layers: int) -> nn.Sequential:
    """Builds a net of relu units."""
    hidden = [part for a, b in pairwise([inputs, *[width] * layers]) for part in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(width, actions))
