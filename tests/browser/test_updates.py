"""Steps that change many entries, the tables an agent shows beside its values, and a second run beside the first."""

from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Page

from pages.parts.scene import chunk
from pages.parts.stage.stage import read
from rl.branches import Tree, first_difference, spell
from rl.changes import stacked
from rl.link import View, from_query_string
from rl.timeline import Timeline
from tests.browser.stage import INSIDE, Stage, repainted

RUN = "v=1&env=lake&agent=q,alpha:0.5,initial:0.5&seed=3"
DOUBLE = "v=1&env=lake&agent=doubleq,alpha:0.5,initial:0.5&seed=3"
RUNS = {
    "one value a step": RUN,
    "two tables": DOUBLE,
    "traces": "v=1&env=grid&agent=sarsal,alpha:0.2&seed=3",
    "planning": "v=1&env=maze&agent=dyna&seed=3",
    "several at an episode's end": "v=1&env=lake&agent=nsarsa&seed=3",
    "values of states": "v=1&env=walk&agent=td&seed=3",
    "a whole episode at its end": "v=1&env=walk&agent=mcp&seed=3",
    "one table with a number a state": "v=1&env=grid&agent=vi&seed=3",
}
KEPT = 70


@pytest.fixture(scope="module")
def tape(browser) -> Page:
    """A page that knows the stage's buffer, of a few steps only, and nothing else."""
    page = browser.new_page()
    scripts = "\n".join(read(f"{name}.js") for name in ("base", "changes", "tables", "tape"))
    page.add_script_tag(content=scripts.replace("KEEP = 60000", f"KEEP = {KEPT}"))
    return page


def walked(page: Page, chunks: list[dict], what: str) -> list:
    """Makes a tape of the first chunk, and does something with it and the others."""
    return page.evaluate(f"(chunks) => {{ const tape = new Tape(chunks[0]); {what} }}", chunks)


def timeline_of(query: str) -> Timeline:
    return from_query_string(query).timeline


def assert_same(shown: list[list[float]], timeline: Timeline, moments: list[int]) -> None:
    for t, values in zip(moments, shown, strict=True):
        np.testing.assert_array_equal(np.array(values, np.float64), stacked(timeline.at(t)), f"at moment {t}")


@pytest.mark.parametrize("query", RUNS.values(), ids=RUNS)
def test_forward_and_backward_every_entry_is_the_engines(tape, query):
    timeline = timeline_of(query)
    moments = [*range(300, 360), *range(360, 299, -1), 341, 302, 360, 300]
    shown = walked(tape, [chunk(timeline, 300, 360)],
                   f"return {moments}.map((t) => {{ tape.seek(t); return [...tape.values]; }})")
    assert_same(shown, timeline, moments)


@pytest.mark.parametrize("query", RUNS.values(), ids=RUNS)
def test_an_update_withheld_is_that_of_the_last_step_and_comes_back(tape, query):
    timeline = timeline_of(query)
    shown = walked(tape, [chunk(timeline, 300, 360)],
                   "tape.seek(330); tape.withhold(); const before = [...tape.values];"
                   "tape.reveal(); return [before, [...tape.values]];")
    assert_same(shown, timeline, [329, 330])


@pytest.mark.parametrize("query", RUNS.values(), ids=RUNS)
def test_chunks_that_overlap_join_and_the_oldest_steps_are_dropped(tape, query):
    timeline = timeline_of(query)
    chunks = [chunk(timeline, 300, 360), chunk(timeline, 350, 400), chunk(timeline, 380, 430)]
    first, *shown = walked(
        tape, chunks, "tape.seek(355); tape.append(chunks[1]); tape.seek(398); tape.append(chunks[2]);"
        "const show = (t) => { tape.seek(t); return [...tape.values]; };"
        "return [tape.t0, show(430), show(398), show(tape.t0), show(415)]")
    assert first == 430 - KEPT
    assert_same(shown, timeline, [430, 398, first, 415])


def test_what_changed_is_told_by_states_whichever_table_it_is_in(tape):
    timeline = timeline_of(RUNS["one table with a number a state"])
    before, after = (stacked(timeline.at(t)) for t in (310, 311))
    sizes = timeline.env.shape
    q = int(np.prod(sizes))
    states = {int(e) // sizes[1] if e < q else (int(e) - q) // sizes[1] if e < 2 * q else int(e) - 2 * q
              for e in np.flatnonzero(before != after)}
    shown = walked(tape, [chunk(timeline, 300, 360)],
                   "tape.seek(310); tape.takeChanged(); tape.seek(311); return [...tape.takeChanged()]")
    assert set(shown) == states


