"""The loop page without a browser: every way to be in it, every world, everything that can be moved there."""

import pytest

from pages.parts.loop import modes as choices
from pages.parts.loop.player import MODES, PLAY, PREDICT, WATCH
from rl.link import from_query_string
from tests.pages.app import move, moves, opened, paused, player, unharmed, widgets
from tests.pages.saying import say

pytestmark = pytest.mark.usefixtures("few_seeds")
LOOP = "pages/loop.py"
PLACES = [kind.slug for kind in choices.PLACES]
ORDINARY = [slug for slug in PLACES if slug in ("lake", "taxi", "blackjack", "cartpole", "windy", "bias", "live")]
"""Worlds of every kind: layers, no grid, a film, more or fewer actions, actions that are missing, no table."""
RUNS = {WATCH: "agent={0}&t=20", PLAY: "agent={1},moves:010101&t=6", PREDICT: "agent={0}&t=20&mode=predict"}


def at_work(mode, place):
    """Opens the page at a run of a world, in a mode."""
    agents = ("binned", "pilot") if place == "cartpole" else ("q", "human")
    query = dict(part.split("=") for part in f"v=1&env={place}&seed=3&{RUNS[mode].format(*agents)}".split("&"))
    return opened(LOOP, **query)


def choose(at, mode):
    """Chooses what to do, as the buttons at the top do."""
    at.session_state["loop.mode"] = mode
    player(at, LOOP).choose_mode(mode)
    return unharmed(at.run())


