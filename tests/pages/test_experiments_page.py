"""The laboratory's bench: settings, runs that can be cancelled and gone on with, files, and the book."""

import json
from dataclasses import replace

import pytest

from pages.parts.escape import plain
from pages.parts.experiments import book as book_page
from pages.parts.experiments import lab as lab_module
from pages.parts.experiments import results as results_page
from pages.parts.experiments.kept import Kept
from pages.parts.experiments.lab import LEARNERS, PLAYABLE, Lab
from pages.parts.experiments.shelf import Shelf
from rl.agents.bandits.ucb import UCB
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.envs.cliff_walking import CliffWalking
from rl.envs.dyna_maze import DynaMaze
from rl.envs.testbed import Testbed
from rl.experiments.book import BOOK
from rl.experiments.config import Experiment
from rl.experiments.queue import Queue
from rl.experiments.saved import to_json
from rl.experiments.sweep import CANCELLED, DONE, RUNNING, Sweep
from rl.experiments.table import typical_link
from rl.knob import knobs
from rl.link import from_query_string
from tests.pages.app import move, opened, unharmed

FILE = "pages/experiments.py"
SMALL = Experiment((CliffWalking(),), (QLearning(alpha=0.5), Sarsa(alpha=0.5)), (("epsilon", (0.1, 0.3)),), seeds=3,
                   episodes=5, last=2)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(lab_module, "PRESET", SMALL)
    monkeypatch.setattr(lab_module, "KEPT", Kept())


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


@pytest.mark.parametrize("change", [
    {"threshold": 5}, {"threshold": 1_000_000}, {"first_seed": 2**31 - 5000}, {"last": 10_000}, {"seeds": 1}])
def test_whatever_may_be_loaded_can_be_shown(change):
    lab = Lab()
    lab.load(json.dumps(json.loads(to_json(SMALL)) | change))
    assert lab.note is None
    at = opened(FILE)
    at.session_state["experiments.lab"] = lab
    unharmed(at.run())
    name, value = next(iter(change.items()))
    assert at.number_input(key=f"lab.{name}").value == value


@pytest.mark.parametrize("change", [{"threshold": 1e9}, {"first_seed": 2_147_483_600, "seeds": 3}])
def test_what_the_form_has_no_room_for_is_refused(change):
    lab = Lab()
    lab.load(json.dumps(json.loads(to_json(SMALL)) | change))
    assert next(iter(change)) in lab.note and lab.sweep is None


def test_as_many_swept_settings_are_shown_as_there_are():
    grid = (("alpha", (0.5,)), ("epsilon", (0.1,)), ("initial", (0.0,)), ("env.slippery", ("no", "yes")))
    lab = Lab()
    lab.load(to_json(replace(SMALL, grid=grid)))
    assert lab.experiment() == lab.sweep.experiment == replace(SMALL, grid=grid)
    at = opened(FILE)
    at.session_state["experiments.lab"] = lab
    unharmed(at.run())
    assert [at.selectbox(key=f"lab.swept.{i}").value for i in range(4)] == [name for name, _ in grid]
    assert at.multiselect(key="lab.words.3.env.slippery").value == ["no", "yes"]


@pytest.mark.parametrize(("change", "says"), [
    ({"agents": (QLearning(), QLearning(alpha=0.3))}, "Q-learning is in this experiment more than once"),
    ({"agents": (QLearning(), UCB())}, "UCB cannot be chosen here"),
    ({"envs": (CliffWalking(), Testbed())}, "k-armed bandit cannot be chosen here")])
def test_what_cannot_be_shown_is_refused_and_nothing_changes(change, says):
    lab = Lab()
    before = lab.experiment()
    lab.load(to_json(replace(SMALL, grid=(), **change)))
    assert says in lab.note and lab.sweep is None and lab.experiment() == before


def test_settings_of_all_algorithms_stand_where_the_file_put_them():
    lab = Lab()
    lab.load(to_json(replace(SMALL, agents=(QLearning(epsilon=0.3, gamma=0.9), Sarsa(epsilon=0.2, gamma=0.9)))))
    assert lab.shared == {"epsilon": 0.3, "alpha": 0.1, "gamma": 0.9}


def test_changes_in_mid_run_are_shown_taken_away_and_typed():
    lab = Lab()
    lab.load(to_json(replace(SMALL, edits=("50,env.slippery:yes",))))
    at = opened(FILE)
    at.session_state["experiments.lab"] = lab
    unharmed(at.run())
    assert any("50" in text.value and "slippery" in text.value for text in at.markdown)
    move(at, "lab.edit.new", "20,epsilon:0")
    assert lab.edits == ("20,epsilon:0", "50,env.slippery:yes") and lab.note is None
    assert at.text_input(key="lab.edit.new").value == ""
    move(at, "lab.edit.1")
    assert lab.edits == ("20,epsilon:0",)
    for bad in ("x", "0,epsilon:0", "30,beta:1", "20,alpha:0.2", "9999999999,alpha:1"):
        unharmed(move(at, "lab.edit.new", bad))
        assert lab.note and "link" not in lab.note and lab.edits == ("20,epsilon:0",)
    move(at, "lab.edit.0")
    assert lab.edits == () and lab.experiment().edits == ()


