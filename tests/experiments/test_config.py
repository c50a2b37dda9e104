"""An experiment is what its settings say, within bounds, and whatever somebody loads instead gets one sentence."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.bandits.ucb import UCB
from rl.agents.control.dyna_q import DynaQ
from rl.agents.control.monte_carlo import MonteCarlo
from rl.agents.control.n_step_sarsa import NStepSarsa
from rl.agents.control.prioritised_sweeping import PrioritisedSweeping
from rl.agents.control.q_learning import QLearning
from rl.agents.human import Human
from rl.envs.cart_pole import CartPole
from rl.envs.cliff_walking import CliffWalking
from rl.envs.dyna_maze import DynaMaze
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.envs.testbed import Testbed
from rl.experiments import config
from rl.experiments.config import Experiment
from rl.experiments.saved import from_json, to_json
from rl.experiments.values import is_log_spaced, parse_values, spell_values
from rl.knob import knobs
from tests.strategies import TableWorld

SMALL = Experiment((CliffWalking(),), (QLearning(),), seeds=3, episodes=10, last=5)
FULL = Experiment(
    (FrozenLake(), FrozenLake("8x8"), CliffWalking(), GridWorld(map="S.G", rewards="1=0.5")),
    (QLearning(), QLearning(epsilon=0.3, schedule="linear")), (("alpha", (0.1, 0.5)), ("env.success", (0.5, 1.0))),
    7, 100, 250, "steps_to", -30.5, 20)


@pytest.mark.parametrize(("text", "expected"), [
    ("0.1", (0.1,)), ("0.1, 0.2,0.2 ,", (0.1, 0.2)), ("0.1:0.5:0.1", (0.1, 0.2, 0.3, 0.4, 0.5)),
    ("0:1:0.3", (0.0, 0.3, 0.6, 0.9)), ("3:3:1", (3.0,)), ("log 0.01:1:3", (0.01, 0.1, 1.0)),
    ("-1, 2:4:1, log 8:16:2", (-1.0, 2.0, 3.0, 4.0, 8.0, 16.0)), ("yes, no", ("yes", "no")),
    ("4x4,8x8", ("4x4", "8x8"))])
def test_values_are_read_as_they_are_typed(text, expected):
    assert parse_values(text) == expected
    assert parse_values(spell_values(expected)) == expected


@pytest.mark.parametrize("text", [
    "", " , ", "0.1:0.2", "1:2:3:4", "a:b:c", "0:1:0", "0:1:-1", "1:0:0.1", "0:1:0.001", "log 0:1:3", "log 1:0.5:3",
    "log 1:2:1", "log 1:2:2.5", "log 1:2:1e9", "nan", "1e999", "0:inf:1", "0:1:nan", "1:2:x", "!",
    ",".join(map(str, range(101))),
    "1 2", "'" * 1000, "9" * 5000 + ":1:1"])
def test_what_is_no_list_of_values_gets_a_sentence(text):
    with pytest.raises(ValueError) as said:
        parse_values(text)
    assert 10 < len(str(said.value)) < 250 and str(said.value).endswith(".")


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        assert 1 <= len(parse_values(text)) <= 100
    except ValueError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either is right


@pytest.mark.parametrize(("text", "expected"), [
    ('"exploring starts", epsilon-soft', ("exploring starts", "epsilon-soft")),
    ('"blocking: gap right" ,"a, b", 2', ("blocking: gap right", "a, b", 2.0)),
    ('"0.1","log 1:2:3"', ("0.1", "log 1:2:3")),
    (r'"say \"no\"",yes', ('say "no"', "yes"))])
def test_words_within_quotes_may_hold_what_else_separates(text, expected):
    assert parse_values(text) == expected == parse_values(spell_values(expected))


@given(st.lists(st.text(min_size=1) | st.floats(-1e6, 1e6), min_size=1, max_size=20, unique=True))
def test_whatever_is_spelled_is_read_back(values):
    assert parse_values(spell_values(tuple(values))) == tuple(values)


@pytest.mark.parametrize("text", ['"', '"a', 'a"b', '"a" b', '"a\nb"', r'"\q"', '"a"b"'])
def test_half_a_quotation_gets_a_sentence(text):
    with pytest.raises(ValueError, match="is no value to sweep"):
        parse_values(text)


@pytest.mark.parametrize(("env", "agent", "name"), [
    (CliffWalking(), MonteCarlo(), "starts"), (DynaMaze(), QLearning(), "env.layout")])
def test_every_word_of_a_choice_can_be_swept_and_saved(env, agent, name):
    words = knobs(env if "env." in name else agent)[name.removeprefix("env.")][1].options
    swept = replace(SMALL, envs=(env,), agents=(agent,), grid=((name, parse_values(spell_values(words))),))
    assert swept.grid == ((name, words),) and from_json(to_json(swept)) == swept


def test_a_threshold_is_a_number_with_a_point_however_it_was_written():
    assert isinstance(from_json(json.dumps(GOOD | {"threshold": 5})).threshold, float)
    assert from_json(json.dumps(GOOD | {"threshold": -1e6})).threshold == -1e6
    assert replace(SMALL, threshold=5) == replace(SMALL, threshold=5.0)


def test_who_does_more_at_each_step_gets_fewer_episodes():
    many = replace(SMALL, envs=(FrozenLake(),), seeds=5000, episodes=config.MOST_WORK // 5000)
    assert many.work == config.MOST_WORK
    for agent in (PrioritisedSweeping(planning=100), DynaQ(planning=100), NStepSarsa(n=100)):
        with pytest.raises(ValueError, match="fewer by agents that do more at each step"):
            replace(many, agents=(agent,))
        assert replace(many, agents=(agent,), episodes=10).work > 10 * 10 * 5000
    with pytest.raises(ValueError, match="do more at each step"):
        replace(many, edits=("100,agent:sweep,planning:100",))


def test_a_grid_by_factors_is_told_from_one_by_steps():
    assert is_log_spaced((0.01, 0.1, 1.0)) and is_log_spaced((1.0, 2.0, 4.0, 8.0)) and is_log_spaced((0.1, 0.03, 0.3))
    for values in ((0.1, 0.2, 0.3), (0.1, 1.0), (0.0, 0.1, 1.0), (1.0, 2.0, "no"), (-1.0, -0.1, -0.01)):
        assert not is_log_spaced(values)


def test_conditions_are_worlds_times_agents_times_values():
    plan = FULL.plan
    # The lakes have `success` and are swept over it; the cliff and the grid are not. Both agents have alpha.
    assert len(plan.conditions) == 2 * 2 * 2 * 2 + 2 * 2 * 2
    assert plan.dropped == ()
    first, last = plan.conditions[0], plan.conditions[-1]
    assert first.timeline.env == FrozenLake(success=0.5) and first.timeline.agent == QLearning(alpha=0.1)
    assert dict(first.values) == {"alpha": 0.1, "env.success": 0.5}
    assert last.timeline.agent == QLearning(alpha=0.5, epsilon=0.3, schedule="linear")
    assert last.label == "Q-learning (epsilon 0.3, schedule linear) · Grid world, alpha 0.5"
    assert len({condition.label for condition in plan.conditions}) == len(plan.conditions)


def test_agents_that_a_sweep_makes_equal_are_one():
    swept = replace(SMALL, agents=(QLearning(alpha=0.2), QLearning(alpha=0.3)), grid=(("alpha", (0.1, 0.2)),))
    assert [c.timeline.agent.alpha for c in swept.plan.conditions] == [0.1, 0.2]


def test_pairs_that_do_not_fit_are_left_out_with_a_reason():
    endless = TableWorld((((((1.0, 0, 1.0, False),)),),))
    mixed = Experiment((CliffWalking(), CartPole(), Testbed(), endless), (QLearning(), UCB(), Human(moves="01")))
    assert [c.timeline.env for c in mixed.plan.conditions] == [CliffWalking()]
    said = " ".join(mixed.plan.dropped)
    assert "Q-learning cannot play CartPole" in said and "k-armed bandit is left out: it has no episodes" in said
    assert "Table is left out: it has no episodes" in said and "a person's moves" in said
    with pytest.raises(ValueError, match="Nothing is left to compare: Q-learning cannot play CartPole"):
        Experiment((CartPole(),), (QLearning(),))


def test_a_world_can_change_in_mid_run():
    wall = Experiment((GridWorld(map="S..G/...."),), (QLearning(),), edits=("100,env.map:S#.G/....", "200,epsilon:0"))
    timeline = wall.plan.conditions[0].timeline
    assert [(edit.step, edit.env.map, edit.agent.epsilon) for edit in timeline.edits] == [
        (100, "S#.G/....", 0.1), (200, "S#.G/....", 0.0)]
    assert from_json(to_json(wall)) == wall


@pytest.mark.parametrize(("change", "reason"), [
    ({"envs": ()}, "at least one environment"), ({"agents": ()}, "at least one agent"),
    ({"agents": ("q",)}, "at least one agent"), ({"envs": (CliffWalking(),) * 2}, "each once"),
    ({"seeds": 0}, "seeds must be a whole number from 1 to 5,000; got 0"), ({"seeds": 5001}, "seeds must"),
    ({"seeds": True}, "seeds must"), ({"seeds": 1.0}, "seeds must"), ({"episodes": 10_001}, "episodes must"),
    ({"first_seed": 2**31 - 2}, "first_seed must"), ({"first_seed": -1}, "first_seed must"), ({"last": 0}, "last must"),
    ({"first_seed": 2**31 - 4999}, "from 0 to 2,147,478,648"),
    ({"threshold": 1_000_001}, "between -1,000,000 and 1,0"),
    ({"threshold": float("nan")}, "threshold must be a number"), ({"threshold": "0"}, "threshold"),
    ({"measure": "luck"}, "measure must be one of online, greedy"),
    ({"grid": (("beta", (1.0,)),)}, "No agent here has a setting called 'beta'"),
    ({"grid": (("env.alpha", (1.0,)),)}, "No environment here has a setting called 'alpha'"),
    ({"grid": (("alpha", ()),)}, "takes 1 to 100 values"), ({"grid": (("alpha", (0.1, 0.1)),)}, "each once"),
    ({"grid": (("alpha", (1.5,)),)}, "alpha must be between 0 and 1; got 1.5"),
    ({"grid": (("alpha", ("much",)),)}, "alpha must be a number; got 'much'"),
    ({"grid": (("alpha", (0.1,)),) * 2}, "each once"),
    ({"grid": tuple((name, tuple(i / 100 for i in range(30))) for name in ("alpha", "epsilon"))},
      "at most 500 conditions"),
    ({"seeds": 5000, "episodes": 10_000}, "choose fewer seeds, episodes or values"),
    ({"edits": ("x",)}, "the step of an edit"), ({"edits": ("5,env:grid",)}, "other states")])
def test_what_is_out_of_bounds_gets_a_sentence(change, reason):
    with pytest.raises(ValueError, match=re.escape(reason)):
        replace(SMALL, **change)


def test_the_largest_experiment_keeps_curves_in_bounded_memory():
    large = replace(SMALL, seeds=5000, episodes=100, grid=(("alpha", tuple(i / 40 for i in range(40))),))
    assert large.stride == 5 and large.runs * 100 // large.stride <= config.MOST_CELLS
    assert replace(large, seeds=30).stride == 1


@pytest.mark.parametrize("experiment", [SMALL, FULL], ids=["small", "full"])
def test_a_configuration_comes_back_from_its_file(experiment):
    again = from_json(to_json(experiment))
    assert again == experiment and hash(again) == hash(experiment)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_painted_worlds_come_back(preset):
    assert from_json(to_json(replace(SMALL, envs=(preset.world,)))).envs == (preset.world,)


def test_a_file_spells_out_what_differs_from_the_defaults():
    plain = json.loads(to_json(FULL))
    assert plain["envs"] == ["lake", "lake,size:8x8", "cliff", "grid,map:S.G,rewards:1=0.5"]
    assert plain["agents"] == ["q", "q,epsilon:0.3,schedule:linear"]
    assert plain["sweep"] == {"alpha": [0.1, 0.5], "env.success": [0.5, 1.0]} and plain["version"] == 1


GOOD = json.loads(to_json(SMALL))


@pytest.mark.parametrize(("change", "reason"), [
    ({"stepwise": "run"}, "not an experiment of Stepwise"), ({"version": 2}, "only 1 can be read"),
    ({"version": "1"}, "only 1 can be read"), ({"envs": "cliff"}, "envs must be a list"),
    ({"envs": [1]}, "envs must be a list"),
    ({"envs": ["moon"]}, "file names an environment that does not exist here: 'moon'"),
    ({"envs": ["cliff"] * 99}, "at most 20 texts"), ({"agents": ["q,alpha:nan"]}, "alpha must be a number"),
    ({"agents": ["q,__class__:1"]}, "no setting called"), ({"agents": ["q,alpha"]}, "not a list of settings"),
    ({"agents": []}, "at least one agent"), ({"sweep": []}, "sweep must give"),
    ({"sweep": {"alpha": 1}}, "sweep must give"),
    ({"sweep": {"alpha": [None]}}, "no finite number and no word"), ({"sweep": {"alpha": [[1]]}}, "no finite number"),
    ({"sweep": {"alpha": [True]}}, "no finite number"), ({"sweep": {"alpha": [10**400]}}, "no finite number"),
    ({"seeds": "30"}, "seeds must be a whole number"), ({"seeds": None}, "seeds must"),
    ({"seeds": 1e308}, "seeds must"),
    ({"episodes": [1]}, "episodes must"), ({"threshold": None}, "threshold must"),
    ({"measure": ["online"]}, "measure must"),
    ({"measure": {}}, "measure must"), ({"edits": [5]}, "edits must be a list"),
    ({"extra": 1}, "not known here: 'extra'")])
def test_a_mangled_file_gets_one_sentence(change, reason):
    with pytest.raises(ValueError, match=re.escape(reason)) as said:
        from_json(json.dumps(GOOD | change))
    assert len(str(said.value)) < 250


NO_FILES = [
    "", "null", "[]", "1", '"experiment"', "{", "[" * 50_000, '{"a":' * 9000, "NaN", '{"stepwise": NaN}', "9" * 9000,
    '{"stepwise": "experiment", "version": NaN}', "\x00", "x" * 50_000_000,
    json.dumps(GOOD).replace("-", "").replace("0.0", "NaN"), json.dumps(GOOD).replace("0.0", "-Infinity")]


@pytest.mark.parametrize("text", NO_FILES, ids=map(str, range(len(NO_FILES))))
def test_what_is_no_experiment_gets_one_sentence(text):
    with pytest.raises(ValueError) as said:
        from_json(text)
    assert 10 < len(str(said.value)) < 250


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner)
                    | st.dictionaries(st.text(), inner), max_leaves=5), st.sampled_from(sorted(GOOD)))
@settings(max_examples=150)
def test_any_value_anywhere_is_read_or_refused(value, name):
    try:
        assert from_json(json.dumps(GOOD | {name: value})).seeds >= 1
    except ValueError as error:
        assert 10 < len(str(error)) < 400  # noqa: PT017 - either is right
