"""Tasks on their page: each opens its run, its check says what it finds, and what is done gets a tick."""

from functools import cache
from pathlib import Path

import pytest

from pages.parts import lesson as page_parts
from pages.parts.lesson import PLAYS_ON, TICK
from rl.lessons import lessons
from rl.lessons.checks import OTHER_RUN
from rl.lessons.lesson import Attempt
from rl.link import from_query_string
from tests.pages.app import FILES, arrive, opened, paused, player, unharmed

pytestmark = pytest.mark.usefixtures("few_seeds")

TASKS = [(f"pages/{lesson.slug}.py", task) for lesson in lessons().values() for task in lesson.tasks]
EVERY = pytest.mark.parametrize(("file", "task"), TASKS, ids=[task.slug for _, task in TASKS])
HOPE = lessons()["q_learning"].tasks[2]
CLIFF = lessons()["q_learning"].tasks[3]


def press(at, name, task):
    key = {"open": f"task.{task.title}", "check": f"check.{task.slug}"}[name]
    return unharmed(at.button(key=key).click().run())


def words(at):
    return [text.value for text in at.markdown]


def titled(at, task):
    return next(text for text in words(at) if f"**{task.title}**" in text)


@pytest.fixture(scope="module")
def page(few_seeds):
    """Opens each page once, for all tests that do not mind what was done on it before."""
    return cache(opened)


@EVERY
def test_a_card_says_what_to_do_what_to_notice_and_what_gets_the_tick(file, task, page):
    shown = "\n".join(words(page(file)))
    assert "[[" not in shown
    for text in (task.do, task.notice, task.goal):
        assert page_parts.linked(text) in shown


@EVERY
def test_a_task_opens_its_run_and_its_check_says_not_yet_and_then_done(file, task, page):
    at = page(file)
    press(at, "open", task)
    me, view = player(at, file), from_query_string(task.query)
    arrive(me)
    assert (me.timeline, me.t, me.end) == (view.timeline, view.t, view.end)
    press(at, "check", task)
    said = task.check(Attempt(*view, getattr(me, "guesses", ()))).says
    assert any("**Not yet.**" in text and said in text for text in words(at)) and TICK not in titled(at, task)
    me = paused(at, task.solved, file)
    if task.guesses:
        me.guesses = task.guesses
    press(at, "check", task)
    assert any(text.startswith(f"{TICK} **Done.**") for text in words(at)) and TICK in titled(at, task)


def test_the_ticks_of_a_page_are_counted_at_home():
    at = opened()
    paused(at, CLIFF.solved)
    press(at, "check", CLIFF)
    at.switch_page("pages/home.py").run()
    assert any("1 of 12 tasks done" in caption.value for caption in unharmed(at).caption)


def test_a_tick_stays_when_its_run_is_opened_anew_and_the_verdict_goes():
    at = opened()
    paused(at, CLIFF.solved)
    press(at, "check", CLIFF)
    press(at, "open", CLIFF)
    assert TICK in titled(at, CLIFF) and not any("**Done.**" in text for text in words(at))
    press(at, "check", CLIFF)
    assert TICK in titled(at, CLIFF) and any("**Not yet.**" in text for text in words(at))


def test_another_run_is_told_apart():
    at = opened()
    press(at, "check", CLIFF)
    assert any(text.endswith(f"**Not yet.** {OTHER_RUN.says}") for text in words(at))


def test_while_the_run_plays_a_learner_is_told_that_it_goes_on():
    at = opened()
    me = paused(at, HOPE.query)
    press(at, "check", HOPE)
    assert not any(PLAYS_ON in text for text in words(at))
    me.playing = True
    press(at, "check", HOPE)
    assert any(text.endswith(PLAYS_ON) for text in words(at))


def test_home_leads_through_every_lesson_in_the_order_of_the_menu():
    at = opened("pages/home.py")
    wanted = [lessons()[stem] for file in FILES if (stem := Path(file).stem) in lessons()]
    said = [caption.value for caption in at.caption if " tasks done" in caption.value]
    promised = [f"{lesson.teaches}  \n{lesson.minutes}" for lesson in wanted]
    assert [text.split(" minutes")[0] for text in said] == promised
    assert {lesson.slug for lesson in wanted} == set(lessons())
