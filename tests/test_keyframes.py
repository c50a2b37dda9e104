"""Remembering and forgetting keyframes changes nothing but the time it takes."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rl import keyframes
from rl.agents.control.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.keyframes import Shelf, Track, track
from rl.run import advance, begin
from rl.timeline import Timeline
from tests.strategies import TableWorld, same, same_place, timelines

TINY = TableWorld(((((0.5, 0, 1.0, False), (0.5, 0, 0.0, True)),) * 2,))
SPACING = 1024  # of the tiny world's tables: 532 bytes


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(keyframes, "SHORTEST", 1)
    monkeypatch.setattr(keyframes, "shelf", Shelf())
    return monkeypatch


def straight(env, agent, seed, t):
    place = begin(env, agent, seed)
    return place, advance(place, t, episode_rows=t)[1]


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("first", [5 * SPACING, 0])
def test_moments_around_a_keyframe_are_no_different(first):
    run = Timeline(TINY, QLearning(), 3)
    run.at(first)
    for t in (k * SPACING + d for k in (3, 1, 2) for d in (-1, 0, 1)):
        place, episodes = straight(TINY, QLearning(), 3, t)
        assert same_place(run.at(t), place), t
        assert same(run.episodes(t), episodes), t
    (kept,) = keyframes.shelf.tracks.values()
    assert kept.spacing == SPACING
    assert [frame.step for frame in kept.frames] == [k * SPACING for k in range(max(first // SPACING, 3) + 1)]


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("t", [SPACING - 1, SPACING, SPACING + 1])
def test_an_edit_around_a_keyframe_is_no_different(t):
    run = Timeline(TINY, QLearning(), 3).edited(t, alpha=0.7)
    place = begin(TINY, QLearning(), 3)
    before = advance(place, t, episode_rows=t)[1]
    place.agent = QLearning(alpha=0.7)
    after = advance(place, t + 2 * SPACING + 1, episode_rows=3 * SPACING)[1]
    assert same_place(run.at(t + 2 * SPACING + 1), place)
    assert len(run.episodes(t + 2 * SPACING + 1)) == len(before) + len(after)
    assert same(run.episodes(t), before)


def test_keyframes_are_further_apart_where_tables_are_large():
    big = TableWorld(TINY.table * 5000, (1.0,) + (0.0,) * 4999)
    small, large = (Track(env, begin(env, QLearning(), 0)) for env in (FrozenLake(), big))
    assert small.spacing == keyframes.SHORTEST
    assert large.spacing >= large.frame_bytes > 2 * 5000 * 2 * 8


@given(st.lists(st.tuples(timelines(most_edits=2), st.integers(0, 6000)), min_size=2, max_size=4))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_forgetting_everything_at_once_changes_nothing(fresh, visits):
    fresh.setattr(keyframes, "BUDGET", 256 * 2**20)
    expected = [(run.at(t), run.episodes(t), run.steps(max(0, t - 300), t)) for run, t in visits]
    fresh.setattr(keyframes, "BUDGET", 0)
    fresh.setattr(keyframes, "shelf", Shelf())
    for (run, t), (place, episodes, steps) in zip(visits, expected, strict=True):
        assert same_place(run.at(t), place)
        assert same(run.episodes(t), episodes)
        assert same(run.steps(max(0, t - 300), t), steps)
        assert len(keyframes.shelf.tracks) == 1


def test_the_least_recently_used_is_forgotten_first(fresh):
    made = []

    def get(seed):
        def start():
            made.append(seed)
            return begin(TINY, QLearning(), seed)
        return track(seed, start)

    fresh.setattr(keyframes, "BUDGET", 2 * get(1).bytes)
    for seed in (2, 1, 3, 1, 2):  # 3 pushes out 2, since 1 was looked at after it
        get(seed)
    assert made == [1, 2, 3, 2]


def test_what_grows_after_it_was_made_is_counted(fresh):
    run = Timeline(TINY, QLearning(), 0)
    run.at(0)
    (kept,) = keyframes.shelf.tracks.values()
    run.at(10 * SPACING)
    per_episode = 3 * 8
    assert kept.bytes == 11 * kept.frame_bytes + per_episode * len(run.episodes(10 * SPACING))
    fresh.setattr(keyframes, "BUDGET", kept.bytes)
    Timeline(TINY, QLearning(), 1).at(0)
    assert kept not in keyframes.shelf.tracks.values()


def test_a_keyframe_is_made_once_however_many_wait_for_it(fresh):
    made = []

    def slow_advance(run, stop, *rows):
        if run.step == stop - SPACING:  # on the way to a keyframe
            made.append(stop)
            sleep(0.005)  # long enough for the others to come
        return advance(run, stop, *rows)

    fresh.setattr(keyframes, "advance", slow_advance)
    run = Timeline(TINY, QLearning(), 5)
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(run.at, [4 * SPACING + 7] * 8))
    assert made == [SPACING, 2 * SPACING, 3 * SPACING, 4 * SPACING]
    assert all(same_place(place, straight(TINY, QLearning(), 5, 4 * SPACING + 7)[0]) for place in places)


@pytest.mark.usefixtures("fresh")
def test_many_at_once_get_the_same_answers():
    run = Timeline(FrozenLake(), QLearning(), 9).edited(9000, alpha=0.5).edited(20_000, epsilon=0.5)
    moments = [30_000, 100, 12_000, 25_000, 9000, 20_000, 29_999, 8999] * 6
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda t: (run.at(t), run.episodes(t)), moments))
    keyframes.shelf.tracks.clear()
    for t, (place, episodes) in zip(moments, got, strict=True):
        assert same_place(place, run.at(t))
        assert same(episodes, run.episodes(t))
