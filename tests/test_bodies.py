"""Where a body was at every moment of a run: a film of it, with what its agent thought."""

import numpy as np

from rl.agents.driver import Driver
from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.neural.ppo import PPO
from rl.bodies import bodies
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.physics import act_on, begin
from rl.timeline import Timeline

CART = Timeline(Cart(), PPO(width=8, steps=64, batch=32, epochs=1), 2).edited(90, alpha=0.01)
SWING = Timeline(Acrobot(horizon=30), NetActorCritic(width=8, steps=16), 2)


def test_a_body_is_where_the_run_has_it_at_every_moment():
    for timeline in (CART, SWING):
        found = bodies(timeline, 40, 140)
        for t in (40, 63, 64, 65, 90, 91, 140):
            assert np.array_equal(found.body[t - 40], timeline.at(t).memory.body)
            assert np.array_equal(found.chance[t - 40], timeline.at(t).memory.pi[0])


def test_a_step_leads_where_the_physics_say_and_after_an_episode_the_next_one_begins():
    for timeline in (CART, SWING):
        found, log = bodies(timeline, 0, 120), timeline.steps(0, 120)
        assert log.ended.any()
        for i in range(120):
            body = found.body[i].copy()
            act_on(timeline.env.model.kind, body, log.action[i])
            assert np.array_equal(found.landed[i + 1], body)
            if log.ended[i]:
                begin(timeline.env.model.kind, body, 2, log.episode[i] + 1)
            assert np.array_equal(found.body[i + 1], body)


def test_the_chances_are_those_the_actions_were_drawn_by_and_the_value_is_the_baseline():
    found, log = bodies(CART, 0, 120), CART.steps(0, 120)
    assert np.array_equal(found.chance[np.arange(1, 121), log.action], log.chance)
    assert np.array_equal(found.value[1:, 0], log.baseline) and np.isnan(found.value[0, 0])


def test_a_person_takes_a_body_over():
    drive = Timeline(Cart(), PPO(width=8, steps=64), 2).edited(90, agent=Driver(moves="0110" * 40))
    for timeline in (drive, Timeline(Acrobot(horizon=30), Driver(moves="0212" * 40), 1)):
        for t0, t1 in ((80, 140), (80, 90), (90, 140), (90, 90), (0, 0)):
            found, log = bodies(timeline, t0, t1), timeline.steps(t0, t1)
            for t in range(t0, t1 + 1):
                memory = timeline.at(t).memory
                assert np.array_equal(found.body[t - t0], memory.body) and len(found.body) == t1 - t0 + 1
                assert np.array_equal(found.chance[t - t0], memory.pi[0]) or t == 90
            assert np.array_equal(found.value[1:, 0], log.baseline, equal_nan=True)
