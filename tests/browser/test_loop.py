"""The loop page in a real browser: phase by phase, in the agent's place, and predicting."""

from itertools import pairwise

import numpy as np
import pytest

from rl.agents.human import Human
from rl.link import from_query_string
from rl.phases import phases
from tests.browser.stage import LoopStage, repainted

LAKE = "v=1&env=lake&agent=q,alpha:0.5,initial:0.5&seed=3"
CLIFF = "v=1&env=cliff&agent=human"
POLE = "v=1&env=cartpole&agent=binned&seed=3"
ORDER = ["Observe", "Choose", "Act", "Receive", "Update", "Repeat"]
UPDATED = 216
"""A moment whose last step moved a value so far that the map shows it."""


def said(query, t):
    """What the engine says of step t."""
    return phases(from_query_string(query).timeline, t, t + 1)[0].says


def test_phases_go_on_and_back_and_nothing_is_learned_before_the_update(page):
    step = from_query_string(LAKE).timeline.steps(UPDATED - 1, UPDATED)
    assert abs(step.new[0] - step.old[0]) > 0.01, "take another moment"
    stage = LoopStage(page(f"loop?{LAKE}&t={UPDATED - 1}"))
    assert stage.phase == "Update"
    seen = {}
    for phase in ["Repeat", "Observe", "Choose", "Act", "Receive", "Update"]:
        stage.next_phase()
        assert stage.phase == phase
        assert stage.moment == (UPDATED - 1 if phase in ("Repeat", "Observe", "Choose") else UPDATED)
        assert stage.says() == said(LAKE, UPDATED - 1 - (phase == "Repeat"))[ORDER.index(phase)]
        seen[phase] = stage.map()
    assert not any(repainted(seen["Observe"], seen[phase]) for phase in ("Choose", "Act", "Receive"))
    assert repainted(seen["Receive"], seen["Update"]) == [step.state[0]]
    for phase in ["Receive", "Act", "Choose", "Observe", "Repeat"]:
        stage.page.keyboard.press("ArrowUp")
        assert stage.phase == phase and not repainted(stage.map(), seen[phase])
    for phase in ["Observe", "Choose", "Act", "Receive", "Update"]:
        stage.page.keyboard.press("ArrowDown")
        assert stage.phase == phase and not repainted(stage.map(), seen[phase])
    assert stage.numbers()["Q(S,A)"] == pytest.approx(step.new[0], abs=6e-4)


RECORD = """root => {
  window.seen = [];
  const look = () => {
    const now = root.querySelector('.chip[aria-current=step]').textContent.slice(2);
    if (now !== window.seen.at(-1)) window.seen.push(now);
  };
  new MutationObserver(look).observe(root.querySelector('.chips'),
    {attributes: true, subtree: true, attributeFilter: ['aria-current']});
}"""


def test_playing_slowly_lights_the_phases_in_order_and_pause_holds(page):
    stage = LoopStage(page(f"loop?{LAKE}&t={UPDATED}"))
    stage.root.get_by_label("Speed").evaluate(
        "node => { node.value = 50; node.dispatchEvent(new Event('input', {bubbles: true})) }")
    assert "2 steps/s" in stage.root.inner_text()
    stage.root.evaluate(RECORD)
    stage.play.click()
    stage.page.wait_for_function("window.seen.length > 12")
    stage.play.click()
    seen = stage.page.evaluate("window.seen")
    # while attributes change one after the other two chips may be lit: only what was lit alone counts
    assert all(ORDER.index(b) in {(ORDER.index(a) + 1) % 6, (ORDER.index(a) + 2) % 6} for a, b in pairwise(seen)), seen
    still = stage.phase, stage.moment
    stage.page.wait_for_timeout(700)
    assert (stage.phase, stage.moment, stage.playing) == (*still, False)


def test_a_person_walks_by_keyboard_and_comes_back_and_branches(page):
    stage = LoopStage(page(f"loop?{CLIFF},moves:0{'1' * 9}&t=10"))
    for t, key in enumerate(["ArrowRight", "ArrowRight", "ArrowDown"], 11):
        stage.page.keyboard.press(key)
        stage.wait_for_moment(f"t === {t}")
    stage.page.get_by_text("Mean return over 1 episode: you −13").wait_for()
    stage.page.locator(".js-plotly-plot").first.wait_for()
    assert stage.page.evaluate("[window.scrollY, document.querySelector('[data-testid=stMain]').scrollTop]") == [0, 0]
    for _ in range(3):
        stage.press("One step back")
    stage.wait_for_moment("t === 10")
    stage.page.keyboard.press("ArrowUp")
    stage.wait_for_moment("t === 11")
    stage.until(lambda: stage.phase == "Choose")
    stage.until(lambda: stage.view().timeline.agent == Human("01111111110"))
    stage.until(lambda: stage.view().t == 11)
    other = LoopStage(page(stage.page.url.split("/", 3)[3]))
    assert (other.moment, other.facts(), other.phase) == (11, stage.facts(), "Choose")
    assert other.root.locator(".shown").inner_text() == stage.root.locator(".shown").inner_text() != ""


def test_a_person_moves_by_buttons_on_a_phone(page):
    stage = LoopStage(page(f"loop?{CLIFF}&t=0", width=390, height=844))
    for t, name in enumerate(["up", "right"], 1):
        stage.root.locator(".moves").first.get_by_role("button", name=name).click()
        stage.wait_for_moment(f"t === {t}")
    stage.until(lambda: stage.view().timeline.agent == Human("01"))
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in stage.root.locator(".moves button:visible, .phase-row button:visible").all():
        box = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 30


