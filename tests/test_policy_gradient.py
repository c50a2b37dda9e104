"""The exact policy gradient against finite differences, the natural gradient against its laws, and book numbers."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rl.envs.cliff_walking import CliffWalking
from rl.envs.five_by_five import FiveByFive
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.short_corridor import ShortCorridor
from rl.envs.three_arms import ThreeArms
from rl.gradient_cloud import cloud, clouds, no_baseline
from rl.landscape import curve, greedy_points, has_one_policy, landscape, plane, reach
from rl.mdp import from_table
from rl.natural_gradient import fisher, natural_gradient
from rl.policy_gradient import available, entropies, exact_gradient, objective, softmax, visits

CORRIDOR, ARMS, GRID = ShortCorridor().mdp, ThreeArms().mdp, GridWorld(map="S..G/.#.H/....", slip=0.2).mdp
ROOT = np.sqrt(2.0)
MOVE = 1e-4


@st.composite
def small_mdps(draw):
    """Up to four states with up to three actions each and two outcomes, every one ending now and then."""
    n = draw(st.integers(1, 4))
    chance, reward = st.floats(0.05, 0.95), st.floats(-2, 2, allow_subnormal=False)

    def outcomes():
        p, q = draw(chance), draw(st.integers(0, n - 1))
        return [(p, q, draw(reward), False), (1 - p, draw(st.integers(0, n - 1)), draw(reward), draw(st.booleans()))]

    table = [[outcomes() for _ in range(draw(st.integers(1, 3)))] for _ in range(n)]
    start = np.ones(n) / n if draw(st.booleans()) else np.eye(n)[0]
    return from_table(table, start)


def preferences(mdp, blind, seed, size=1.0):
    theta = np.random.default_rng(seed).normal(size=(1 if blind else len(mdp.cdf), mdp.cdf.shape[1])) * size
    if mdp.missing.size and not blind:
        theta[mdp.missing] = -np.inf
    return theta


def differences(mdp, theta, gamma, entropy):
    """Central differences of the exact objective, of the shape of theta."""
    found = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        ahead, behind = theta.copy(), theta.copy()
        ahead[i] += MOVE
        behind[i] -= MOVE
        found[i] = (objective(mdp, softmax(ahead, mdp), gamma, entropy) -
                    objective(mdp, softmax(behind, mdp), gamma, entropy)) / (2 * MOVE)
    return found


@given(small_mdps(), st.booleans(), st.integers(0, 99), st.sampled_from([0.0, 0.5, 0.9]), st.sampled_from([0.0, 0.3]))
@settings(max_examples=60)
def test_the_exact_gradient_is_that_of_the_exact_objective(mdp, blind, seed, gamma, entropy):
    theta = preferences(mdp, blind, seed)
    exact, slope = exact_gradient(mdp, theta, gamma, entropy), differences(mdp, theta, gamma, entropy)
    assert np.abs(exact - slope).max() <= 1e-6 * max(np.abs(exact).max(), 1e-2)
    assert exact.shape == theta.shape and (exact[np.isneginf(theta)] == 0).all()


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("entropy", [0.0, 0.4])
@pytest.mark.parametrize("mdp", [CORRIDOR, ARMS, GRID, MaximisationBias(actions_in_b=4).mdp, GridWorld().mdp],
                         ids=["corridor", "arms", "grid", "bias", "large"])
def test_the_exact_gradient_of_worlds_without_a_discount_is_that_of_the_objective(mdp, entropy, blind):
    theta = preferences(mdp, blind, 3, 0.7)
    exact = exact_gradient(mdp, theta, 1.0, entropy)
    assert np.abs(exact - differences(mdp, theta, 1.0, entropy)).max() <= 1e-6 * np.abs(exact).max()


def test_the_gradient_of_three_arms_is_that_of_the_gradient_bandit_by_hand():
    """S&B section 2.8: dE[R]/dH(a) = pi(a) (q(a) - sum_b pi(b) q(b)); here pi = (1/2, 1/4, 1/4), q = (.5, 1, 0)."""
    theta = np.log([[2.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    assert exact_gradient(ARMS, theta, 1.0)[0] == pytest.approx([0.5 * 0.0, 0.25 * 0.5, 0.25 * -0.5])
    assert (exact_gradient(ARMS, theta, 1.0)[1] == 0).all()


def test_the_entropy_bonus_alone_pulls_to_the_middle_and_its_objective_is_the_entropy():
    arms = ThreeArms(mean_1=0.0, mean_2=0.0, mean_3=0.0).mdp
    theta = np.array([[2.0, 0.0, -1.0], [0.0, 0.0, 0.0]])
    pi = softmax(theta, arms)
    assert objective(arms, pi, 1.0, 0.7) == pytest.approx(0.7 * entropies(pi)[0])
    by_hand = -0.7 * pi[0] * (np.log(pi[0]) + entropies(pi)[0])
    assert exact_gradient(arms, theta, 1.0, 0.7)[0] == pytest.approx(by_hand)
    assert exact_gradient(arms, np.zeros((2, 3)), 1.0, 0.7)[0] == pytest.approx([0, 0, 0])


def test_the_bonus_of_an_episode_is_paid_in_every_state_it_acts_in():
    theta = preferences(GRID, False, 5)
    pi = softmax(theta, GRID)
    assert objective(GRID, pi, 0.9, 0.5) == pytest.approx(
        objective(GRID, pi, 0.9) + 0.5 * visits(GRID, pi, 0.9) @ entropies(pi))


def test_visits_of_the_corridor_are_those_worked_out_by_hand():
    """With p = 1/2: the equations d = start + d P give 6, 4 and 2 visits, twelve steps in all."""
    d = visits(CORRIDOR, softmax(np.zeros((1, 2)), CORRIDOR), 1.0)
    assert d == pytest.approx([6, 4, 2, 0])


def test_a_world_that_never_ends_has_no_undiscounted_gradient_and_a_discounted_one():
    mdp, theta = FiveByFive().mdp, np.zeros((25, 4))
    for ask in (exact_gradient, natural_gradient, fisher):
        with pytest.raises(ValueError, match=r"^There is no policy gradient here: episodes may never end"):
            ask(mdp, theta, 1.0)
    assert np.isfinite(exact_gradient(mdp, theta, 0.9)).all()
    shut_in = from_table([[[(1.0, 0, 0.0, False)]] * 2], np.ones(1))
    assert not exact_gradient(shut_in, np.zeros((1, 2)), 1.0).any()  # for nothing, but not where staying pays
    with pytest.raises(ValueError, match="never end"):
        exact_gradient(shut_in, np.zeros((1, 2)), 1.0, 0.1)


def test_rewards_that_are_0_on_average_end_an_episode_as_any_others():
    fair = ThreeArms(mean_1=0.0, mean_2=0.0, mean_3=0.0).mdp
    assert visits(fair, softmax(np.zeros((2, 3)), fair), 1.0).tolist() == [1, 0]
    assert not exact_gradient(fair, np.zeros((2, 3)), 1.0).any()


def test_nothing_is_to_be_had_where_a_trap_without_rewards_lies_on_the_way():
    """From state 0 half the chance leads to the goal for 1 and half to a trap for nothing: J is the first's chance."""
    trap = [[(1.0, 1, 0.0, False)]] * 2
    mdp = from_table([[[(1.0, 2, 1.0, True)], [(1.0, 1, 0.0, False)]], trap, [[(1.0, 2, 0.0, True)]] * 2], np.eye(3)[0])
    assert exact_gradient(mdp, np.zeros((3, 2)), 1.0) == pytest.approx(np.array([[0.25, -0.25], [0, 0], [0, 0]]))
    assert visits(mdp, softmax(np.zeros((3, 2)), mdp), 1.0).tolist() == [1, 0, 0]
    fair = [[(0.5, 2, 1.0, True), (0.5, 2, -1.0, True)]] * 2  # elsewhere, and it ends, so it is acted in
    beside = from_table([trap, trap, [[(1.0, 2, 0.0, True)]] * 2, fair], np.array([0.5, 0, 0, 0.5]))
    assert visits(beside, softmax(np.zeros((4, 2)), beside), 1.0).tolist() == [0, 0, 0, 0.5]


