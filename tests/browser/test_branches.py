"""Branches, planning by hand and the laboratory, as a learner's fingers find them; and knobs that must not jump."""

import re

import pytest

from tests.browser.stage import Stage
from tests.browser.test_page import edits, turn

RUN = "v=1&env=lake&agent=q,alpha:0.5,initial:0.5&seed=3"
CORRIDOR = "v=1&env=grid,map:S...G,step_reward:0&agent=vi,gamma:0.5,backups:in%20place,sequence:by%20hand&seed=0"


def open_branches(stage):
    stage.page.get_by_role("button", name=re.compile("Branches")).first.click()
    stage.page.get_by_text("beside it").wait_for()


def choose(page, label, option):
    page.locator(".stSelectbox", has_text=label).first.locator("input").click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_knob_moved_back_in_time_keeps_the_later_steps_and_puts_them_beside(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500&end=900"))
    turn(stage.page, "exploration", 3)
    stage.note().get_by_text("are kept as “Run 1”").wait_for()
    open_branches(stage)
    choose(stage.page, "beside it", "Run 1 (1)")
    stage.root.get_by_text("first difference").wait_for()
    assert stage.root.locator(".sheets").count() == 2
    stage.page.keyboard.press("Escape")
    stage.until(lambda: "with=1" in stage.page.url and "branches=" in stage.page.url)
    again = Stage(page(stage.page.url.split("/", 3)[3]))
    again.root.get_by_text("first difference").wait_for()
    assert again.root.locator(".sheets").count() == 2


def test_two_algorithms_stand_side_by_side_on_the_same_dice(page):
    stage = Stage(page("q_learning?v=1&env=cliff&agent=q,alpha:0.5,gamma:1&seed=1&t=300"))
    open_branches(stage)
    choose(stage.page, "beside it", "the same with SARSA")
    link = stage.root.get_by_text(re.compile("first difference: step"))
    link.wait_for()
    stage.page.keyboard.press("Escape")
    link.click()
    step = int(re.search(r"[\d,]+", link.inner_text())[0].replace(",", ""))
    stage.until(lambda: stage.moment == step)
    assert stage.root.locator(".equation .tokens").count() == 2


def test_a_clicked_cell_is_backed_up(page):
    stage = Stage(page(f"planning?{CORRIDOR}&t=0"))
    box = stage.world.first.locator("canvas").first.bounding_box()
    for done, cell in enumerate((3, 2), 1):
        stage.page.mouse.click(box["x"] + (cell + 0.5) * box["width"] / 5, box["y"] + box["height"] / 2)
        stage.until(lambda done=done: stage.moment == done)
    assert "row 1, column 3" in stage.words() and "0.5" in stage.words()


def test_staying_solved_follows_a_knob(page):
    stage = Stage(page("planning?v=1&env=grid,map:S...G,step_reward:0&agent=vi,gamma:0.5&seed=0&t=0"))
    stage.page.locator(".stCheckbox, .stToggle", has_text="Stay solved").first.locator("label").first.click()
    stage.until(lambda: stage.moment > 8)
    turn(stage.page, "discount", 2)
    stage.until(lambda: stage.view().timeline.agent.gamma == pytest.approx(0.52) and stage.moment > 8)
    assert stage.view().timeline.edits == ()


def test_the_laboratory_fills_and_a_point_opens_its_run(page):
    stage = Stage(page("experiments"))
    stage.page.get_by_text(re.compile("^Done: 540 of 540 runs")).wait_for(timeout=60_000)
    plot = stage.page.locator(".stepwise-plot").first
    plot.locator(".plot-container").wait_for()
    plot.scroll_into_view_if_needed()
    box = plot.locator(".nsewdrag").bounding_box()
    before = stage.page.evaluate("() => document.querySelector('.stage .rule')?.textContent")
    for part in (0.25, 0.4, 0.6):  # the pointer must be over a point's column
        stage.page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2, steps=3)
        stage.page.mouse.click(box["x"] + part * box["width"], box["y"] + box["height"] / 2)
        stage.page.wait_for_timeout(700)
    stage.until(lambda: stage.page.evaluate("() => document.querySelector('.stage .rule')?.textContent") != before
                or stage.moment != 3000)


def test_the_book_is_made_again_at_one_click(page):
    tab = page("experiments")
    tab.get_by_text("Reproduce the book").click()
    tab.get_by_role("button", name=re.compile("short corridor", re.IGNORECASE)).first.click()
    tab.get_by_text("measured here").wait_for(timeout=60_000)


# knobs that must not jump ----------------------------------------------------------------------------------------


def test_sliders_in_the_popover_keep_their_values_when_they_are_first_seen(page):
    stage = Stage(page(f"q_learning?{RUN.replace('initial', 'span:500,initial')}&t=500"))
    stage.press("One step (right)")
    stage.until(lambda: stage.view().t == 501)
    stage.page.get_by_role("button", name=re.compile("More")).first.click()
    span = stage.page.locator(".stSlider", has_text="span in episodes").first
    span.wait_for()
    stage.page.wait_for_timeout(800)
    assert "500" in span.inner_text() and stage.view().timeline.edits == ()


def test_two_quick_keys_on_a_knob_of_the_world_both_count(page):
    stage = Stage(page("q_learning?v=1&env=grid&agent=q,alpha:0.5&seed=3&t=300"))
    knob = stage.page.locator(".stSlider", has_text="slip").first.locator("input, [role=slider]").first
    knob.focus()
    for _ in range(2):
        stage.page.keyboard.press("ArrowRight")
        stage.page.wait_for_timeout(60)
    stage.until(lambda: stage.view().timeline.settings(300).env.slip == pytest.approx(0.02))


def test_a_second_knob_moved_while_playing_slowly_counts_too(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500"))
    stage.root.get_by_label("Speed").evaluate(
        "(node) => { node.value = 0; node.dispatchEvent(new Event('input', {bubbles: true})) }")
    stage.play.click()
    turn(stage.page, "exploration", 1)
    turn(stage.page, "step size", 1)
    stage.until(lambda: [epsilon for _, epsilon in edits(stage)][-1:] == [pytest.approx(0.11)])
    stage.until(lambda: stage.view().timeline.edits[-1].agent.alpha == pytest.approx(0.51))
