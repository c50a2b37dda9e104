"""The bandit page: every mode and knob, what a pull does, and what is sent to be drawn."""

from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest

from pages.bandits import PRESET
from pages.parts.bandits.charts import bound, lowest, runs
from pages.parts.bandits.comparison import NEW, SAME, Comparison, from_query, to_query
from pages.parts.bandits.controls import ALGORITHMS, front
from pages.parts.bandits.player import COMPARE, HAND, KEPT, WATCH, arms_player
from rl import bandit_study
from rl.agents.bandits.hand import Hand
from rl.agents.bandits.thompson import Thompson
from rl.agents.bandits.ucb import UCB
from rl.bandits import reasons, tally
from rl.bounds import true_means
from rl.envs.testbed import Testbed
from rl.link import View, from_query_string, to_query_string
from rl.timeline import Timeline
from tests.pages.app import move, moves, opened, paused, player, tabs, unharmed, widgets
from tests.pages.saying import say
from tests.pages.unpack import unpacked

FILE = "pages/bandits.py"
BED = Testbed(arms=4)


def seated(agent=None, t=0, seed=5, bed=BED):
    return arms_player({}, View(Timeline(bed, agent or UCB(), seed), t, t))


def by_hand(pulls="0123", seed=5):
    me = seated(Hand(pulls=pulls), len(pulls), seed)
    me.playing, me.autoplay = False, None
    return me


class TestPulling:
    def test_a_pull_is_one_more_step_of_the_run(self):
        me = by_hand("01")
        say(me, "pull", 2, arm=3)
        assert me.timeline == Timeline(BED, Hand(pulls="013"), 5) and (me.t, me.end) == (3, 3)

    def test_a_pull_in_the_past_leaves_the_later_ones_behind(self):
        me = by_hand("0123")
        say(me, "jump", 4, to=1)
        say(me, "pull", 1, arm=2)
        assert me.timeline.agent.pulls == "02" and me.t == 2 and "3 later pulls" in me.note

    @pytest.mark.parametrize("arm", [4, -1, "1", None, 2.5])
    def test_an_arm_that_does_not_exist_is_not_pulled(self, arm):
        me = by_hand("01")
        say(me, "pull", 2, arm=arm)
        assert me.timeline.agent.pulls == "01"

    def test_nobody_pulls_for_an_algorithm(self):
        me = seated(UCB(), 6)
        say(me, "pull", 6, arm=1)
        assert me.timeline == Timeline(BED, UCB(), 5)

    def test_after_too_many_pulls_it_says_so(self):
        me = by_hand("0" * 5000)
        say(me, "pull", 5000, arm=1)
        assert me.t == 5000 and "5,000" in me.note

    def test_arms_that_begin_to_drift_keep_the_pulls_and_can_be_pulled_on(self):
        me = by_hand("0123")
        me.turn("env", "drift", 0.1)
        say(me, "pull", 4, arm=2)
        assert me.timeline.steps(0, 5).action.tolist() == [0, 1, 2, 3, 2] and me.env.drift == 0.1
        assert from_query_string(to_query_string(View(me.timeline, 5, 5))).timeline == me.timeline

    @pytest.mark.parametrize(("name", "value"), [("arms", 2), ("rewards", "Bernoulli")])
    def test_other_arms_have_not_been_pulled_yet(self, name, value):
        me = by_hand("0123")
        me.turn("env", name, value)
        assert me.timeline.agent == Hand() and me.t == 0

    def test_start_over_and_another_seed_forget_the_pulls(self):
        me = by_hand("0123")
        me.restart()
        assert me.timeline == Timeline(BED, Hand(), 5)
        say(me, "pull", 0, arm=1)
        say(me, "seed", 1)
        assert me.timeline == Timeline(BED, Hand(), 6)


