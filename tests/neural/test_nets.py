"""Nets by hand: against a plain float64 net, and every slope against finite differences of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.backpropagation import backward
from rl.jit import COMPILED, plain
from rl.losses import chances, clipped_weight, policy_slope, value_slope
from rl.nets import ACTIVATIONS, RELU, TANH, count, forward, make_room, new_net, squash
from tests.neural import reference
from tests.neural.reference import Batch
from tests.strategies import same

SIZES = ((4, 7, 2), (4, 8, 5, 3), (6, 3, 9, 6, 2), (1, 1, 1))
CLIP, BONUS = 0.2, 0.1
THEIRS = {
    "policy gradient": lambda out, batch: reference.policy_loss(out, batch, 0.0),
    "policy gradient with entropy": lambda out, batch: reference.policy_loss(out, batch, BONUS),
    "clipped": lambda out, batch: reference.clipped_loss(out, batch, 0.0, CLIP),
    "clipped with entropy": lambda out, batch: reference.clipped_loss(out, batch, BONUS, CLIP),
    "value": lambda out, batch: reference.value_loss(out, batch.advantage),
}
activations = pytest.mark.parametrize("activation", [TANH, RELU], ids=ACTIVATIONS)


def some_net(sizes, activation, n, seed, nearest=2e-3):
    """A net that has biases, and a batch of what it sees; no ReLU is near where its slope jumps."""
    for attempt in range(seed, seed + 100_000, 100):
        random = np.random.default_rng(attempt)
        net = new_net(sizes, attempt, 77) + random.normal(0, 0.3, count(sizes)).astype(np.float32)
        x = random.normal(size=(n, sizes[0])).astype(np.float32)
        if activation == TANH or min(np.abs(z).min() for z in before_squashing(net, sizes, x)) > nearest:
            return net, x
    raise AssertionError("no such net")


def before_squashing(net, sizes, x):
    """Lists what goes into the units of each hidden layer of a net of ReLUs, in float64."""
    inputs = reference.through(net, sizes, RELU, x)[:-2]
    return [y @ matrix + bias for y, (matrix, bias) in zip(inputs, reference.parts(net, sizes), strict=False)]


def room_with(sizes, x, rows=0):
    room = make_room(np.array(sizes), max(rows, len(x)))
    for array in room:
        array[:] = 0.0  # it comes as it is
    room.values[0, : len(x), : x.shape[1]] = x
    return room


def steps_seen(net, sizes, activation, x, seed):
    """Actions, advantages and chances of before: in eight rows each sign meets ratios within and beyond the clip."""
    random, rows = np.random.default_rng(seed), np.arange(len(x))
    pi = reference.policy(reference.out(net, sizes, activation, x))
    a = random.integers(sizes[-1], size=len(x))
    ratio, sign = np.array([1.05, 1.5, 0.6, 0.93])[rows % 4], np.array([1, 1, -1, -1, -1, -1, 1, 1])[rows % 8]
    return Batch(x, a, sign * random.uniform(0.5, 2, len(x)), pi[rows, a] / ratio)


def write_errors(room, batch, outputs, loss):
    """Writes our slope of a loss in what came out, row by row."""
    chance, bonus, share = np.zeros(outputs), BONUS if "entropy" in loss else 0.0, 1 / len(batch.a)
    for row, (a, advantage) in enumerate(zip(batch.a, batch.advantage, strict=True)):
        chances(room.values[-1], row, chance)
        weight = clipped_weight(chance[a] / batch.before[row], advantage, CLIP) if "clipped" in loss else advantage
        if loss == "value":
            value_slope(np.float64(room.values[-1, row, 0]), advantage, share, room.errors[0], row)
        else:
            policy_slope(chance, a, weight, bonus, share, room.errors[0], row)


def check_slope(sizes, activation, n, loss, seed):
    """Compares our float32 slope with central differences of the float64 loss: 1e-4 of a layer's longest."""
    sizes = (*sizes[:-1], 1) if loss == "value" else sizes
    net, x = some_net(sizes, activation, n, seed)
    batch, room = steps_seen(net, sizes, activation, x, seed), room_with(sizes, x)
    forward(net, np.array(sizes), activation, n, room)
    write_errors(room, batch, sizes[-1], loss)
    backward(net, np.array(sizes), activation, n, room)
    truth = reference.differences(lambda flat: THEIRS[loss](reference.out(flat, sizes, activation, x), batch), net)
    for ours, theirs in zip(reference.parts(room.slope, sizes), reference.parts(truth, sizes), strict=True):
        for mine, its in zip(ours, theirs, strict=True):
            assert mine == pytest.approx(its, rel=1e-4, abs=1e-4 * np.abs(its).max() + 1e-9)
    return truth


@activations
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("loss", THEIRS)
def test_every_slope_is_that_of_finite_differences(sizes, activation, loss):
    truth = check_slope(sizes, activation, 8, loss, 3)
    assert np.abs(truth).max() > 0.01 or sizes[-1] == 1


@activations
@pytest.mark.parametrize("n", range(1, 10))
def test_a_batch_may_have_any_size(n, activation):
    check_slope((5, 6, 7, 3), activation, n, "clipped with entropy", n)