def test_what_cannot_be_reached_or_is_missing_has_no_gradient():
    shut = GridWorld(map="S.#G/..#H/.G#.").mdp
    assert not exact_gradient(shut, np.zeros((12, 4)), 1.0)[[2, 3, 6, 7, 10, 11]].any()
    bias = MaximisationBias(actions_in_b=4).mdp
    pi = softmax(preferences(bias, True, 1), bias)
    assert (pi[bias.missing] == 0).all() and pi.sum(axis=1) == pytest.approx([1, 1, 0, 0])
    assert np.array_equal(pi > 0, available(bias))


def test_the_best_blind_policy_of_the_corridor_goes_right_with_2_minus_sqrt_2():
    """S&B example 13.1: there the gradient is 0; -11.657 is the most a blind policy can have."""
    p = 2 - ROOT
    assert exact_gradient(CORRIDOR, np.log([[1 - p, p]]), 1.0) == pytest.approx(np.zeros((1, 2)), abs=1e-11)
    found = curve(CORRIDOR, 1.0, 100)
    assert found.best == pytest.approx([1 - p, p], abs=1e-6) and found.top == pytest.approx(-(6 + 4 * ROOT), abs=1e-9)
    assert np.isneginf(found.worth[[0, -1]]).all()  # always left, or always right, never arrives
    inside = found.points[1:-1, 1]
    assert found.worth[1:-1] == pytest.approx(-2 * (2 - inside) / (inside * (1 - inside)))