class TestModes:
    def test_the_mode_of_a_link_is_that_of_its_agent(self):
        assert seated(UCB()).mode == WATCH and by_hand().mode == HAND

    def test_each_mode_finds_its_run_as_it_was_left(self):
        me = seated(UCB(), 30)
        me.choose_mode(HAND)
        assert me.timeline == Timeline(BED, Hand(), 5) and not me.playing
        say(me, "pull", 0, arm=2)
        me.choose_mode(WATCH)
        assert (me.timeline, me.t) == (Timeline(BED, UCB(), 5), 30) and me.playing
        me.choose_mode(COMPARE)
        assert me.mode == COMPARE and not me.playing
        me.choose_mode(HAND)
        assert me.timeline.agent.pulls == "2" and me.mode == HAND

    def test_on_other_arms_a_person_begins_anew_and_so_does_the_algorithm(self):
        me = seated(UCB(c=1.0), 30)
        me.choose_mode(HAND)
        say(me, "pull", 0, arm=2)
        me.restart(6)
        assert me.mine is None
        me.choose_mode(WATCH)
        assert (me.timeline, me.t) == (Timeline(BED, UCB(c=1.0), 6), 0)

    def test_your_run_is_found_again_on_the_same_arms_only(self):
        me = by_hand("012")
        me.restart(6)
        me.choose_mode(WATCH)
        assert me.mine is None
        me.restart(5)
        assert me.mine == Timeline(BED, Hand(pulls="012"), 5)

    def test_so_many_runs_by_hand_are_kept_and_no_more(self):
        me = by_hand("0", seed=0)
        for seed in range(1, KEPT + 5):
            me.restart(seed)
            me.pull(1)
        assert len(me.by_hand) == KEPT

    def test_another_algorithm_starts_over_and_keeps_the_knobs_it_had(self):
        me = seated(UCB(c=1.0), 30)
        me.choose_agent("thompson")
        assert (me.timeline, me.t) == (Timeline(BED, Thompson(), 5), 0) and me.autoplay
        me.choose_agent("ucb")
        assert me.agent == UCB(c=1.0)

    def test_a_widget_that_is_put_away_changes_nothing(self):
        me = seated(UCB(), 30)
        me.choose_agent("ucb")
        me.choose_seed(5)
        assert me.t == 30

    def test_opening_a_run_ends_the_comparison(self):
        me = seated()
        me.choose_mode(COMPARE)
        me.open(PRESET)
        assert me.mode == WATCH


class TestWhatIsSent:
    @pytest.mark.parametrize("agent", [kind() for kind in ALGORITHMS.values()] + [Hand(pulls="0123" * 20)])
    def test_the_rows_and_sentences_are_the_engines(self, agent):
        me = seated(agent, 60)
        data, (t0, t1) = me.data(), me.sent
        found = reasons(me.timeline, t0, t1)
        assert [note["why"] for note in data["notes"]] == found.why
        for name in ("value", "score", "width", "chance"):
            rows = unpacked(data["moments"][name], t1 - t0 + 1, 4)
            assert np.array_equal(rows, getattr(found, name).astype(np.float32), equal_nan=True)
        assert unpacked(data["moments"]["best"])[60 - t0] == tally(me.timeline, 60).best

    def test_the_step_size_of_an_average_is_one_over_the_pulls(self):
        sizes = unpacked(by_hand("0010").data()["steps"]["alpha"])
        assert sizes == pytest.approx([1, 1 / 2, 1, 1 / 3])

    def test_a_step_size_that_is_set_is_sent(self):
        assert set(unpacked(seated(UCB(alpha=0.25)).data()["steps"]["alpha"])) == {0.25}

    def test_however_fast_it_plays_no_more_is_sent_than_can_be_explained_in_time(self):
        me = seated(UCB(), 100)
        say(me, "more", 100, speed=2000, playing=True)
        assert me.sent[1] - me.t == 1000

    def test_the_axis_holds_what_the_arms_pay(self):
        told, value = seated().data()["bandit"], true_means(BED, 5)
        assert told["low"] < value.min() and value.max() < told["high"] and not told["bernoulli"]
        assert seated(bed=Testbed(rewards="Bernoulli")).data()["bandit"]["bernoulli"]

    def test_episodes_cannot_be_skipped(self):
        me = seated(UCB(), 10)
        say(me, "episodes", 10, n=1000)
        assert (me.t, me.end) == (10, 10)


class TestCurves:
    def test_your_run_stands_beside_the_algorithms_on_the_same_arms(self):
        me = seated(UCB(), 30)
        assert list(runs(me)) == ["UCB"]
        me.choose_mode(HAND)
        assert list(runs(me)) == []
        me.pull(1)
        me.pull(2)
        shown = runs(me)
        assert list(shown) == ["you, by hand", "UCB"] and all(run.step[-1] == 2 for run in shown.values())
        me.choose_mode(WATCH)
        shown = runs(me)
        assert list(shown) == ["UCB", "you, by hand"] and [run.step[-1] for run in shown.values()] == [30, 2]
        value = true_means(BED, 5)
        assert shown["you, by hand"].regret[-1] == pytest.approx(2 * value.max() - value[1] - value[2])

    def test_where_there_is_no_bound_it_says_why(self):
        assert bound(BED, 5) > 0 and "ln t" in lowest(BED, 5)
        drifting, alike = replace(BED, drift=0.1), replace(BED, spread=0.0)
        assert bound(drifting, 5) is None and "drift" in lowest(drifting, 5)
        assert bound(alike, 5) is None and "alike" in lowest(alike, 5)


