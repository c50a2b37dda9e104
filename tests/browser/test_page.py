"""The page around the stage: knobs in mid-run, links, the editor, narrow and dark screens, bad luck."""

import pytest

from tests.browser.stage import Stage

RUN = "v=1&env=lake&agent=q,alpha:0.5,initial:0.5&seed=3"
GRID = "v=1&env=grid&agent=q,alpha:0.5&seed=3"


def turn(page, label: str, presses: int) -> None:
    """Moves a slider by so many notches with the keyboard."""
    page.locator(".stSlider", has_text=label).first.locator("input, [role=slider]").first.focus()
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)


def edits(stage: Stage) -> list[tuple[int, float]]:
    """The edits in the address bar: when, and the epsilon from then on."""
    return [(edit.step, edit.agent.epsilon) for edit in stage.view().timeline.edits]


def test_a_knob_moved_while_paused_is_an_edit_at_this_step(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500"))
    table = stage.table()
    turn(stage.page, "exploration", 3)
    stage.until(lambda: edits(stage) == [(500, pytest.approx(0.13))])
    assert stage.moment == 500
    assert stage.table() == table
    assert stage.root.locator(".ticks span").get_attribute("title").startswith("Step 500")


def test_a_knob_moved_while_playing_is_an_edit_where_the_learner_was(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500"))
    stage.play.click()
    stage.wait_for_moment("t > 515")
    before = stage.moment
    turn(stage.page, "exploration", 2)
    stage.until(lambda: [epsilon for _, epsilon in edits(stage)][-1:] == [pytest.approx(0.12)])
    stage.pause()
    assert before <= edits(stage)[0][0] <= stage.moment


def test_two_knobs_moved_at_once_while_playing_both_count(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500"))
    stage.play.click()
    turn(stage.page, "exploration", 1)
    turn(stage.page, "step size", 1)
    stage.until(lambda: [epsilon for _, epsilon in edits(stage)][-1:] == [pytest.approx(0.11)])
    stage.until(lambda: stage.view().timeline.edits[-1].agent.alpha == pytest.approx(0.51))
    stage.pause()


def test_the_address_shows_the_same_picture_in_a_fresh_browser(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500"))
    turn(stage.page, "exploration", 3)
    stage.until(lambda: edits(stage) == [(500, pytest.approx(0.13))])
    stage.root.get_by_text("+10", exact=True).click()
    stage.wait_for_moment("t > 500")
    stage.until(lambda: stage.view().t == stage.moment)
    other = Stage(page(stage.page.url.split("/", 3)[3]))
    stage.until(lambda: other.picture() == stage.picture())
    assert not other.playing


def test_the_copied_link_is_what_is_on_screen(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500", permissions=["clipboard-read", "clipboard-write"]))
    stage.press("One step (right)")
    stage.press("Copy a link")
    stage.root.get_by_text("Link copied").wait_for()
    link = stage.page.evaluate("navigator.clipboard.readText()")
    assert "t=501" in link
    assert Stage(page(link.split("/", 3)[3])).picture() == stage.picture()


def test_painting_a_wall_keeps_or_forgets_as_chosen(page):
    stage = Stage(page(f"q_learning?{GRID}&t=800"))
    for keep in (True, False):
        stage.root.get_by_text("Edit the map").click()
        stage.root.get_by_role("radio", name="wall").click()
        click_cell(stage, row=0, column=1 + keep)
        stage.root.get_by_text("Use it: keep" if keep else "Use it: start over").click()
        stage.until(lambda keep=keep: world(stage).grid.cells[1 + keep] == "#")
        stage.until(lambda keep=keep: stage.moment == (800 if keep else 0))
        assert bool(stage.view().timeline.edits) == keep


def world(stage: Stage):
    """The world of the moment in the address bar."""
    view = stage.view()
    return view.timeline.settings(view.t).env


def click_cell(stage: Stage, row: int, column: int) -> None:
    """Clicks a cell of the 5 x 8 map that grid worlds begin with."""
    box = stage.world.bounding_box()
    stage.world.click(position={"x": box["width"] * (column + 0.5) / 8, "y": box["height"] * (row + 0.5) / 5})


def test_a_map_without_a_goal_leaves_everything_as_it_was(page):
    stage = Stage(page(f"q_learning?{GRID}&t=800"))
    before = stage.table()
    stage.root.get_by_text("Edit the map").click()
    stage.root.get_by_role("radio", name="wall").click()
    click_cell(stage, row=4, column=7)
    stage.root.get_by_text("Use it: keep").click()
    stage.root.get_by_text("the map has no goal").wait_for(timeout=15_000)
    assert stage.moment == 800
    assert stage.table() == before


@pytest.mark.parametrize("query", ["v=9&env=lake", "env=moon", "v=1&env=lake&agent=q,alpha:nan", "v=1&t=1e9&env=lake",
                                   "v=1&env=grid,map:%3Cscript%3Ealert(1)%3C/script%3E"])
def test_a_mangled_link_says_so_and_shows_the_usual_start(page, query):
    stage = Stage(page(f"q_learning?{query}"))
    assert "usual start" in stage.note().inner_text()
    assert stage.moment >= 1500


def test_nothing_is_cut_off_on_a_phone(page):
    opened = page("q_learning", width=390, height=844)
    stage = Stage(opened)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    for button in stage.root.locator(".transport button").all():
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] >= 39


@pytest.mark.parametrize("dark", [False, True])
def test_the_stage_takes_the_theme(page, dark):
    stage = Stage(page(f"q_learning?{RUN}&t=500", dark=dark))
    assert stage.root.evaluate("node => node.style.colorScheme") == ("dark" if dark else "light")


def test_the_first_screen_shows_stage_controls_and_a_chart(page):
    opened = page("q_learning")
    Stage(opened)
    for part in (".stage canvas", ".transport", ".scrubber", ".js-plotly-plot .xaxislayer-above"):
        box = opened.locator(part).first.bounding_box(timeout=30_000)
        assert box["y"] + box["height"] <= 800, part


def test_a_zoom_outlives_the_next_chunks(page):
    opened = page("q_learning")
    stage = Stage(opened)
    plot = opened.locator(".js-plotly-plot")
    plot.locator(".nsewdrag").wait_for(timeout=30_000)
    box = plot.locator(".nsewdrag").bounding_box()
    opened.mouse.move(box["x"] + 60, box["y"] + 20)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 200, box["y"] + 90, steps=4)
    opened.mouse.up()
    ranges = "node => [node._fullLayout.xaxis.range, node._fullLayout.yaxis.range]"
    opened.wait_for_timeout(400)
    zoomed = plot.evaluate(ranges)
    plot.evaluate("node => { node.mine = true }")
    stage.wait_for_moment(f"t > {stage.moment + 70}")
    assert plot.evaluate(ranges) == zoomed
    assert plot.evaluate("node => node.mine"), "the chart was built anew"


def test_two_tabs_do_not_disturb_each_other(page):
    one, two = Stage(page(f"q_learning?{RUN}&t=500")), Stage(page(f"q_learning?{RUN}&t=700"))
    picture = two.picture()
    one.press("Start over")
    one.wait_for_moment("t === 0")
    assert two.picture() == picture


def test_leaving_the_page_and_coming_back_finds_the_same_picture(page):
    stage = Stage(page(f"q_learning?{RUN}&t=500"))
    for _ in range(40):
        stage.press("One step (right)")
    stage.until(lambda: stage.view().t == 540)
    before = stage.picture()
    stage.page.get_by_role("link", name="Home").click()
    stage.page.get_by_text("See reinforcement learning happen").wait_for()
    stage.page.get_by_role("link", name="Q-learning and its family", exact=True).first.click()
    stage.page.locator(".transport").wait_for()
    again = Stage(stage.page)
    again.wait_for_moment("t === 540")
    assert again.picture() == before