def test_greedy_policies_of_the_corridor_are_worth_what_the_book_says():
    """S&B example 13.1, with epsilon .1: -82 for left and -44 for right."""
    left, right = greedy_points(CORRIDOR, 1.0, 0.1, ("left", "right"))
    assert (left.p, right.p) == pytest.approx((0.05, 0.95))
    assert (left.worth, right.worth) == pytest.approx((-82.105, -44.21), abs=5e-3)


@given(small_mdps(), st.integers(0, 99), st.sampled_from([0.5, 0.9]))
@settings(max_examples=40)
def test_the_natural_gradient_of_a_table_is_the_advantage_up_to_a_constant_a_state(mdp, seed, gamma):
    theta = preferences(mdp, False, seed)
    pi, g = softmax(theta, mdp), exact_gradient(mdp, theta, gamma)
    d, there = visits(mdp, pi, gamma), available(mdp)
    advantage = np.divide(g, d[:, None] * pi, out=np.zeros_like(g), where=(d[:, None] * pi) > 0)
    found = natural_gradient(mdp, theta, gamma)
    for s in np.flatnonzero(d > 0):
        apart = (found - advantage)[s, there[s]]
        assert apart == pytest.approx(np.full(len(apart), apart[0]), abs=1e-8)
    assert found.sum(axis=1) == pytest.approx(np.zeros(len(pi)), abs=1e-8)
    by_fisher = np.linalg.pinv(fisher(mdp, theta, gamma), rcond=1e-12, hermitian=True) @ g.ravel()
    assume(d[d > 0].min(initial=1) > 1e-4)  # the pseudoinverse takes what is nearly 0 for 0
    assert found.ravel() == pytest.approx(by_fisher, abs=1e-6)


@pytest.mark.parametrize("blind", [False, True])
def test_the_fisher_matrix_is_the_mean_square_of_the_score(blind):
    """Against sum_s d(s) sum_a pi(a|s) grad ln pi grad ln pi^T, the gradients by finite differences."""
    theta, found = preferences(GRID, blind, 2), 0.0
    pi, d = softmax(theta, GRID), visits(GRID, softmax(theta, GRID), 0.9)
    scores = np.zeros((theta.size, *pi.shape))
    for i, place in enumerate(np.ndindex(theta.shape)):
        step = np.zeros_like(theta)
        step[place] = MOVE
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = (np.log(softmax(theta + step, GRID)) - np.log(softmax(theta - step, GRID))) / (2 * MOVE)
        scores[i] = np.where(available(GRID), slope, 0.0)
    found = np.einsum("s,sa,isa,jsa->ij", d, pi, scores, scores)
    assert fisher(GRID, theta, 0.9) == pytest.approx(found, abs=1e-6)


@given(st.integers(0, 10**6))
@settings(max_examples=30)
def test_the_natural_gradient_of_a_bandit_is_the_same_however_its_preferences_are_written(seed):
    """With theta = f(phi), pinv(J^T F J) J^T g moves the policy as pinv(F) g does (Amari, 1998); g alone does not."""
    rng = np.random.default_rng(seed)
    theta, jacobian = rng.normal(size=(1, 3)), rng.normal(size=(3, 3)) + 3 * np.eye(3)
    assume(np.linalg.cond(jacobian) < 50)
    pi, g, f = softmax(theta, ARMS)[0], exact_gradient(ARMS, theta, 1.0)[0], fisher(ARMS, theta, 1.0)
    moves = np.diag(pi) - np.outer(pi, pi)  # of pi, as theta moves
    in_phi = np.linalg.pinv(jacobian.T @ f @ jacobian, rcond=1e-12, hermitian=True) @ jacobian.T @ g
    assert moves @ jacobian @ in_phi == pytest.approx(moves @ natural_gradient(ARMS, theta, 1.0)[0], abs=1e-9)
    assert not np.allclose(moves @ jacobian @ (jacobian.T @ g), moves @ g, rtol=1e-3)


