"""What holds for every environment, the ones added later included."""

import dataclasses
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from rl.envs import ENVS
from rl.envs.grid_presets import PRESETS
from rl.knob import knobs
from rl.mdp import from_gymnasium
from tests.envs.outcomes import outcomes

SMALL = {"cars": {"cars": 3}, "gambler": {"goal": 12}}  # of the worlds that are large by default
SETTINGS = dict.fromkeys(
    [kind(**SMALL.get(kind.slug, {})) for kind in ENVS.values()] + [preset.world for preset in PRESETS] +
    [kind(**SMALL.get(kind.slug, {}), **{name: option})
     for kind in ENVS.values() for name, (_, knob) in knobs(kind).items() for option in knob.options])

every_env = pytest.mark.parametrize("env", SETTINGS, ids=repr)
every_kind = pytest.mark.parametrize("kind", ENVS.values(), ids=lambda kind: kind.slug)


def test_the_worlds_are_found_in_order():
    found = [slug for slug in ENVS if slug in ("lake", "cliff", "taxi", "grid")]
    assert found == ["lake", "cliff", "taxi", "grid"]


@every_env
def test_probabilities_are_complete(env):
    mdp = env.mdp
    assert np.allclose(mdp.probability.sum(2), 1, atol=1e-12)
    assert mdp.probability.min() >= 0
    assert (mdp.cdf[:, :, -1] == 1).all()
    assert mdp.start_cdf[-1] == 1
    assert np.all(np.diff(mdp.start_cdf) >= 0)
    assert np.isfinite(mdp.reward).all()
    assert mdp.next_state.min() >= 0
    assert mdp.next_state.max() < len(mdp.cdf)


@every_env
def test_arrays_have_the_layout_and_types_the_compiled_loops_expect(env):
    mdp, arrays = env.mdp, [array for array in env.mdp if isinstance(array, np.ndarray)]
    assert [array.dtype for array in arrays] == [np.float64, np.int64, np.float64, np.bool_, np.float64, np.bool_]
    assert all(array.flags.c_contiguous and not array.flags.writeable for array in arrays)
    assert type(mdp.horizon) is int


@every_env
def test_every_state_has_an_action_and_what_is_missing_is_no_better(env):
    """A missing action does what one that is there does, so that it changes neither values nor who is absorbing."""
    mdp = env.mdp
    assert mdp.missing.shape in ((0, 0), env.shape)
    for s, missing in enumerate(mdp.missing):
        there = [outcomes(mdp, s, a) for a in np.flatnonzero(~missing)]
        assert there
        assert all(outcomes(mdp, s, a) in there for a in np.flatnonzero(missing))


@every_env
def test_every_action_has_a_name(env):
    assert len(env.actions) == env.mdp.cdf.shape[1]
    assert len({action.name for action in env.actions}) == len(env.actions)


@every_env
def test_every_state_has_its_own_name(env):
    names = [env.state_name(s) for s in range(len(env.mdp.cdf))]
    assert len(set(names)) == len(names)
    assert all(names)


@every_env
def test_every_state_is_drawn_once(env):
    picture = env.picture()
    if picture is None:
        pytest.skip("no grid")
    n_cells = picture.rows * picture.cols
    assert len(picture.cells) == n_cells == picture.state_at.shape[1]
    assert sorted(picture.state_at[picture.state_at >= 0]) == list(range(len(env.mdp.cdf)))
    assert all(0 <= cell < n_cells for bar in picture.bars for cell in bar)
    assert len(picture.tags) in (0, len(picture.state_at))


@every_env
def test_moves_go_where_their_arrows_point(env):
    """Where an action leads to a neighbouring cell of the picture, its likeliest such outcome is the one it names."""
    picture, mdp = env.picture(), env.mdp
    if picture is None or getattr(env, "success", 1) < 0.3:
        pytest.skip("no grid, or sideways more often than ahead")
    s = next(s for s in range(len(mdp.cdf)) if mdp.start[s] > 0)
    layer, cell = np.argwhere(picture.state_at == s)[0]
    row, col = divmod(int(cell), picture.cols)
    for a, action in enumerate(env.actions):
        r, c = row + action.dy, col + action.dx
        if (action.dx or action.dy) and 0 <= r < picture.rows and 0 <= c < picture.cols:
            ahead = r * picture.cols + c
            blocked = picture.cells[ahead] in "#C" or {(cell, ahead), (ahead, cell)} & set(picture.bars)
            goes = picture.state_at[layer, ahead] in mdp.next_state[s, a][mdp.probability[s, a] > 0]
            assert goes or blocked


@every_env
def test_a_world_is_built_once(env):
    assert env.mdp is dataclasses.replace(env).mdp


@every_kind
def test_gymnasium_finds_nothing_to_complain_about(kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make(f"stepwise/{kind.__name__}-v0", **SMALL.get(kind.slug, {})).unwrapped)


@every_kind
def test_reading_our_world_back_from_gymnasium_changes_nothing(kind):
    small = SMALL.get(kind.slug, {})
    mdp, again = kind(**small).mdp, from_gymnasium(gymnasium.make(f"stepwise/{kind.__name__}-v0", **small))
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(mdp, again, strict=True))
