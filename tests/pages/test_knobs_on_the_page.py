"""What each knob of the page promises: an edit at the moment shown that keeps what was learned, or a new start."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1.element_tree import Widget

from pages.parts import lesson
from rl.dice import MAX_SEED
from rl.envs import ENVS
from rl.envs.grid_presets import PRESETS
from rl.knob import knobs
from rl.lessons.q_learning import LESSON
from rl.link import from_query_string
from rl.timeline import Timeline
from tests.pages.app import each_move, move, opened, paused, player, unharmed, widgets

pytestmark = pytest.mark.usefixtures("few_seeds")
WORLDS = [*ENVS]


def chosen(at, key, value) -> object:
    """Returns what a knob holds when it is moved to a value as `moves` lists them."""
    widget = widget_of(at, key)
    return widget.options[value] if widget.type == "selectbox" else value


def widget_of(at, key) -> Widget:
    return next(widget for widget in widgets(at) if widget.key == key)


def is_setting(key, value) -> bool:
    return key.count(".") == 2 and value is not None


def once_each_of_the_agent():
    """Returns a filter for settings that lets those of the agent through once each."""
    done = set()

    def wanted(key, value):
        again = key in done and key.startswith("agent.")
        done.add(key)
        return is_setting(key, value) and not again

    return wanted


def test_every_setting_of_the_world_and_the_agent_has_a_widget():
    for world in ENVS:
        at = opened(v="1", env=world, t="10")
        me = player(at)
        keys = {widget.key for widget in widgets(at)}
        assert {f"world.{type(me.env).__name__}.{name}" for name in knobs(me.env)} <= keys
        assert {f"agent.{type(me.agent).__name__}.{name}" for name in knobs(me.agent)} <= keys


@pytest.mark.parametrize("world", WORLDS)
def test_a_setting_moved_in_mid_run_is_an_edit_there_and_keeps_what_was_learned(world):
    """Settings of the agent are moved everywhere they go in the first world, and once in each of the others."""
    small = f"{world},cars:4" if world == "cars" else world
    query = f"v=1&env={small}&agent=q,epsilon:0.3&seed=2&t=200&end=400"
    at = opened(v="1", env=small)
    for me, key, value in each_move(at, query, wanted=is_setting if world == WORLDS[0] else once_each_of_the_agent()):
        before, learned = me.timeline, me.timeline.at(200).memory
        prefix, _, name = key.split(".")
        old = me.env if prefix == "world" else me.agent
        to = chosen(at, key, value)
        try:
            new = replace(old, **{name: to})
        except ValueError:
            unharmed(move(at, key, value))
            assert me.timeline == before and me.t == 200 and me.note
            continue
        unharmed(move(at, key, value))
        env, agent = (new, before.agent) if prefix == "world" else (before.env, new)
        if new == old:
            assert me.timeline == before
        elif env.mdp.cdf.shape[:2] != before.env.mdp.cdf.shape[:2]:
            assert (me.timeline, me.t) == (Timeline(env, agent, 2), 0)
            assert me.note == "Another world: learning starts anew."
        else:
            assert (me.timeline, me.t, me.end) == (before.edited(200, env, agent), 200, 200)
            kept = me.timeline.at(200).memory
            tried = learned.visits > 0
            assert np.array_equal(kept.q[tried], learned.q[tried]) and np.array_equal(kept.visits, learned.visits)
            assert name == "initial" or np.array_equal(kept.q, learned.q)
            assert widget_of(at, key).value == to


def test_a_setting_moved_at_the_very_start_is_no_edit():
    at = opened(v="1")
    for me, key, value in each_move(at, "v=1&t=0&end=300&seed=4", wanted=is_setting):
        before = me.timeline
        unharmed(move(at, key, value))
        assert (me.timeline.edits, me.timeline.seed, me.t) == ((), 4, 0) and me.timeline != before


def test_two_settings_moved_at_once_both_count():
    at = opened()
    me = paused(at, "v=1&t=200")
    at.slider(key="agent.QLearning.epsilon").set_value(0.9)
    at.slider(key="agent.QLearning.alpha").set_value(0.7)
    at.slider(key="world.FrozenLake.success").set_value(0.5)
    unharmed(at.run())
    assert (me.agent.epsilon, me.agent.alpha, me.env.success) == (0.9, 0.7, 0.5)
    assert [edit.step for edit in me.timeline.edits] == [200]


def test_while_the_stage_plays_a_knob_waits_for_the_moment_it_is_at():
    at = opened()
    me = player(at)
    unharmed(at.slider(key="agent.QLearning.epsilon").set_value(0.9).run())
    assert me.timeline.edits == () and me.ask == 1 and me.pending[1].epsilon == 0.9
    assert at.slider(key="agent.QLearning.epsilon").value == 0.9  # it does not spring back meanwhile


@pytest.mark.parametrize("other", ENVS)
def test_another_environment_starts_learning_anew_with_the_same_agent_and_seed(other):
    at = opened()
    me = paused(at, f"v=1&env={'cliff' if other == 'lake' else 'lake'}&agent=q,alpha:0.3&seed=9&t=200")
    unharmed(at.selectbox(key="world.slug").select_index(list(ENVS).index(other)).run())
    assert (me.timeline, me.t) == (Timeline(ENVS[other](), replace(me.agent, alpha=0.3), 9), 0)
    assert me.note == "Another world: learning starts anew."


@pytest.mark.parametrize("seed", [0, 8, MAX_SEED])
def test_another_seed_starts_over_with_the_settings_in_force(seed):
    at = opened()
    me = paused(at, "v=1&agent=q,alpha:0.3&seed=9&edits=50,alpha:0.4&t=200")
    unharmed(at.number_input(key="run.seed").set_value(seed).run())
    assert (me.timeline, me.t) == (Timeline(me.env, replace(me.agent, alpha=0.4), seed), 0)


def test_start_over_keeps_the_settings_and_forgets_what_was_learned():
    at = opened()
    me = paused(at, "v=1&agent=q,alpha:0.3&seed=9&edits=50,alpha:0.4,env.success:0.5&t=200")
    assert me.timeline.at(200).memory.visits.sum() == 200
    unharmed(at.button(key="run.restart").click().run())
    assert (me.agent.alpha, me.env.success, me.timeline.seed, me.t, me.end) == (0.4, 0.5, 9, 0, 0)
    assert me.timeline.edits == () and me.timeline.at(0).memory.visits.sum() == 0


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_map_can_be_chosen_and_says_what_to_notice(preset):
    at = opened(v="1", env="grid,map:SG")
    me = player(at)
    assert at.selectbox(key="world.preset").value is None
    unharmed(at.selectbox(key="world.preset").set_value(preset.name).run())
    assert (me.timeline.env, me.t) == (preset.world, 0)
    assert preset.notice in [caption.value for caption in at.caption]


@pytest.mark.parametrize("task", LESSON.tasks, ids=lambda task: task.title)
def test_a_task_opens_its_run(task):
    at = opened()
    unharmed(at.button(key=f"task.{task.title}").click().run())
    me, view = player(at), from_query_string(task.query)
    assert (me.timeline, me.t, me.end, me.note) == (view.timeline, view.t, view.end, None)


def test_what_can_be_taken_away_is_made_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(lesson, "standalone", lambda *_: pytest.fail("made too early"))
    at = opened()
    at.session_state["q_learning.more"] = "Take it with you"
    unharmed(at.run())
    assert [button.label for button in at.get("download_button")] == [
        "Python script", "Episodes (CSV)", "Steps (CSV)", "Q-table (npz)"]
