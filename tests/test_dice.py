"""The dice: the published generator, fair, and unrelated from place to place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.dice import ACTION, EXPLORE, MAX_SEED, START, TIE, WORLD, mix, uniform
from rl.jit import jit, plain
from tests.strategies import seeds

STREAMS = (WORLD, EXPLORE, ACTION, TIE, START)
GOLDEN = 0x9E3779B97F4A7C15
times = st.integers(0, 10**7)


def splitmix64(z: int) -> int:
    """The finaliser of Steele, Lea & Flood (2014), with Python's unbounded integers."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z >> 31)


@jit
def rolls(seed, first, n, stream, out):
    for i in range(n):
        out[i] = uniform(seed, first + i, stream)


def many(seed: int, n: int, stream: int = WORLD, first: int = 0) -> np.ndarray:
    out = np.empty(n)
    rolls(seed, first, n, stream, out)
    return out


def test_the_mixing_gives_the_published_outputs_of_splitmix64():
    # java.util.SplittableRandom / splitmix64.c seeded with 1234567: the state moves by the golden gamma, then is mixed
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
                 16408922859458223821]
    states = [(1234567 + (i + 1) * GOLDEN) % 2**64 for i in range(5)]
    assert [int(mix(np.uint64(state))) for state in states] == published
    assert [splitmix64(state) for state in states] == published


@given(seeds, times, st.sampled_from(STREAMS))
def test_a_roll_is_the_mixed_place_of_seed_step_and_stream(seed, t, stream):
    place = (seed * 0xD1342543DE82EF95 + t * GOLDEN + stream * 0xC2B2AE3D27D4EB4F) % 2**64
    expected = (splitmix64(place) >> 11) / 2**53
    assert uniform(seed, t, stream) == expected
    assert plain(uniform)(seed, t, stream) == expected


@given(seeds, times, st.sampled_from(STREAMS))
def test_rolls_lie_in_zero_to_one(seed, t, stream):
    assert 0.0 <= uniform(seed, t, stream) < 1.0


@pytest.mark.parametrize("seed", [0, 1, 12345, MAX_SEED])
@pytest.mark.parametrize("stream", STREAMS)
def test_rolls_are_uniform(seed, stream):
    for first in (0, 10**7 - 100_000):
        counts = np.histogram(many(seed, 100_000, stream, first), bins=100, range=(0, 1))[0]
        chi_square = ((counts - 1000) ** 2 / 1000).sum()
        assert 45 < chi_square < 170  # 99 degrees of freedom: mean 99, standard deviation 14


def test_neighbouring_seeds_are_uniform_too():
    first = np.array([uniform(seed, 0, WORLD) for seed in range(20_000)])
    assert 45 < ((np.histogram(first, bins=100, range=(0, 1))[0] - 200) ** 2 / 200).sum() < 170


@pytest.mark.parametrize(("seed", "first", "stream"), [
    (0, 1, WORLD), (1, 0, WORLD), (MAX_SEED, 0, WORLD), *[(0, 0, stream) for stream in STREAMS if stream != WORLD]])
def test_steps_seeds_and_streams_are_unrelated(seed, first, stream):
    one, two = many(0, 100_000), many(seed, 100_000, stream, first)
    assert abs(np.corrcoef(one, two)[0, 1]) < 5 / np.sqrt(100_000)
    joint = np.histogram2d(one, two, bins=10, range=((0, 1), (0, 1)))[0]
    assert 45 < ((joint - 1000) ** 2 / 1000).sum() < 170


def test_no_two_places_share_a_roll():
    places = np.concatenate([many(seed, 20_000, stream) for seed in (0, 1, 2, MAX_SEED) for stream in STREAMS])
    assert len(np.unique(places)) == len(places)
