"""Every update and every choice against tables worked out on paper, and exact expectations."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.bandits.base import Z95
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.gradient import Gradient
from rl.agents.bandits.greedy import Greedy, Optimistic
from rl.agents.bandits.hand import Hand
from rl.agents.bandits.softmax import Softmax
from rl.agents.bandits.thompson import Thompson
from rl.agents.bandits.ucb import UCB
from rl.dice import ACTION, EXPLORE, shown, uniform
from rl.envs.testbed import Testbed
from rl.policies import drawn, softmax, upper_bounds
from rl.timeline import Timeline
from rl.updates import gradient_bandit, move_estimate
from tests.bandits.runs import VARIANTS, known

TWO, COINS = Testbed(arms=2), Testbed(arms=2, rewards="Bernoulli")


def chances_of(preference):
    chance = np.empty(len(preference))
    softmax(np.array(preference, float), 1.0, chance)
    return chance


def test_a_sample_average_by_hand():
    q = np.zeros((1, 1))
    table = [(2.0, 1.0, 2.0), (4.0, 1 / 2, 3.0), (0.0, 1 / 3, 2.0)]  # reward, step, Q afterwards
    for reward, step, after in table:
        move_estimate(q, 0, 0, reward, step)
        assert q[0, 0] == pytest.approx(after)


def test_a_constant_step_by_hand():
    q = np.full((1, 1), 5.0)  # optimistic
    table = [(1.0, -4.0, 4.6), (1.0, -3.6, 4.24), (6.0, 1.76, 4.416)]  # reward, error, Q afterwards
    for reward, error, after in table:
        assert move_estimate(q, 0, 0, reward, 0.1) == pytest.approx(error)
        assert q[0, 0] == pytest.approx(after)


# Two arms, alpha .5, rewards 1 (arm 1), 3 (arm 2), 2 (arm 1); preferences afterwards. Each step is
# alpha (R - baseline) times (1 - pi(A)) for the arm pulled and -pi(b) for the other.
#   without: .5*1*(1-.5) = .25 -> (.25, -.25). pi = (.62246, .37754): 1.5*.62246 = .93369 -> (-.68369, .68369).
#            pi = (.20304, .79696): 1*.79696 -> (.11327, -.11327).
#   with, the average before, R itself at first: step 1 changes nothing -> (0, 0), average 1.
#            .5*(3-1)*.5 = .5 -> (-.5, .5), average 2. .5*(2-2) = 0 -> (-.5, .5).
BY_HAND = {"no": [(0.25, -0.25), (-0.68369, 0.68369), (0.11327, -0.11327)], "yes": [(0, 0), (-0.5, 0.5), (-0.5, 0.5)]}


@pytest.mark.parametrize("baseline", BY_HAND)
def test_three_steps_of_a_gradient_bandit_by_hand(baseline):
    preference, average = np.zeros(2), 1.0
    for n, (arm, reward) in enumerate([(0, 1.0), (1, 3.0), (0, 2.0)]):
        gradient_bandit(preference, chances_of(preference), arm, reward, average if baseline == "yes" else 0.0, 0.5)
        average += (reward - average) / (n + 1)
        assert preference == pytest.approx(BY_HAND[baseline][n], abs=1e-5)


@pytest.mark.parametrize("baseline", ["yes", "no"])
def test_the_loop_of_the_gradient_bandit_does_what_is_done_by_hand(baseline):
    timeline = Timeline(Testbed(arms=3, level=2.0), Gradient(alpha=0.3, baseline=baseline), 5)
    log, preference, average = timeline.steps(0, 50), np.zeros(3), 0.0
    for t, (arm, reward) in enumerate(zip(log.action.tolist(), log.reward.tolist(), strict=True)):
        average = reward if t == 0 else average
        pi = np.exp(preference) / np.exp(preference).sum()
        step = 0.3 * (reward - average if baseline == "yes" else reward)
        preference = preference + step * (np.eye(3)[arm] - pi)
        average += (reward - average) / (t + 1)
    memory = timeline.at(50).memory
    assert memory.preference == pytest.approx(preference, abs=1e-12)
    assert memory.baseline[0] == pytest.approx(log.reward.mean())
    for a in np.unique(log.action):
        assert memory.q[0, a] == pytest.approx(log.reward[log.action == a].mean())


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.lists(st.floats(-3, 3), min_size=3, max_size=3),
       st.floats(-5, 5))
def test_the_expected_step_is_the_exact_gradient_whatever_the_baseline(preference, means, baseline):
    # S&B p. 38-39: E[step] = alpha d/dH sum_a pi(a) q*(a) = alpha pi(b) (q*(b) - sum_a pi(a) q*(a)), by enumeration
    pi, q, expected = chances_of(preference), np.array(means), np.zeros(3)
    for arm in range(3):
        moved = np.array(preference, float)
        gradient_bandit(moved, pi, arm, q[arm], baseline, 0.1)
        expected += pi[arm] * (moved - preference)
    assert expected == pytest.approx(0.1 * pi * (q - pi @ q), abs=1e-12)


def test_softmax_by_hand():
    chance = np.empty(3)
    softmax(np.array([0.0, np.log(2.0), np.log(5.0)]), 1.0, chance)
    assert chance == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    softmax(np.array([0.0, 2 * np.log(2.0), 0.0]), 2.0, chance)
    assert chance == pytest.approx([1 / 4, 2 / 4, 1 / 4])
    softmax(np.array([1000.0, -1000.0, 1000.0]), 0.01, chance)
    assert chance == pytest.approx([0.5, 0.0, 0.5])


@pytest.mark.parametrize(("die", "arm"), [(0.0, 0), (0.2499, 0), (0.25, 2), (0.7499, 2), (0.75, 3), (0.9999999, 3)])
def test_an_arm_is_drawn_where_the_die_falls(die, arm):
    assert drawn(np.array([0.25, 0.0, 0.5, 0.25]), die) == arm


def test_upper_bounds_by_hand():
    q, visits, bound = np.array([[0.41, 0.5, 9.0]]), np.array([[7, 100, 0]]), np.empty((1, 3))
    upper_bounds(q, visits, 0, 2.0, 120, bound)
    assert bound[0] == pytest.approx([2.0640, 0.93761, np.inf], abs=1e-4)  # ln 120 = 4.78749; / 7 = .68393, / 100


AVERAGING = [a for a in VARIANTS if not a.step_size > 0 and not isinstance(a, Thompson)]


@pytest.mark.parametrize("agent", AVERAGING, ids=repr)
def test_a_sample_average_is_the_mean_of_the_arms_rewards(agent):
    timeline = Timeline(Testbed(), agent, 4)
    log, memory = timeline.steps(0, 300), timeline.at(300).memory
    assert memory.visits[0].tolist() == np.bincount(log.action, minlength=10).tolist()
    for a in np.unique(log.action):
        assert memory.q[0, a] == pytest.approx(log.reward[log.action == a].mean())
    assert log.ret == pytest.approx(np.cumsum(log.reward))


@pytest.mark.parametrize("agent", [a for a in VARIANTS if not isinstance(a, Hand | Thompson)], ids=repr)
def test_the_stated_chances_are_those_the_dice_follow(agent):
    """Over many seeds and from the same knowledge, each arm is pulled as often as stated, within 5 sd."""
    _, memory = known(Testbed(arms=3), agent, [(0, 1.0), (0, 0.2), (1, 0.9), (2, 0.9), (2, -0.2)], [0.1, 0.5, -0.2])
    stated, counts, n = agent.chances(memory, 0, 5), np.zeros(3), 4000
    for seed in range(n):
        copy = type(memory)(*(array.copy() for array in memory))
        counts[pulled(agent, copy, seed)] += 1
    assert stated.sum() == pytest.approx(1.0)
    assert counts / n == pytest.approx(stated, abs=5 * 0.5 / np.sqrt(n))


def pulled(agent, memory, seed):
    from rl.run import FOREVER
    from rl.tape import Clock, EpisodeLog, StepLog, Tape, blank

    tape = Tape(5, 0, blank(StepLog, 1), blank(EpisodeLog, 0))
    clock = Clock(np.array([5, 0, 0, 5]), np.zeros(1))
    agent.loop(Testbed(arms=3).model, seed, memory, clock, tape, 6, FOREVER, *agent.parameters())
    return tape.steps.action[0]


def test_epsilon_greedys_chances_by_hand():
    agent, memory = known(Testbed(arms=4), EpsilonGreedy(epsilon=0.2), [(0, 1.0), (1, 2.0), (2, 2.0)])
    assert agent.chances(memory, 0, 3) == pytest.approx([0.05, 0.45, 0.45, 0.05])
    falling = EpsilonGreedy(epsilon=0.8, schedule="exponential", span=10)
    assert falling.chances(memory, 0, 20) == pytest.approx([0.05, 0.45, 0.45, 0.05])


def test_optimism_is_greed_from_five_and_a_constant_step():
    assert (Optimistic().initial, Optimistic().alpha, Greedy().initial, Greedy().alpha) == (5.0, 0.1, 0.0, 0.0)
    log = Timeline(Testbed(), Optimistic(), 3).steps(0, 10)
    assert sorted(log.action.tolist()) == list(range(10))  # nothing lives up to 5, so everything is tried first
    assert not log.explored.any()


@pytest.mark.parametrize(("m", "n"), [((3, 1.0), (4, 2.0)), ((50, 20.0), (2, 1.5)), ((1000, 400.0), (1000, 410.0))])
def test_thompsons_chance_of_two_arms_is_the_closed_form(m, n):
    agent, memory = known(TWO, Thompson(prior_sd=2.0), [(0, m[1] / m[0])] * m[0] + [(1, n[1] / n[0])] * n[0])
    mean = [total / (count + 0.25) for count, total in (m, n)]
    variance = sum(1 / (count + 0.25) for count, _ in (m, n))
    assert memory.q[0] == pytest.approx(mean)
    exact = NormalDist().cdf((mean[0] - mean[1]) / variance**0.5)
    assert agent.chances(memory, 0, 9) == pytest.approx([exact, 1 - exact], abs=0.005)


def test_thompsons_chance_of_two_coins_is_the_closed_form():
    # Beta(a, 1) against Beta(b, 1): P(X > Y) = a / (a + b), here a = 4, b = 2
    agent, memory = known(COINS, Thompson(), [(0, 1.0)] * 3 + [(1, 1.0)])
    assert agent.chances(memory, 0, 4) == pytest.approx([4 / 6, 2 / 6], abs=0.005)
    assert memory.q[0] == pytest.approx([4 / 5, 2 / 3])
    assert agent.widths(memory) == pytest.approx(Z95 * np.sqrt([4 / 150, 2 / 36]))


@pytest.mark.parametrize("bed", [Testbed(arms=4), Testbed(arms=4, rewards="Bernoulli")], ids=["Gaussian", "Bernoulli"])
def test_thompsons_samples_win_as_often_as_stated(bed):
    agent, memory = known(bed, Thompson(), [(0, 1.0), (0, 0.0), (1, 1.0), (2, 1.0), (2, 1.0), (2, 0.0)])
    samples = np.array([agent.scores(memory, seed, 6) for seed in range(20_000)])
    won = np.bincount(samples.argmax(axis=1), minlength=4) / 20_000
    assert won == pytest.approx(agent.chances(memory, 0, 6), abs=5 * 0.5 / np.sqrt(20_000) + 0.003)
    assert samples.mean(axis=0) == pytest.approx(memory.q[0], abs=5 / np.sqrt(20_000))
    assert samples.std(axis=0) == pytest.approx(agent.deviations(memory), rel=0.05)


def test_widths_are_two_standard_errors_and_infinite_without_a_pull():
    agent, memory = known(TWO, Greedy(), [(0, 1.0)] * 4)
    assert agent.widths(memory).tolist() == [Z95 / 2, np.inf]
    agent, memory = known(COINS, Greedy(), [(0, 1.0)] * 4)
    assert agent.widths(memory)[0] == pytest.approx(Z95 * np.sqrt(0.75 * 0.25 / 4))  # (4 + 2) / (4 + 4)


@settings(max_examples=30)
@given(st.floats(0.01, 1.0), st.integers(1, 50))
def test_a_constant_steps_width_is_that_of_its_weights(alpha, n):
    agent, memory = known(TWO, EpsilonGreedy(alpha=alpha), [(0, 0.0)] * n)
    weights = alpha * (1 - alpha) ** np.arange(n)  # S&B 2.6
    assert agent.widths(memory)[0] == pytest.approx(Z95 * np.sqrt((weights**2).sum()))


EXPLORES, DRAWS = f"the die {shown(uniform(3, 2, EXPLORE))}", f"the die {uniform(3, 2, ACTION):.3g}"
SAYS = [
    (EpsilonGreedy(), [(0, 1.0), (1, 0.5)], 1, True, f"It explored: {EXPLORES} is below ε = 0.1; arm 2 by "
     "chance."),
    (EpsilonGreedy(), [(0, 1.0), (1, 0.5)], 0, False, f"It exploited: {EXPLORES} is not below ε = 0.1; arm 1 "
     "has the highest estimate, 1."),
    (Greedy(), [(0, 1.0), (1, 1.0)], 1, False, "Greedy: all arms tie for the highest estimate, 1; a coin chose arm 2."),
    (UCB(), [(0, 1.0), (1, 0.5)], 0, False, "UCB: arm 1 has the highest upper bound, 1.00 + 2·√(ln 3 / 1) = 3.10."),
    (UCB(), [(0, 1.0), (0, 0.5)], 1, False, "UCB: arm 2 is the last that was never pulled, and could be anything: its "
     "upper bound is infinite."),
    (Softmax(temperature=1.0), [(0, 0.0), (1, 0.0)], 1, False, f"Softmax: {DRAWS} fell into arm 2's share of "
     "the line, 0.5 to 1: a chance of 50 %."),
    (Hand(), [(0, 1.0), (0, 0.5)], 0, False, "You chose arm 1; its average was 0.75 over 2 pulls."),
    (Hand(), [(0, 1.0), (0, 0.5)], 1, False, "You chose arm 2, which was never pulled before."),
]


@pytest.mark.parametrize(("agent", "history", "action", "explored", "sentence"), SAYS)
def test_the_reason_is_said_in_words_and_numbers(agent, history, action, explored, sentence):
    _, memory = known(TWO, agent, history)
    assert agent.why(memory, 3, 2, action, explored) == sentence


def test_thompsons_reason_names_the_largest_sample():
    agent, memory = known(TWO, Thompson(), [(0, 1.0)])
    sample = agent.scores(memory, 3, 1)
    best = int(sample.argmax())
    assert f"the sample of arm {best + 1}, {sample[best]:.2f}" in agent.why(memory, 3, 1, best, False)