def test_a_table_of_the_agents_own_can_be_looked_at(page):
    stage = Stage(page(f"q_learning?{DOUBLE}&t=900"))
    memory = timeline_of(DOUBLE).at(900).memory
    state = int(np.abs(memory.q1 - memory.q2).max(axis=1).argmax())
    before = stage.root.locator(".sheets canvas").first.screenshot()
    stage.root.get_by_role("radio", name="Q₁").click()
    assert stage.root.locator(".meaning").inner_text().startswith("The first of the two tables")
    assert stage.root.locator(".sheets canvas").first.screenshot() != before
    box = stage.world.bounding_box()
    size = box["width"] / 4
    stage.page.mouse.move(box["x"] + size * (state % 4 + 0.15), box["y"] + size * (state // 4 + 0.5))
    tip = stage.root.locator(".tip:not(.lines)").inner_text()
    assert float(tip.split("Q₁: ")[1].replace("−", "-")) == pytest.approx(memory.q1[state, 0], abs=6e-4)
    stage.until(lambda: "view=q1" in stage.page.url)
    assert stage.root.get_by_role("radio", name="Q₁").get_attribute("aria-checked") == "true"


def test_a_step_without_an_update_says_so(page):
    timeline = timeline_of(query := RUNS["a whole episode at its end"])
    log = timeline.steps(0, 200)
    t = 1 + int(np.flatnonzero(log.updated_state < 0)[0])
    stage = Stage(page(f"prediction?{query}&t={t}"))
    assert "no update in this step" in stage.root.locator(".equation .error").inner_text()
    assert set(stage.root.locator(".token.quantity .number").all_inner_texts()) == {"–"}
    assert stage.words().startswith("The policy chose")
    assert stage.root.locator(".table summary").inner_text().startswith("Values")


SIDE_BY_SIDE = """async ([t]) => {
  const root = [...document.querySelectorAll('*')].map((e) => e.shadowRoot).find((e) => e?.querySelector('.pane'));
  const range = root.querySelector('[aria-label="Step of the run"]');
  range.value = t;
  range.dispatchEvent(new Event('input', {bubbles: true}));
  await new Promise(requestAnimationFrame);
  return [...root.querySelectorAll('figcaption')].map((node) => node.textContent);
}"""
"""Moves the playhead, and reads both captions in the frame that follows."""


@pytest.fixture
def two(page):
    """Q-learning at moment 500, and beside it the same with another epsilon."""
    other = View(timeline_of(RUN.replace("alpha:0.5", "alpha:0.5,epsilon:0.3")), 500, 600)
    branches = quote(spell(Tree().grown(other, "curious")), safe="")
    return Stage(page(f"q_learning?{RUN}&t=500&end=600&branches={branches}&with=1")), other.timeline


def test_the_second_run_is_moved_by_the_same_playhead_in_the_same_frame(two):
    stage, other = two
    mine = timeline_of(RUN)
    for t in (501, 470, 430, 505):
        captions = stage.page.evaluate(SIDE_BY_SIDE, [str(t)])
        for timeline, caption in zip((mine, other), captions, strict=True):
            assert f"episode {timeline.steps(t - 1, t).episode[0] + 1}," in caption
        numbers = stage.root.locator(".equation").nth(1).locator(".token.quantity .number").first.inner_text()
        assert float(numbers.replace("−", "-")) == pytest.approx(other.steps(t - 1, t).new[0], abs=6e-4)


def second_map(stage: Stage, t: int) -> np.ndarray:
    """The colours inside of each cell of the second world at a moment."""
    stage.page.evaluate(SIDE_BY_SIDE, [str(t)])
    return np.array(stage.root.locator(".pane.second canvas").first.evaluate(INSIDE, [4, 4]))


def test_the_second_world_goes_back_to_the_same_picture_and_plays_beyond_the_buffer(two):
    stage, other = two
    pictures = [second_map(stage, t) for t in (480, 520, 480)]
    assert repainted(*pictures[:2])
    assert not repainted(pictures[0], pictures[2])
    stage.play.click()
    stage.root.get_by_text("+10", exact=True).click()
    stage.wait_for_moment("t > 640")
    stage.pause()
    t = stage.moment
    stage.until(lambda: f"episode {other.steps(t - 1, t).episode[0] + 1},"
                in stage.root.locator(".pane.second figcaption").inner_text())


def test_the_first_difference_is_marked_and_a_click_leads_there(two):
    stage, other = two
    step = min(t for t in first_difference(timeline_of(RUN), other, 600) if t is not None)
    assert stage.root.locator(".ticks .parting").get_attribute("title") == "They differ from here"
    stage.root.get_by_role("button", name="first difference").click()
    stage.wait_for_moment(f"t === {step + 1}")