class TestLinks:
    @pytest.mark.parametrize(("query", "said"), [
        ("v=1&env=lake&agent=q&t=5", "another page"),
        ("v=1&env=cartpole&agent=pilot&t=5", "another page"),
        ("v=1&env=bandit,arms:2&agent=hand,pulls:9&t=1", "start over"),
        ("v=1&env=bandit,arms:99&agent=ucb", "arms"),
        ("v=1&env=bandit&agent=q", "cannot play"),
        ("v=1&env=bandit&agent=hand,pulls:!&t=1", "moves"),
        ("v=1&env=bandit&agent=hand,pulls:01&edits=1,env:lake,agent:q&t=2", "fit"),
    ])
    def test_a_link_that_cannot_be_shown_leaves_a_sentence_and_the_usual_start(self, query, said):
        me = arms_player(dict(parse_qsl(query)), PRESET)
        assert me.timeline == PRESET.timeline and said in me.note and me.note.endswith("usual start instead.")
        assert me.note[0].isupper()

    def test_a_link_to_a_run_by_hand_opens_it(self):
        me = arms_player(dict(parse_qsl("v=1&env=bandit,arms:4&agent=hand,pulls:0123&seed=5&t=2&end=4")), PRESET)
        assert me.mode == HAND and (me.t, me.end) == (2, 4) and me.mine.agent.pulls == "0123"


@pytest.fixture
def at():
    return opened(FILE)


def chosen(at, mode):
    """Chooses a mode with the buttons on top of the page."""
    group = next(widget for widget in at.get("button_group") if widget.key == "bandits.mode")
    return unharmed(group.set_value(mode).run())


class TestThePage:
    @pytest.mark.parametrize("slug", ALGORITHMS)
    def test_everything_about_an_algorithm_can_be_moved(self, at, slug):
        query = f"v=1&env=bandit,arms:4&agent={slug}&t=40"
        paused(at, query, FILE)
        for key, value in moves(at):
            if key.startswith("agent."):
                paused(at, query, FILE)
                unharmed(move(at, key, value))
                assert player(at, FILE).timeline != from_query_string(query).timeline

    def test_the_front_knobs_are_the_algorithms_own(self):
        assert all(hasattr(kind(), name) for kind in ALGORITHMS.values() for name in front(kind()))

    def test_everything_can_be_moved_while_pulling_by_hand(self, at):
        query = "v=1&env=bandit,arms:4&agent=hand,pulls:0123&t=4"
        for key, value in moves(paused(at, query, FILE) and at):
            paused(at, query, FILE)
            unharmed(move(at, key, value))
            assert player(at, FILE).is_hand or key.startswith("task.")

    def test_the_charts_ask_for_a_pull_first(self, at):
        chosen(at, HAND)
        assert any("Pull an arm" in info.value for info in at.info)

    def test_every_tab_opens_in_every_mode(self, at):
        at.session_state["bandits.comparison"] = Comparison(runs=100)
        for mode in (HAND, WATCH, COMPARE):
            chosen(at, mode)
            for key, label in tabs(at):
                at.session_state[key] = label
                unharmed(at.run())


def done(at):
    """Asks for slice after slice, as the browser does."""
    me, now = player(at, FILE), at.session_state["bandits.comparison"]
    while now.is_busy(me):
        unharmed(at.run())
    return now.study(me)