def test_a_landscape_lists_its_points_row_by_row_and_values_each():
    found = landscape(ARMS, 1.0, 4)
    assert found.points[:6].tolist() == [[0, 0, 1], [0, 0.25, 0.75], [0, 0.5, 0.5], [0, 0.75, 0.25], [0, 1, 0],
                                         [0.25, 0, 0.75]]
    assert len(found.points) == 15 and found.worth == pytest.approx(found.points @ [0.5, 1.0, 0.0])
    assert found.best == pytest.approx([0, 1, 0]) and found.top == pytest.approx(1.0)
    assert has_one_policy(ARMS) and not has_one_policy(CORRIDOR)


def test_every_point_of_a_curve_is_the_exact_objective_of_its_policy():
    found = curve(CORRIDOR, 0.9, 20)
    each = [objective(CORRIDOR, np.tile(p, (4, 1)), 0.9) for p in found.points]
    assert found.worth == pytest.approx(each, rel=1e-9)


@pytest.mark.parametrize(("draw", "mdp"), [(landscape, CORRIDOR), (curve, ARMS),
                                           (landscape, MaximisationBias(actions_in_b=3).mdp)])
def test_a_world_with_other_actions_has_no_such_landscape(draw, mdp):
    with pytest.raises(ValueError, match=r"needs the same [23] actions in every state"):
        draw(mdp, 1.0, 10)


@pytest.mark.parametrize("blind", [False, True])
def test_a_plane_goes_through_theta_along_the_gradient_and_across(blind):
    theta = preferences(GRID, blind, 4)
    one, _ = clouds(GRID, theta, 1.0, 100)
    found = plane(GRID, theta, 1.0, one, 0.02, 11)
    assert found.axes @ found.axes.T == pytest.approx(np.eye(2), abs=1e-9)
    assert found.worth[5, 5] == pytest.approx(objective(GRID, softmax(theta, GRID), 1.0))
    slope = (found.worth[5, 6] - found.worth[5, 4]) / (found.right[6] - found.right[4])
    assert slope == pytest.approx(np.linalg.norm(one.exact), rel=1e-3)
    assert found.worth[6, 5] - found.worth[4, 5] == pytest.approx(0, abs=0.02 * (found.worth[5, 6] - found.worth[5, 4]))
    corner = theta + (found.right[-1] * found.axes[0] + found.up[0] * found.axes[1]).reshape(theta.shape)
    assert found.worth[0, -1] == pytest.approx(objective(GRID, softmax(corner, GRID), 1.0))


def test_the_strongest_direction_across_is_that_of_a_singular_value_decomposition():
    theta = preferences(GRID, False, 4)
    one = cloud(GRID, theta, no_baseline(GRID), 1.0, 500)
    right, up = plane(GRID, theta, 1.0, one, 1.0, 5).axes
    across = (one.samples - one.mean) @ (np.eye(theta.size) - np.outer(right, right))
    largest = np.linalg.svd(across, full_matrices=False)[1][0]
    assert np.linalg.norm(across @ up) == pytest.approx(largest, rel=1e-3)
    assert reach(one, 0.5) == pytest.approx(5 * reach(one, 0.1))


def test_worlds_whose_episodes_hardly_end_are_solved_as_far_as_digits_go():
    mdp = CliffWalking().mdp
    theta = np.zeros((48, 4))
    slope = exact_gradient(mdp, theta, 1.0)
    assert np.isfinite(slope).all() and objective(mdp, softmax(theta, mdp), 1.0) == pytest.approx(-65375.13, abs=0.01)
    one_way = np.array([[30.0, 0.0]])  # right with chance 1e-13
    with pytest.raises(ValueError, match="never end"):
        exact_gradient(CORRIDOR, one_way, 1.0)
    assert np.isfinite(exact_gradient(CORRIDOR, one_way / 2, 1.0)).all()
