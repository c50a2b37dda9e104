"""The laboratory's bench: settings, runs that can be cancelled and gone on with, files, and the book."""

from dataclasses import replace

import pytest

from pages.parts.experiments import book as book_page
from pages.parts.experiments import lab as lab_module
from pages.parts.experiments.lab import LEARNERS, PLAYABLE, Lab
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.envs.cliff_walking import CliffWalking
from rl.experiments.book import BOOK
from rl.experiments.config import Experiment
from rl.experiments.saved import to_json
from rl.experiments.sweep import CANCELLED, DONE
from rl.experiments.table import typical_link
from rl.link import from_query_string
from tests.pages.app import move, opened, unharmed

FILE = "pages/experiments.py"
SMALL = Experiment((CliffWalking(),), (QLearning(alpha=0.5), Sarsa(alpha=0.5)), (("epsilon", (0.1, 0.3)),), seeds=3,
                   episodes=5, last=2)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(lab_module, "PRESET", SMALL)
    monkeypatch.setattr(lab_module, "KEPT", {})


def done(lab):
    assert lab.look().wait(60) and lab.look().progress().state == DONE
    return lab.look().snapshot()


def test_the_first_look_begins_the_preset_and_thirty_more_share_its_results():
    first, others = Lab(), [Lab() for _ in range(30)]
    done(first)
    first.look()
    assert all(lab.look() is first.sweep for lab in others)


def test_what_two_begin_at_once_is_two_sweeps_so_that_neither_cancels_the_others():
    first, second = Lab(), Lab()
    assert first.look() is not second.look()
    first.sweep.cancel()
    assert done(second).done.all()


def test_the_form_makes_the_experiment_it_shows():
    lab = Lab()
    lab.choose("agents", ["q", "dyna", "nobody"])
    lab.choose("worlds", ["lake", "maze"])
    lab.share("gamma", 0.9)
    lab.turn("agents", "dyna", "planning", 20)
    lab.swept = [("alpha", "0.1, 0.5"), ("env.slip", "0")]
    with pytest.raises(ValueError, match="No environment here has a setting called 'slip'"):
        lab.experiment()
    lab.swept[1] = ("", "")
    made = lab.experiment()
    assert [agent.slug for agent in made.agents] == ["q", "dyna"] and {agent.gamma for agent in made.agents} == {0.9}
    assert made.agents[1].planning == 20 and made.grid == (("alpha", (0.1, 0.5)),)
    assert len(made.plan.conditions) == 8


@pytest.mark.parametrize(("values", "says"), [("", "no value to sweep"), ("7", "between 0 and 1"), ("x", "number")])
def test_what_cannot_be_swept_leaves_a_sentence_and_what_is_on_the_bench(values, says):
    lab = Lab()
    before = lab.look()
    lab.swept[0] = ("alpha", values)
    lab.run()
    assert says in lab.note and lab.sweep is before


def test_nothing_chosen_leaves_a_sentence():
    lab = Lab()
    lab.choose("agents", [])
    lab.run()
    assert lab.note == "An experiment needs at least one agent."


def test_a_cancelled_sweep_is_gone_on_with_and_ends_as_one_that_was_not():
    whole, cut = Lab(), Lab()
    larger = replace(SMALL, seeds=40, episodes=60)
    whole._start(larger)
    cut._start(larger)
    cut.sweep.cancel()
    cut.sweep.wait(60)
    assert cut.sweep.progress().state == CANCELLED
    cut.sweep.resume()
    one, other = done(whole), done(cut)
    assert one.returns.tobytes() == other.returns.tobytes()


def test_a_saved_experiment_is_loaded_again_with_all_its_settings():
    lab = Lab()
    lab.load(to_json(replace(SMALL, first_seed=7, threshold=-3.5)))
    assert lab.note is None and lab.experiment() == lab.sweep.experiment == replace(SMALL, first_seed=7, threshold=-3.5)


@pytest.mark.parametrize("text", [
    "", "{", "[]", '{"stepwise": "experiment", "version": 99}', "\x00" * 100, "9" * 200_000])
def test_a_file_that_is_none_leaves_a_sentence_and_the_bench_as_it_was(text):
    lab = Lab()
    lab.load(text)
    assert lab.note and lab.sweep is None


def test_every_algorithm_and_world_on_offer_can_be_run():
    lab = Lab()
    lab.choose("agents", list(LEARNERS))
    lab.choose("worlds", [slug for slug in PLAYABLE if slug not in ("cars", "live")])
    lab.swept = [("", ""), ("", "")]
    lab.seeds, lab.episodes = 1, 1
    conditions = lab.experiment().plan.conditions
    assert {c.timeline.agent.slug for c in conditions} == set(LEARNERS)


def test_the_page_draws_every_tab_while_it_runs_and_when_it_is_done():
    at = opened(FILE)
    at.session_state["experiments.lab"].look().wait(60)
    for tab in ("Curves", "Sensitivity", "Heatmap", "Profile", "Who is better", "Cost", "Files"):
        at.session_state["lab.tabs"] = tab
        unharmed(at.run())
        assert not at.warning


def test_a_clicked_point_is_opened_on_the_stage():
    at = opened(FILE)
    lab = at.session_state["experiments.lab"]
    found = done(lab)
    me = at.session_state["experiments.player"]
    view = from_query_string(typical_link(found, 1, "online"))
    me.open(view)
    unharmed(at.run())
    assert me.timeline == view.timeline and me.timeline.agent.slug in ("q", "sarsa")


def test_run_starts_what_is_set_and_a_bad_value_is_said():
    at = opened(FILE)
    move(at, "lab.values.0", "2")
    move(at, "lab.run")
    assert any("between 0 and 1" in warning.value for warning in at.warning)


def test_the_book_is_made_again_at_one_click_with_a_tick_for_every_number(monkeypatch):
    monkeypatch.setattr(book_page, "MADE", {})
    at = opened(FILE)
    at.session_state["lab.mode"] = "Reproduce the book"
    unharmed(at.run())
    move(at, "book.ex-13-1")
    for _ in range(40):
        if "ex-13-1" in book_page.MADE:
            break
        unharmed(at.run())
    unharmed(at.run())
    rows = BOOK["ex-13-1"].rows(book_page.MADE["ex-13-1"].measured)
    assert all(row.holds for row in rows)
    assert any("measured here" in text.value and "check_circle" in text.value for text in at.markdown)