@activations
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_what_comes_out_is_what_a_float64_net_says(sizes, activation):
    net, x = some_net(sizes, activation, 9, 5)
    room = room_with(sizes, x)
    forward(net, np.array(sizes), activation, 9, room)
    for ours, theirs in zip(room.values, reference.through(net, sizes, activation, x), strict=True):
        assert ours[:, : theirs.shape[1]] == pytest.approx(theirs, abs=3e-6)


def test_a_net_of_two_layers_worked_out_by_hand():
    """x = (1, 2): the hidden units get 1 + 2 - 1 = 2 and -1 + 2 - 2 = -1, so ReLU passes 2 and 0; out: 3·2 + 0.5."""
    net = np.array([1, -1, 1, 1, -1, -2, 3, 4, 0.5], np.float32)
    room, sizes = room_with((2, 2, 1), np.array([[1, 2]], np.float32)), np.array([2, 2, 1])
    forward(net, sizes, RELU, 1, room)
    assert room.values[1, 0].tolist() == [2, 0] and room.values[2, 0, 0] == 6.5
    room.errors[0, 0, 0] = 2
    backward(net, sizes, RELU, 1, room)
    assert room.slope.tolist() == [6, 0, 12, 0, 6, 0, 4, 0, 2]


@activations
@pytest.mark.parametrize("n", [1, 3, 4, 6])
def test_nothing_outside_the_rows_and_layers_in_use_is_touched(n, activation):
    sizes = (3, 7, 5, 2)
    net, x = some_net(sizes, activation, n, 8)
    room = make_room(np.array(sizes), 9)
    for array in room:
        array.fill(7)
    room.values[0, :n, :3], room.errors[0, :n, :2] = x, 0.5
    kept = net.copy()
    forward(net, np.array(sizes), activation, n, room)
    backward(net, np.array(sizes), activation, n, room)
    assert (net == kept).all() and (room.values[0, :n, :3] == x).all()
    assert (room.values[:, n:] == 7).all() and (room.errors[:, n:] == 7).all()
    assert all((room.values[i, :, width:] == 7).all() for i, width in enumerate(sizes))
    assert (room.turned[35:] == 7).all() and not (room.slope == 7).any()


def test_what_was_in_the_room_before_does_not_matter():
    sizes, slopes = (4, 6, 3), []
    net, x = some_net(sizes, TANH, 5, 2)
    for rubbish in (0, np.nan):
        room = make_room(np.array(sizes), 5)
        for array in room:
            array.fill(rubbish)
        room.values[0, :5, :4] = x
        forward(net, np.array(sizes), TANH, 5, room)
        room.errors[0, :5, :3] = 0.25
        backward(net, np.array(sizes), TANH, 5, room)
        slopes.append(room.slope)
    assert same(slopes[:1], slopes[1:])


@pytest.mark.parametrize("function", [squash, plain(squash)], ids=["compiled", "plain"])
def test_tanh_is_that_of_numpy(function):
    x = np.concatenate([np.linspace(0, 10, 10_001), [1e-30, 1e-10, 1e-4, 1e30]]).astype(np.float32)
    y = np.array([x, -x])
    function(y, TANH, 2, len(x))
    assert np.abs(y - np.tanh(np.array([x, -x], np.float64))).max() < 4e-7
    assert (y[0] == -y[1]).all() and y[0, 0] == 0 and y.max() < 1 + 2e-7


def test_a_new_net_has_weights_of_the_published_sizes_and_no_biases():
    """Standard deviation sqrt(2 / inputs) in hidden layers (He et al., 2015), gain / sqrt(inputs) in the last."""
    sizes = (200, 100, 300, 50)
    layers = reference.parts(new_net(sizes, 3, 5, 0.01), sizes)
    assert [float(matrix.std()) for matrix, _ in layers] == pytest.approx(
        [(2 / 200) ** 0.5, (2 / 100) ** 0.5, 0.01 / 300**0.5], rel=0.02)
    assert all(abs(matrix.mean()) < 5 * matrix.std() / matrix.size**0.5 for matrix, _ in layers)
    assert not any(bias.any() for _, bias in layers)
    assert len(np.unique(layers[0][0])) > 0.99 * 20_000


def test_new_nets_differ_by_seed_and_by_stream_and_are_found_again():
    one, again, seed, stream = new_net((4, 5, 2), 1, 2), new_net((4, 5, 2), 1, 2), *(
        new_net((4, 5, 2), *key) for key in ((2, 2), (1, 3)))
    assert one.dtype == np.float32 and same([one], [again])
    assert not (one[:20] == seed[:20]).any() and not (one[:20] == stream[:20]).any()


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), st.integers(1, 9), st.integers(0, 99),
       st.sampled_from([TANH, RELU]))
@settings(max_examples=40)
def test_compiled_and_plain_nets_are_equal_to_the_last_bit(sizes, n, seed, activation):
    net, x = some_net(sizes, TANH, n, seed)
    error = np.random.default_rng(seed).normal(size=(n, sizes[-1])).astype(np.float32)
    rooms = []
    for go, back in ((forward, backward), (plain(forward), plain(backward))):
        rooms.append(room_with(sizes, x))
        go(net, np.array(sizes), activation, n, rooms[-1])
        rooms[-1].errors[0, :, : sizes[-1]] = error
        back(net, np.array(sizes), activation, n, rooms[-1])
    assert same(*rooms)
