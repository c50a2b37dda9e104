"""Jack's car rental against figure 4.2, and against a day worked out customer by customer."""

from math import exp, factorial

import numpy as np
import pytest

from rl.envs.car_rental import CarRental
from rl.planning import action_values, optimal_actions, policy_values, value_iteration

# Figure 4.2, the last policy: cars moved to the 2nd location, for 0 to 20 cars at the 2nd; rows are cars at the 1st.
FIGURE_4_2 = {
    20: "5 5 5 5 4 4 3 3 3 3 2 2 2 2 2 1 1 1 0 0 0", 15: "5 5 5 4 3 2 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    10: "4 4 3 3 2 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", 5: "1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    3: "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -1 -1 -1 -1 -1 -2", 0: "0 0 0 0 0 0 0 0 -1 -1 -2 -2 -2 -3 -3 -3 -3 -3 -4 -4 -4"}


@pytest.fixture(scope="module")
def solved():
    mdp = CarRental().mdp
    return mdp, value_iteration(mdp, 0.9)


def test_the_optimal_policy_is_the_one_of_figure_4_2(solved):
    mdp, v = solved
    best = optimal_actions(action_values(mdp, v, 0.9))
    assert (best.sum(axis=1) == 1).all()
    policy = best.argmax(axis=1).reshape(21, 21) - 5
    assert (policy.min(), policy.max(), policy[20, 0]) == (-4, 5, 5)
    for here, row in FIGURE_4_2.items():
        assert policy[here].tolist() == [int(moved) for moved in row.split()]


def test_the_optimal_values_grow_with_the_cars_from_420_as_in_figure_4_2(solved):
    v = solved[1].reshape(21, 21)
    assert v[0, 0] == pytest.approx(420, abs=2) and v.min() == v[0, 0] and v.max() == v[20, 20]
    assert (np.diff(v, axis=0) > 0).all() and (np.diff(v, axis=1) > 0).all()


def poisson(mean, n):
    return exp(-mean) * mean**n / factorial(n)


def one_day(cars, most, requests, returns):
    """Chances of the cars in the evening and expected income with each, by looking at every possible day."""
    chance, income = np.zeros((2, most + 1))
    for asked in range(60):
        for back in range(60):
            p = poisson(requests, asked) * poisson(returns, back)
            evening = min(cars - min(cars, asked) + back, most)
            chance[evening] += p
            income[evening] += p * 10 * min(cars, asked)
    return chance, income


@pytest.mark.parametrize("knobs", [{}, {"free_shuttle": "yes", "parking": 4.0}])
@pytest.mark.parametrize("most", [3, 12])
def test_a_day_is_what_it_is_customer_by_customer(most, knobs):
    mdp = CarRental(cars=most, **knobs).mdp
    rng = np.random.default_rng(most)
    for here, there, move in zip(*rng.integers(0, most + 1, (2, 12)), rng.integers(-5, 6, 12), strict=True):
        s, a = here * (most + 1) + there, move + 5
        moved = max(-there, min(move, here))
        assert mdp.missing[s, a] == (moved != move)
        first, second = min(here - moved, most), min(there + moved, most)
        (p_1, paid_1), (p_2, paid_2) = one_day(first, most, 3, 3), one_day(second, most, 4, 2)
        free = 1 if knobs and moved > 0 else 0
        cost = 2 * (abs(moved) - free) + (4 * ((first > 10) + (second > 10)) if knobs else 0)
        assert mdp.probability[s, a] == pytest.approx(np.outer(p_1, p_2).ravel(), abs=1e-12)
        income = np.outer(paid_1, p_2) + np.outer(p_1, paid_2)
        assert (mdp.probability * mdp.reward)[s, a] == pytest.approx(income.ravel() - cost * np.outer(p_1, p_2).ravel(),
                                                                     abs=1e-10)


def test_a_free_shuttle_helps_and_parking_costs():
    start = {knobs: value_iteration(CarRental(12, *knobs).mdp, 0.9).mean() for knobs in
             (("no", 0.0), ("yes", 0.0), ("no", 4.0))}
    assert start["no", 4.0] < start["no", 0.0] < start["yes", 0.0]


def test_the_arrays_are_built_once_and_have_a_known_size():
    mdp = CarRental().mdp
    assert mdp is CarRental().mdp and mdp.cdf.shape == (441, 11, 441)
    assert sum(array.nbytes for array in mdp[:4]) < 54e6


def test_nothing_ends_but_for_the_time_limit():
    mdp = CarRental(cars=2, horizon=30).mdp
    assert not mdp.terminal.any() and mdp.horizon == 30 and mdp.visitable.all()
    stay = policy_values(mdp, np.eye(11)[np.full(9, 5)], 0.9)
    assert stay.min() > 0 and (value_iteration(mdp, 0.9) >= stay - 1e-9).all()


def test_names_say_what_is_moved_and_where_the_cars_are():
    env = CarRental()
    assert [env.actions[a].name for a in (0, 5, 8)] == ["move 5 to the 1st", "move none", "move 3 to the 2nd"]
    assert env.state_name(20 * 21 + 3) == "20 at the 1st, 3 at the 2nd"


def test_the_picture_has_the_axes_of_figure_4_2():
    picture = CarRental().picture()
    grid = picture.state_at[0].reshape(22, 22)
    assert (grid[0, 1], grid[0, 21], grid[20, 1]) == (20 * 21, 440, 0)
    assert (grid[21] == -1).all() and (grid[:, 0] == -1).all()
    assert [tag[:2] for tag in picture.tags[0]][:2] == [(20 * 22, "0"), (19 * 22, "1")]
