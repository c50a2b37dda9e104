"""What a learner sees of neural training is what the run did: its episodes, its updates, the noise of its gradient."""

from itertools import pairwise

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.agents.driver import Driver
from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.neural.learner import ENTROPY, UPDATES
from rl.agents.neural.ppo import PPO
from rl.agents.neural.reinforce import NetReinforce
from rl.dice import IMAGINED, uniform
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.envs.cliff_walking import CliffWalking
from rl.episode_study import EpisodeStudy, study
from rl.figures.neural import (
    CURVES,
    actions_figure,
    noise_figure,
    push_figure,
    ratio_figure,
    seeds_figure,
    training_figure,
    values_figure,
)
from rl.gradient_noise import FRESH, gradient_noise, gradients, noise_curve, spread
from rl.jit import plain
from rl.physics import act_on, begin, observe
from rl.tape import RUNNING, TERMINATED, TRUNCATED
from rl.timeline import Timeline
from rl.training import keyframes, training_curves
from rl.trials import band
from tests.neural import reference

AGENTS = (NetReinforce(width=8, alpha=0.01, batch=2), NetActorCritic(width=8, steps=20, alpha=0.01),
          PPO(width=8, steps=96, batch=32, epochs=3, alpha=0.01))
RUNS = [Timeline(world, agent, 3) for world in (Cart(horizon=40), Acrobot(horizon=45)) for agent in AGENTS]
EDITED = RUNS[1].edited(130, entropy=0.1, gamma=0.9).edited(515, agent=AGENTS[2])
EDITED = EDITED.edited(770, agent=AGENTS[0]).edited(950, env=Cart(horizon=25), alpha=0.02)
"""At 770 learning is overdue in the middle of an episode: two were over while PPO was collecting steps."""
runs = pytest.mark.parametrize("run", [*RUNS, EDITED], ids=lambda x: f"{x.agent.slug}-{x.env.slug}-{len(x.edits)}")
LEARNED = Timeline(Cart(), NetActorCritic(), 0)
"""By step 20,480 it lasts for 236 steps on average."""


def rows_of(run, found):
    """The log of the steps of the episode that was studied."""
    return run.steps(found.start, found.start + len(found.k))


def limits(run, t):
    """The moments between which the agent has learned from steps together, up to moment ``t``."""
    updates = [run.at(step).memory.counts[UPDATES] for step in range(t + 1)]
    return [0, *(i for i in range(1, t + 1) if updates[i] > updates[i - 1]), t]


@runs
@pytest.mark.parametrize("t", [96, 700, 1000])
def test_a_study_is_of_the_last_episode_that_was_over(run, t):
    log, found = run.episodes(t), study(run, t)
    end = found.start + len(found.k)
    assert (found.number, end, len(found.k)) == (len(log) - 1, log.end[-1], log.length[-1])
    assert found.k.tolist() == list(range(len(found.k)))
    assert found.is_bootstrapped == (found.ended == TRUNCATED) == (rows_of(run, found).ended[-1] == TRUNCATED)