def test_fog_hides_all_but_where_one_has_been(page):
    stage = LoopStage(page("loop?v=1&env=lake,success:1&agent=human,moves:1&seed=3&t=1&fog=1", dark=True))
    assert [cell for cell in range(16) if not foggy(stage)[cell]] == [0, 4]
    box = stage.world.bounding_box()
    stage.world.hover(position={"x": box["width"] * 0.9, "y": box["height"] * 0.9})
    stage.root.get_by_text("nobody knows").wait_for()
    stage.page.locator(".stCheckbox, .stToggle", has_text="fog").first.locator("label").click()
    stage.until(lambda: sum(foggy(stage)) < 3)


def foggy(stage):
    """Tells of each cell whether it is all of one colour."""
    return [len(np.unique(cell.reshape(-1, 3), axis=0)) == 1 for cell in stage.map()]


def test_a_prediction_is_judged_kept_and_drawn(page):
    stage = LoopStage(page(f"loop?{LAKE}&t={UPDATED}&mode=predict"))
    truth = from_query_string(LAKE).timeline.steps(UPDATED - 1, UPDATED + 2)
    before, form, verdict = stage.map(), stage.root.locator(".forecast"), stage.root.locator(".verdict")
    assert "What will it be now?" in stage.says() and not stage.root.locator(".equation").is_visible()
    stage.next_phase()
    assert stage.phase == "Update" and form.is_visible()  # the question waits
    predict(stage, truth.new[0])
    assert verdict.inner_text().startswith("Right: ") and not form.is_visible()
    assert repainted(stage.map(), before) == [truth.state[0]] and stage.root.locator(".equation").is_visible()
    stage.on_to("Update")
    predict(stage, 77)
    assert verdict.inner_text().startswith("Not quite: ")
    stage.page.get_by_text("Your predictions: 1 of 2 right").wait_for()
    stage.page.locator(".js-plotly-plot .scatterlayer .point").nth(1).wait_for()
    stage.on_to("Update")
    stage.press("Show me")
    stage.until(lambda: not form.is_visible() and not verdict.is_visible())
    assert stage.numbers()["Q(S,A)"] == pytest.approx(truth.new[2], abs=6e-4)


def predict(stage, value):
    stage.root.get_by_label("The new value").fill(f"{value:.3f}")
    stage.root.get_by_role("button", name="Predict").click()
    stage.root.locator(".verdict").wait_for()


def test_the_next_greedy_action_can_be_predicted(page):
    stage = LoopStage(page(f"loop?{LAKE}&t={UPDATED}&mode=predict"))
    stage.page.get_by_role("combobox", name="what to predict").click()
    stage.page.get_by_role("option", name="the next greedy action").click()
    choice = stage.root.locator(".forecast").get_by_role("button", name="left", exact=True)
    choice.wait_for()
    assert "Which action will look best" in stage.says()
    choice.click()
    stage.root.locator(".verdict").wait_for()
    assert "the values are now left " in stage.root.locator(".verdict").inner_text()


def test_a_pole_is_filmed_and_told_in_four_numbers(page):
    stage = LoopStage(page(f"loop?{POLE}&t=60"))
    film = stage.root.locator("img.film")
    first = film.get_attribute("src")
    assert first.startswith("data:image/png;base64,")
    assert film.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600
    stage.on_to("Observe")
    assert all(unit in stage.says() for unit in ("four numbers", " m,", " m/s", "°,", " rad/s"))
    stage.on_to("Act")
    assert film.get_attribute("src") != first


def test_who_has_not_moved_yet_stands_at_the_start(page):
    stage = LoopStage(page(f"loop?{CLIFF}&t=0"))
    top = stage.root.locator(".sheets canvas").nth(1)
    alpha = """canvas => { const size = canvas.width / 12;
      return [0, 3].map(row => canvas.getContext('2d').getImageData(size / 2, (row + .5) * size, 1, 1).data[3]) }"""
    stage.until(lambda: top.evaluate(alpha) == [0, 255])  # row 4, column 1, and not where state 0 is


def test_a_pole_can_be_pushed_as_soon_as_it_was_chosen(page):
    stage = LoopStage(page(f"loop?{CLIFF}&t=0"))
    stage.page.get_by_role("combobox", name="environment").click()
    stage.page.get_by_role("option", name="CartPole").click()
    film = stage.root.locator("img.film")
    film.wait_for()
    stage.until(lambda: (film.get_attribute("src") or "").startswith("data:image/png"))
    stage.page.keyboard.press("ArrowRight")
    stage.wait_for_moment("t === 1")


def test_the_modes_are_a_click_away_and_the_keys_work_at_once(page):
    stage = LoopStage(page(f"loop?{LAKE}&t={UPDATED}"))
    stage.page.get_by_role("radio", name="Be the agent").click()
    stage.wait_for_moment("t === 0")
    stage.root.locator(".moves").first.get_by_role("button", name="down").wait_for()
    stage.page.keyboard.press("ArrowDown")
    stage.wait_for_moment("t === 1")
    assert stage.view().timeline.agent == Human("1") or not stage.until(
        lambda: stage.view().timeline.agent == Human("1"))