def test_words_are_chosen_from_a_list_and_not_typed():
    lab = Lab()
    lab.choose("agents", ["mc", "q"])
    lab.choose("worlds", ["maze"])
    at = opened(FILE)
    at.session_state["experiments.lab"] = lab
    unharmed(at.run())
    row = at.selectbox(key="lab.swept.0")
    unharmed(row.select("env.layout").run())
    layouts = knobs(DynaMaze())["layout"][1].options
    assert lab.experiment().grid == (("env.layout", layouts),)
    unharmed(at.multiselect(key="lab.words.0.env.layout").set_value(["blocking: gap right"]).run())
    assert lab.experiment().grid == (("env.layout", ("blocking: gap right",)),)
    unharmed(at.selectbox(key="lab.swept.0").select("starts").run())
    assert lab.experiment().grid == (("starts", ("epsilon-soft", "exploring starts")),)
    unharmed(at.selectbox(key="lab.swept.0").select("epsilon").run())
    assert lab.swept[0] == ("epsilon", "0.1, 0.3, 0.5, 0.7, 0.9")  # words are no numbers
    unharmed(at.selectbox(key="lab.swept.0").select("").run())


def test_what_a_file_says_is_no_markdown():
    at = opened(FILE)
    lab = at.session_state["experiments.lab"]
    lab.load(json.dumps(json.loads(to_json(SMALL)) | {"**[x](http://a.b)** $y$": 1}))
    unharmed(at.run())
    assert [warning.value for warning in at.warning] == [plain(lab.note)] and "[x](" in lab.note
    assert "[x](" not in at.warning[0].value and "**" not in at.warning[0].value


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_figure_is_made_once_and_seldom_while_that_takes_long_and_runs_come_in():
    clock, made = Clock(), []
    shelf, sweep = Shelf(clock), Sweep(replace(SMALL, seeds=40), Queue(1))

    def make(found):
        made.append(int(found.done.sum()))
        clock.now += 2.0  # a slow one
        return len(made)

    sweep.state = RUNNING
    assert [shelf.get("a", sweep, make) for _ in range(3)] == [1, 1, 1] and made == [0]
    sweep.results.done[0, :5] = True
    clock.now += 7.9
    assert shelf.get("a", sweep, make) == 1  # two seconds of ten at most
    clock.now += 0.2
    assert shelf.get("a", sweep, make) == 2 and made == [0, 5]
    sweep.results.done[0, :9] = True
    sweep.state = DONE
    assert [shelf.get("a", sweep, make) for _ in range(3)] == [3] * 3 and made == [0, 5, 9]
    assert shelf.get("b", sweep, make) == 4
    assert shelf.get("a", Sweep(SMALL, Queue(1)), make) == 5 and len(shelf.things) == 1


def test_a_finished_experiment_is_drawn_once_however_often_the_page_runs(monkeypatch):
    drawn = []
    real = results_page.learning_curves
    monkeypatch.setattr(results_page, "learning_curves", lambda *a, **k: (drawn.append(1), real(*a, **k))[1])
    at = opened(FILE)
    done(at.session_state["experiments.lab"])
    unharmed(at.run())
    before = len(drawn)
    for _ in range(3):
        unharmed(at.run())
    assert len(drawn) == before


def test_finished_sweeps_are_kept_within_a_budget_and_those_asked_for_stay():
    a, b, c = (Sweep(replace(SMALL, first_seed=seed), Queue(1)) for seed in range(3))
    kept = Kept(2 * a.results.nbytes)
    kept.put(a)
    kept.put(b)
    assert kept.get(a.experiment) is a
    kept.put(c)
    assert [kept.get(sweep.experiment) for sweep in (a, b, c)] == [a, None, c]
    assert Kept().budget >= 46_000_000  # the largest fits


@pytest.mark.parametrize("tab", ["Profile", "Who is better"])
def test_where_a_point_is_many_runs_the_caption_says_so(tab):
    at = opened(FILE)
    at.session_state["experiments.lab"].look().wait(60)
    at.session_state["lab.tabs"] = tab
    unharmed(at.run())
    assert any("stands for many runs" in caption.value for caption in at.caption)


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


def test_a_setting_that_is_chosen_comes_with_values_it_can_have():
    lab = Lab()
    lab.choose("agents", ["q", "dyna", "sarsal"])
    lab.choose("worlds", ["grid", "lake"])
    for name in lab.sweepable:
        lab.sweep_over(0, name)
        lab.sweep_over(1, "")
        assert lab.swept[0][1] and len(lab.experiment().plan.conditions) > 6, name