def keys(at):
    return [widget.key for widget in widgets(at)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("mode", MODES)
def test_every_world_opens_in_every_mode(mode, place):
    at = at_work(mode, place)
    me = player(at, LOOP)
    assert (me.mode, me.env.slug, me.note) == (mode, place, None)
    own = {WATCH: "loop.character", PLAY: "loop.fog", PREDICT: "loop.question"}
    assert [key in keys(at) for key in own.values()] == [kind == mode for kind in own]
    assert ("loop.preset" in keys(at)) == (place == "grid")


@pytest.mark.parametrize("mode", [PLAY, PREDICT])
def test_everything_can_be_moved_in_every_mode(mode):
    """Watching, the page opens: `test_every_page` moves everything there."""
    at = at_work(mode, "grid")
    for key, value in moves(at):
        at = at_work(mode, "grid") if player(at, LOOP).t == 0 else at
        unharmed(move(at, key, value))


ELSEWHERE = ("task.", "check.", "loop.place")
"""What leads to another world: the tasks are opened by the test of the grid, the places by one of their own."""


@pytest.mark.slow
@pytest.mark.parametrize("place", ORDINARY)
@pytest.mark.parametrize("mode", [WATCH, PLAY])
def test_everything_about_a_world_can_be_moved_in_every_mode(mode, place):
    """Predicting, everything is as it is when watching, and one thing more."""
    at = at_work(mode, place)
    for key, value in moves(at):
        if key in keys(at) and not key.startswith(ELSEWHERE):
            unharmed(move(at, key, value))


@pytest.mark.parametrize("place", ORDINARY)
def test_predicting_there_is_a_question_more_and_all_else_is_as_when_watching(place):
    watched, at = moves(at_work(WATCH, place)), at_work(PREDICT, place)
    own = [(key, value) for key, value in moves(at) if (key, value) not in watched]
    assert {key for key, _ in own} == {"loop.question"}
    for key, value in own:
        unharmed(move(at, key, value))


def test_every_place_is_a_world_of_ours_and_can_be_chosen_in_every_mode():
    at = opened(LOOP)
    for mode in (WATCH, PLAY, PREDICT, WATCH):
        choose(at, mode)
        for i, place in enumerate(PLACES):
            unharmed(move(at, "loop.place", i))
            assert (player(at, LOOP).env.slug, player(at, LOOP).mode) == (place, mode)
    assert set(PLACES) >= {"grid", "lake", "cliff", "taxi", "blackjack", "cartpole"}


def test_all_that_can_be_moved_has_a_key_and_help_in_every_mode():
    for mode in MODES:
        for widget in widgets(at_work(mode, "grid")):
            assert widget.key and (widget.type == "button" or widget.help), widget.label


@pytest.mark.parametrize(("name", "rates"), [
    ("Q-learning", (0.1, 0.5)), ("greedy", (0.0, 0.5)), ("random", (1.0, 0.0))])
def test_who_acts_can_be_changed_in_mid_run(name, rates):
    at = opened(LOOP)
    me = paused(at, "v=1&env=lake&agent=q,alpha:0.3,epsilon:0.7&seed=3&t=20", LOOP)
    box = next(widget for widget in widgets(at) if widget.key == "loop.character")
    unharmed(box.set_value(name).run())
    assert (me.agent.epsilon, me.agent.alpha) == rates or name == "Q-learning"
    assert me.t == 20 and me.timeline.settings(19).agent.epsilon == 0.7


def test_settings_of_ones_own_have_no_name():
    at = opened(LOOP)
    paused(at, "v=1&env=lake&agent=q,epsilon:0,alpha:0&seed=3&t=20", LOOP)
    assert next(widget for widget in widgets(at) if widget.key == "loop.character").value in (None, "greedy")


def test_the_text_of_moves_is_no_setting():
    at = at_work(PLAY, "lake")
    assert not [key for key in keys(at) if "moves" in key]


def test_returns_of_others_appear_with_the_first_episode():
    at = at_work(PLAY, "cliff")
    me = player(at, LOOP)
    texts = lambda: " ".join(text.value for text in at.caption)  # noqa: E731
    assert "It appears when your first episode is over" in texts()
    me.open(from_query_string("v=1&env=cliff&agent=human,moves:0111111111112&seed=3&t=13"))
    unharmed(at.run())
    assert "Mean return over 1 episode: you −13; the best policy −13, Q-learning " in texts()


@pytest.mark.parametrize("question", ["value", "action"])
def test_predictions_are_counted_and_explained(question):
    at = at_work(PREDICT, "lake")
    me = player(at, LOOP)
    me.question = question
    for step, said in ((19, 0.0), (18, 3.0), (17, 1.0)):
        say(me, "guess", 20, step=step, said=said)
    unharmed(at.run())
    right = sum(guess.right for guess in me.guesses)
    shown = [text.value for text in at.markdown]
    assert any(f"Your predictions: {right} of 3 right" in text for text in shown)
    assert sum(f"step {step:,}: " in text for text in shown for step in (17, 18, 19)) == 3


def test_a_long_game_of_a_persons_can_be_drawn():
    at = opened(LOOP)
    paused(at, f"v=1&env=lake&agent=human,moves:{'1221' * 1000}&seed=3&t=4000", LOOP)
    assert player(at, LOOP).timeline.episodes(4000).ret.size > 20


@pytest.mark.parametrize("query", [{"env": "bandit", "agent": "ucb"}, {"env": "lake", "agent": "human,moves:9"},
                                   {"env": "cartpole", "agent": "pilot,moves:3"}])
@pytest.mark.parametrize("file", [LOOP, "pages/q_learning.py", "pages/bandits.py"])
def test_a_link_that_belongs_elsewhere_does_no_harm(file, query):
    me = player(opened(file, v="1", t="1", **query), file)
    assert me.note is None or me.note.endswith("Here is the usual start instead.")


@pytest.mark.parametrize("file", ["pages/q_learning.py"])
@pytest.mark.parametrize("query", [{"env": "cartpole", "agent": "binned"}, {"env": "lake", "agent": "human,moves:01"}])
def test_a_run_that_a_page_cannot_show_is_not_shown(file, query):
    assert "belongs to another page" in player(opened(file, v="1", **query), file).note