@runs
@pytest.mark.parametrize("t", [55, 96, 131, 150, 516, 700, 771, 800, 951, 1000])
def test_what_is_studied_is_what_was_logged(run, t):
    """Chances are computed anew by the net as it was, and are the logged ones to the last bit, edits or not."""
    found = study(run, t)
    log = rows_of(run, found)
    assert np.array_equal(found.action, log.action) and np.array_equal(found.reward, log.reward)
    assert np.array_equal(found.chance[found.k, found.action], log.chance)
    assert found.chance.sum(axis=1) == pytest.approx(1)
    assert np.array_equal(found.value, log.baseline)
    assert np.array_equal(found.log_chance, np.log(log.chance))
    for k in {0, len(found.k) // 2, len(found.k) - 1}:
        assert np.array_equal(found.body[k], run.at(found.start + k).memory.body)


@runs
def test_the_return_is_what_followed_and_beyond_a_time_limit_what_the_critic_says(run):
    """The target of the log is R + gamma V(S'), whence V(S') at the end of the episode."""
    ends = set()
    for t in (100, 150, 700, 900, 1000):
        found = study(run, t)
        log, n = rows_of(run, found), len(found.k)
        gammas = [run.settings(found.start + i).agent.gamma for i in range(n)]
        beyond = (log.target[-1] - log.reward[-1]) / gammas[-1]
        expected = [sum(np.prod(gammas[i:j]) * log.reward[j] for j in range(i, n)) + np.prod(gammas[i:]) * beyond
                    for i in range(n)]
        assert found.returned == pytest.approx(expected)
        assert (found.ended == TERMINATED) == (beyond == 0)
        ends.add(found.ended)
    assert run.env.slug == "acrobot" or ends == {TERMINATED, TRUNCATED}


@runs
@pytest.mark.parametrize("t", [150, 500, 701, 800, 1000])
def test_the_advantage_is_the_agents_own(run, t):
    """By its definition, from the log of the steps it learned from together; PPO standardises those."""
    found = study(run, t)
    end = found.start + len(found.k)
    for a, b in pairwise(limits(run, t)):
        if b <= found.start or a >= end:
            continue
        agent = run.settings(b - 1).agent  # who learned: an edit between two updates counts for all of the steps
        part = run.steps(a, b)
        ahead = (part.target - part.reward) / np.array([run.settings(s).agent.gamma for s in range(a, b)])
        expected = reference.generalised_advantages(part.reward, part.baseline, ahead, part.ended, agent.gamma,
                                                    getattr(agent, "lam", 1.0))
        if isinstance(agent, PPO):
            expected = (expected - expected.mean()) / (expected.std() + 1e-8)
        low, high = max(a, found.start), min(b, end)
        assert found.advantage[low - found.start : high - found.start] == pytest.approx(
            expected[low - a : high - a], abs=1e-7)
    assert np.array_equal(found.push, found.log_chance * found.advantage)


def test_what_ppo_cut_off_had_moved_the_way_its_bar_points():
    found = study(Timeline(Cart(), PPO(width=8, steps=128, batch=32, epochs=10, alpha=0.05), 5), 128)
    assert found.clipped.any()
    assert (np.sign(found.ratio - 1) == np.sign(found.advantage))[found.clipped].all()


def test_a_person_who_takes_over_is_not_studied():
    run = Timeline(Cart(), AGENTS[2], 3).edited(90, agent=Driver(moves="01" * 60))
    assert study(run, 120) is None and study(run, 89) is not None


def test_with_lambda_1_the_advantage_is_the_return_over_the_value():
    found = study(RUNS[0], 1000)
    assert found.advantage == pytest.approx(found.returned - found.value)


@runs
def test_the_ratio_is_by_the_policy_as_it_is_now(run):
    for t in (96, 700, 1000):
        found, place = study(run, t), run.at(t)
        width, layers, activation = place.agent.nets()
        sizes = [place.env.model.sight, *[width] * layers, place.env.model.actions]
        seen = np.zeros((len(found.k), sizes[0]), np.float32)
        for body, row in zip(found.body, seen, strict=True):
            observe(place.env.model.kind, body, row)
        now = reference.policy(reference.out(place.memory.actor, sizes, activation, seen))
        assert found.now == pytest.approx(now[found.k, found.action], abs=1e-5)
        assert np.array_equal(found.ratio, found.now / found.chance[found.k, found.action])


def test_before_the_next_update_nothing_has_moved():
    run, t = RUNS[2], 95
    assert run.at(t).memory.counts[UPDATES] == 0
    assert (study(run, t).ratio == 1).all() and not study(run, t).clipped.any()


def test_clipped_are_the_steps_ppo_cuts_off_by_the_advantages_it_standardised():
    """Those of the whole batch, of which an episode is a part: a step better than expected may be one of the worse."""
    run = Timeline(Cart(), PPO(width=8, steps=128, batch=32, epochs=10, alpha=0.05), 5)
    batch, seen, differs = run.steps(0, 128), 0, 0
    expected = reference.generalised_advantages(
        batch.reward, batch.baseline, (batch.target - batch.reward) / 0.99, batch.ended, 0.99, 0.95)
    scaled = (expected - expected.mean()) / expected.std()
    found = study(run, 128)
    inside = slice(found.start, found.start + len(found.k))
    for ratio, a, raw, clipped in zip(found.ratio, scaled[inside], expected[inside], found.clipped, strict=True):
        assert clipped == bool((a > 0 and ratio > 1.2) or (a < 0 and ratio < 0.8))
        seen, differs = seen + clipped, differs + (a * raw < 0 and abs(ratio - 1) > 0.2)
    assert 0 < seen < len(found.k) and differs > 0
    assert not study(RUNS[1], 1000).clipped.any()


def test_the_first_episode_is_studied_while_it_is_under_way():
    run = RUNS[1]
    assert len(run.episodes(7)) == 0
    found = study(run, 7)
    assert (found.number, found.start, found.ended, len(found.k)) == (0, 0, RUNNING, 7) and found.is_bootstrapped
    log = run.steps(0, 7)
    assert found.returned[-1] == pytest.approx(log.target[-1])


def test_where_no_net_has_played_there_is_nothing_to_study():
    assert study(RUNS[0], 0) is None
    assert study(Timeline(Cart(), Driver(moves="0101")), 4) is None
    assert study(Timeline(CliffWalking(), QLearning()), 500) is None


def test_training_is_read_where_the_run_is_remembered_and_of_a_short_run_at_some_moments_more(monkeypatch):
    run = RUNS[2].edited(5000, alpha=0.02)
    asked, at = [], Timeline.at
    monkeypatch.setattr(Timeline, "at", lambda self, t: asked.append(t) or at(self, t))
    found = training_curves(run, 12_345)
    remembered, more = {0, 2048, 4096, 5000, 7048, 9096, 11_144}, {*range(0, 12_345, 1024), 12_345}
    assert found.step.tolist() == sorted(remembered | more) == asked
    for row, step in enumerate(found.step):
        report = run.at(int(step)).memory.report if step else np.full(5, np.nan)
        assert np.array_equal([column[row] for column in found[1:]], report[[0, 1, 2, 3, 4]], equal_nan=True)


def test_a_report_is_of_the_update_before():
    """The mean entropy of the policy on the steps it learned from, at the first of 64 and at none before it."""
    run = Timeline(Cart(), NetActorCritic(), 0)
    p = run.steps(0, 64).chance
    found = training_curves(run, 64).entropy
    assert np.isnan(training_curves(run, 63).entropy).all() and np.isnan(found[0])
    assert found[-1] == pytest.approx(np.mean(-p * np.log(p) - (1 - p) * np.log(1 - p)), abs=1e-6)
    assert found[-1] == run.at(64).memory.report[ENTROPY]


@pytest.mark.parametrize("points", [8, 120])
def test_a_longer_run_keeps_most_of_its_moments(points):
    run, before = RUNS[2].edited(100_000, alpha=0.02), set()
    for t in range(0, 1_900_000, 100_001):
        now = set(keyframes(run, t, points))
        assert len(now) <= points + 2 and max(now) <= t
        assert all(step % 2048 == 0 or (step - 100_000) % 2048 == 0 for step in now)
        assert len(now & before) >= len(before) // 2 - 1
        before = now


TINY = Timeline(Cart(horizon=30), NetActorCritic(width=4, layers=1, steps=20, alpha=0.03), 5)


def gradients_by_hand(run, t, episodes):
    """Fresh episodes in plain numpy; the gradient of sum_t weight_t ln pi(A_t|S_t) by central differences."""
    place = run.at(t)
    memory, agent, model = place.memory, place.agent, place.env.model
    actor, critic = [model.sight, 4, model.actions], [model.sight, 4, 1]
    rows = []
    for episode in range(episodes):
        body, seen, taken, paid, over = np.zeros(4), [], [], [], False
        begin(model.kind, body, run.seed, FRESH + episode)
        while not over and len(taken) < model.horizon:
            seen.append(sight(model, body))
            p = reference.policy(reference.out(memory.actor, actor, 0, [seen[-1]]))[0]
            taken.append(int(np.searchsorted(np.cumsum(p), uniform(run.seed, len(taken), IMAGINED + episode))))
            reward, over = act_on(model.kind, body, taken[-1])
            paid.append(reward)
        values = reference.out(memory.critic, critic, 0, [*seen, sight(model, body)])[:, 0]
        g = 0.0 if over else values[-1]
        returned = np.array([g := r + agent.gamma * g for r in paid[::-1]])[::-1]
        rows.append([reference.differences(lambda net, w=w, x=seen, a=taken: w @ np.log(
            reference.policy(reference.out(net, actor, 0, x))[np.arange(len(a)), a]), memory.actor)
            for w in (returned, returned - values[:-1])])
    return np.swapaxes(rows, 0, 1)


def sight(model, body):
    seen = np.zeros(model.sight, np.float32)
    observe(model.kind, body, seen)
    return seen.astype(np.float64)


@pytest.mark.parametrize(("t", "cut"), [(60, False), (3000, True)], ids=["falling", "cut by the time limit"])
def test_each_gradient_is_the_slope_of_what_its_episode_says(t, cut):
    without, with_values, returns = gradients(TINY, t, 6)
    one, two = gradients_by_hand(TINY, t, 6)
    assert without == pytest.approx(one, rel=1e-3, abs=1e-3) and with_values == pytest.approx(two, rel=1e-3, abs=1e-3)
    assert returns.tolist() == [30] * 6 if cut else returns.max() < 30


def test_the_numbers_of_the_noise_are_those_of_the_gradients():
    without, with_values, returns = gradients(TINY, 3000, 6)
    found = gradient_noise(TINY, 3000, 6)
    for said, x in ((found.plain, without), (found.baseline, with_values)):
        mean, one, two = x.mean(0), x[:3].mean(0), x[3:].mean(0)
        assert said.norm == pytest.approx(np.linalg.norm(mean))
        assert said.variance == pytest.approx(np.trace(np.cov(x.T)))
        assert said.signal == pytest.approx(mean @ mean / np.trace(np.cov(x.T)))
        assert np.cos(np.radians(said.angle)) == pytest.approx(one @ two / np.linalg.norm(one) / np.linalg.norm(two))
    assert found.ratio == found.baseline.variance / found.plain.variance
    assert (found.episodes, found.returned) == (6, returns.mean())


def test_a_baseline_leaves_the_mean_gradient_as_it_is():
    """The mean difference over 3000 episodes is about as long as chance makes it."""
    without, with_values, _ = gradients(LEARNED, 2048, 3000)
    difference = without - with_values
    by_chance = difference.var(axis=0, ddof=1).sum() / len(difference)
    assert (difference.mean(axis=0) ** 2).sum() < 3 * by_chance
    assert (without.mean(axis=0) ** 2).sum() > 30 * by_chance


def test_a_trained_critic_makes_the_gradient_less_noisy_and_a_new_one_does_not():
    """Measured: the variance falls to .31 of what it is without a baseline; before training it is the same, .9999."""
    learned, new = (gradient_noise(LEARNED, t) for t in (20_480, 0))
    assert learned.ratio < 0.5 and learned.returned > 150
    assert new.ratio == pytest.approx(1, abs=0.01) and new.returned < 30
    assert learned.baseline.signal > learned.plain.signal


def test_the_noise_over_time_is_that_of_its_moments_and_a_branch_shares_its_past():
    found = noise_curve(LEARNED, 20_480)
    assert found.step.tolist() == [0, 4096, 8192, 12_288, 16_384, 20_480]
    assert found.baseline[-1] == gradient_noise(LEARNED, 20_480).baseline.variance
    assert found.signal_plain[1] == gradient_noise(LEARNED, 4096).plain.signal
    before = gradient_noise.cache_info().misses
    noise_curve(LEARNED.edited(20_000, alpha=0.01), 20_480)
    assert gradient_noise.cache_info().misses == before + 1  # the moment of the edit


def test_the_noise_is_the_same_compiled_and_plain(monkeypatch):
    compiled = gradients(TINY, 60, 4)
    monkeypatch.setattr("rl.gradient_noise.sample", plain(gradients.__globals__["sample"]))
    assert all(np.array_equal(a, b) for a, b in zip(compiled, gradients(TINY, 60, 4), strict=True))


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(TypeError, match="has no nets"):
        gradient_noise(Timeline(Cart(), Driver(moves="0")), 0)
    with pytest.raises(ValueError, match="four or more"):
        gradient_noise(TINY, 0, 3)
    assert np.isnan(spread(np.ones((4, 2))).signal)


def named(chart):
    return {trace.name: trace for trace in chart.data if trace.name}


LONG = EpisodeStudy(
    0, 0, TRUNCATED, ("left", "right"), np.arange(500), np.arange(500) % 2, np.full((500, 2), 0.5),
    *np.random.default_rng(0).normal(size=(7, 500)), np.linspace(0.5, 2, 500), np.arange(500) == 251,
    np.zeros((500, 4)))


def test_the_figures_of_an_episode_draw_its_numbers():
    found = study(RUNS[3], 1000)
    chart = actions_figure(found)
    areas = named(chart)
    assert list(areas) == [action.name for action in Acrobot().actions]
    for a, area in enumerate(areas.values()):
        assert np.array_equal(area.y, found.chance[:, a]) and area.stackgroup
    taken = chart.data[-1]
    assert [areas[name].line.color for name in taken.text] == list(taken.marker.line.color)
    assert list(taken.text) == [found.names[a] for a in found.action]
    bars = named(push_figure(found))
    up, down = bars["made likelier"], bars["less likely"]
    assert sorted([*up.x, *down.x]) == found.k[found.advantage != 0].tolist()
    assert np.array_equal(up.y, found.push[found.advantage > 0])
    assert np.array_equal(bars["advantage"].y, found.advantage)
    lines = values_figure(found).data
    assert np.array_equal(lines[0].y, found.returned) and np.array_equal(lines[1].y, found.value)


def test_the_ratio_is_drawn_with_the_clip_range_and_every_clipped_step():
    chart = ratio_figure(LONG, 0.2)
    cut = named(chart)["clipped (0.2 %)"]
    assert (list(cut.x), list(cut.y)) == ([251], [LONG.ratio[251]])
    assert [(shape.y0, shape.y1) for shape in chart.layout.shapes] == [(0.8, 1.2)]
    assert [trace.name for trace in ratio_figure(LONG, None).data] == ["ratio"]


@pytest.mark.parametrize("draw", [actions_figure, push_figure, values_figure, lambda one: ratio_figure(one, 0.2)])
def test_a_long_episode_is_drawn_with_few_points(draw):
    assert all(len(trace.x) <= 402 for trace in draw(LONG).data)


@pytest.mark.parametrize("which", CURVES)
def test_training_is_drawn_by_its_steps(which):
    found = training_curves(RUNS[2], 9000)
    trace, = training_figure(found, which).data
    y = getattr(found, which) * (100 if which == "clipped" else 1)
    assert np.array_equal(trace.x, found.step) and np.array_equal(trace.y, y, equal_nan=True)
    with pytest.raises(KeyError):
        training_figure(found, "step")


def test_noise_is_drawn_on_a_log_axis_with_and_without():
    found = noise_curve(TINY, 4096)
    chart = noise_figure(found._replace(baseline=np.array([0.0, 1.0, 2.0])))
    assert chart.layout.yaxis.type == "log" and np.array_equal(chart.data[0].y, found.plain)
    assert np.array_equal(chart.data[1].y, [np.nan, 1, 2], equal_nan=True)


def test_seeds_are_a_band_behind_your_run_and_475_a_dashed_line():
    steps, random = np.arange(1.0, 201), np.random.default_rng(0)
    curves = random.normal(size=(7, 200)).cumsum(axis=1)
    chart = seeds_figure(steps, curves, steps, curves[0], 7, 10)
    over = band(curves, "IQM")
    for trace, expected in zip(chart.data, (over.few, over.most, over.low, over.high, over.middle, curves[0]),
                               strict=True):
        assert np.array_equal(trace.y, expected) and np.array_equal(trace.x, steps)
    assert list(named(chart)) == ["8 of 10", "95 %", "IQM of 7 of 10 seeds", "your run"]
    assert [(shape.y0, shape.line.dash) for shape in chart.layout.shapes] == [(475, "dash")]
    assert "IQM of 7 seeds" in named(seeds_figure(steps, curves, steps, curves[0], 7, 7, None))


@pytest.mark.parametrize("seeds", [0, 1])
def test_the_first_seeds_are_drawn_too(seeds):
    chart = seeds_figure(np.arange(1.0, 9), np.full((seeds, 8), np.nan), np.zeros(0), np.zeros(0), seeds, 10)
    assert len(chart.data) == 1 + 5 * seeds