class TestTheLinkOfAComparison:
    def test_it_reads_as_it_was_spelled(self):
        now = Comparison(chosen=("eps", "eps2", "gradient2"), runs=500, bandits=SAME)
        now.turn("eps", "schedule", "linear")
        now.turn("gradient2", "alpha", 0.4)
        read = from_query(to_query(now))
        assert read == now
        assert from_query(to_query(Comparison(chosen=()))) == Comparison(chosen=())

    @pytest.mark.parametrize("who", ["moon", "eps,epsilon", "eps,epsilon:x", "eps,epsilon:9", "eps,no:1", "~", ","])
    def test_whatever_else_it_says_is_one_sentence(self, who):
        me = player(opened(FILE, v="1", env="bandit,arms:4", agent="ucb", compare=who, runs="7"), FILE)
        assert me.mode == WATCH and me.note.endswith("Here is the run alone.") and me.env.arms == 4

    def test_it_opens_the_comparison_and_stands_in_the_address(self):
        at = opened(FILE, v="1", env="bandit,arms:4", agent="ucb", compare="eps,epsilon:0.3~ucb", runs="100")
        assert player(at, FILE).mode == COMPARE and done(at).result(UCB()).runs == 100
        move(at, "compare.eps.EpsilonGreedy.epsilon", 0.5)
        assert at.query_params["compare"] in ("eps,epsilon:0.5~ucb", ["eps,epsilon:0.5~ucb"])


def test_a_study_half_done_goes_on_though_many_others_are_begun(monkeypatch):
    """All sessions share what is remembered: with more of them than it holds, nobody would ever be done."""
    monkeypatch.setattr(bandit_study, "REMEMBERED", 2)
    me, now = seated(seed=6), Comparison(chosen=("eps", "ucb"), runs=100)
    for seed in range(7, 100):
        now.study(me).advance(0.01)
        Comparison(chosen=("eps", "ucb"), runs=100).study(seated(seed=seed))
    assert now.study(me).progress > 0.5
    now.runs = 500
    assert now.study(me).runs == 500


class TestComparing:
    @pytest.fixture
    def comparing(self, at):
        at.session_state["bandits.comparison"] = Comparison(runs=100)
        return chosen(at, COMPARE)

    def test_it_works_until_it_is_done(self, comparing):
        assert done(comparing).result(UCB()).runs == 100
        assert not any(widget.key == "compare.cancel" for widget in widgets(comparing))

    def test_everything_can_be_moved(self, comparing):
        for key, value in moves(comparing):
            if key.startswith(("compare.", "world.")):
                unharmed(move(comparing, key, value))
                now = comparing.session_state["bandits.comparison"]
                if now.sweep:
                    now.sweep = False
                    unharmed(comparing.run())

    def test_a_knob_of_one_algorithm_is_that_algorithms(self, comparing):
        move(comparing, "compare.eps.EpsilonGreedy.alpha", 0.5)
        agents = comparing.session_state["bandits.comparison"].agents
        assert agents["eps"].alpha == 0.5 and agents["ucb"].alpha == 0.0

    def test_one_algorithm_can_be_compared_with_itself(self, comparing):
        now = comparing.session_state["bandits.comparison"]
        now.chosen = ("eps", "eps2")
        assert done(comparing).result(now.agents["eps2"]).runs == 100
        now.agents["eps2"] = now.agents["eps"]  # the very same: one line lies upon the other
        assert done(comparing).progress == 1

    def test_these_very_arms_are_those_of_the_seed(self, comparing):
        me, now = player(comparing, FILE), Comparison(runs=100)
        same = replace(now, bandits=SAME).study(me).parts
        assert now.bandits == NEW
        assert {part.task.same_arms for part in same.values()} == {True}
        assert {part.task.seed for part in same.values()} == {me.timeline.seed}

    def test_what_was_cancelled_stays_so_until_something_changes(self, comparing):
        me, now = player(comparing, FILE), comparing.session_state["bandits.comparison"]
        now.agents["ucb"] = UCB(c=3.3)
        now.cancelled = now.stands(me)
        unharmed(comparing.run())
        assert now.study(me).result(UCB(c=3.3)).runs == 0
        move(comparing, "compare.go_on")
        assert done(comparing).result(UCB(c=3.3)).runs == 100
        now.agents["ucb"] = UCB(c=3.4)
        now.cancelled = now.stands(me)
        move(comparing, "compare.ucb.UCB.c", 3.5)
        assert done(comparing).result(UCB(c=3.5)).runs == 100

    def test_without_an_algorithm_it_asks_for_one(self, comparing):
        comparing.session_state["bandits.comparison"].chosen = ()
        unharmed(comparing.run())
        assert any("Choose an algorithm" in info.value for info in comparing.info)
        assert {widget.key for widget in widgets(comparing)} >= {"world.Testbed.arms"}

    @pytest.mark.slow
    def test_the_parameter_study_is_one_button(self, comparing):
        unharmed(move(comparing, "compare.sweep_button"))
        now = comparing.session_state["bandits.comparison"]
        assert now.sweep and done(comparing).progress == 1
        assert any("Figure 2.6" in caption.value for caption in comparing.caption)
