"""The arms in a real browser: pulled by hand, watched, and compared."""

import re

import pytest

from rl.bandits import reasons, tally
from rl.link import from_query_string
from tests.browser.stage import Stage

RUN = "v=1&env=bandit&agent=eps&seed=2"
MINE = "v=1&env=bandit,arms:10&agent=hand,pulls:01237777&seed=2"
SLOW = "v=1&env=bandit,arms:20,drift:0.1&agent=eps&seed=2&t=20"
"""Drifting arms cost most: there is time to do something before a comparison is over."""


def column(stage: Stage, arm: int, arms: int = 10) -> None:
    """Clicks the column of an arm, counted from 1."""
    canvas = stage.root.locator(".arms canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": 42 + (box["width"] - 42) * (arm - 0.5) / arms, "y": 60})


def pulls(stage: Stage) -> str:
    """The arms pulled, as the address bar has them."""
    return getattr(stage.view().timeline.agent, "pulls", "")


def fact(stage: Stage, name: str) -> str:
    return stage.root.locator(".arm-head .facts div", has_text=name).locator("dd").inner_text()


def mode(stage: Stage, name: str) -> None:
    stage.page.get_by_role("radio", name=name).click()


def test_columns_buttons_and_digits_pull_arms(page):
    stage = Stage(page(f"bandits?{RUN}&t=20"))
    mode(stage, "Pull yourself")
    stage.wait_for_moment("t === 0")
    column(stage, 3)
    stage.wait_for_moment("t === 1")
    stage.root.get_by_role("button", name="Pull arm 8:").click()
    stage.wait_for_moment("t === 2")
    stage.page.keyboard.press("0")
    stage.wait_for_moment("t === 3")
    stage.page.keyboard.press("1")
    stage.wait_for_moment("t === 4")
    stage.until(lambda: pulls(stage) == "2790")
    row = stage.view().timeline.steps(3, 4)
    assert stage.numbers()["R"] == pytest.approx(row.reward[0], abs=6e-4)
    assert "You chose arm 1" in stage.words()


def test_quick_pulls_are_all_taken(page):
    stage = Stage(page(f"bandits?{MINE}&t=8"))
    for key in "12345":
        stage.page.keyboard.press(key)
    stage.wait_for_moment("t === 13")
    stage.until(lambda: pulls(stage) == "0123777701234")


def test_a_pull_in_the_past_is_a_branch(page):
    stage = Stage(page(f"bandits?{MINE}&t=8"))
    for _ in range(5):
        stage.press("One step back")
    stage.wait_for_moment("t === 3")
    stage.page.keyboard.press("6")
    stage.wait_for_moment("t === 4")
    stage.until(lambda: pulls(stage) == "0125")
    assert "5 later pulls" in stage.note().inner_text()


def test_a_run_by_hand_is_in_its_link(page):
    stage = Stage(page(f"bandits?{MINE}&t=8"))
    stage.page.keyboard.press("4")
    stage.until(lambda: pulls(stage) == "012377773")
    stage.press("One step back")
    stage.until(lambda: stage.view().t == 8)
    other = Stage(page(stage.page.url.split("/", 3)[3]))
    assert other.moment == 8
    assert other.words() == stage.words() and other.numbers() == stage.numbers()


def test_by_hand_the_truth_is_hidden_until_asked_for(page):
    stage = Stage(page(f"bandits?{MINE}&t=8"))
    regret = stage.root.locator(".arm-head .facts div", has_text="regret")
    assert regret.is_hidden() and "★" not in stage.root.locator(".arm-row").inner_text()
    stage.root.get_by_label("show the true values").check()
    regret.wait_for()
    assert stage.root.locator(".arm-row").inner_text().count("★") == 1
    stage.press("One step back")
    assert stage.root.get_by_label("show the true values").is_checked()


def test_your_regret_stands_in_the_chart_beside_the_algorithms(page):
    stage = Stage(page(f"bandits?{MINE}&t=8"))
    stage.page.get_by_role("tab", name="Regret").click()
    legend = stage.page.locator(".js-plotly-plot .legendtext")
    legend.get_by_text("you, by hand").wait_for(timeout=30_000)
    mode(stage, "Watch an algorithm")
    stage.wait_for_moment("t > 3")
    stage.until(lambda: legend.all_text_contents()[:2] == ["ε-greedy", "you, by hand"])


def test_what_is_shown_is_what_the_engine_says(page):
    stage = Stage(page(f"bandits?{RUN}&t=200"))
    run = from_query_string(RUN).timeline
    for t in (200, 201, 202):
        assert stage.words() == reasons(run, t - 1, t).why[0]
        best, regret = tally(run, t)
        assert fact(stage, "best arm") == f"{100 * best / t:.0f} %"
        assert float(fact(stage, "regret")) == pytest.approx(regret, rel=1e-3)
        assert float(fact(stage, "average reward")) == pytest.approx(run.at(t).clock.ret[0] / t, abs=1e-3)
        stage.press("One step (right)")
        stage.wait_for_moment(f"t === {t + 1}")


def test_an_algorithm_plays_pauses_and_skips_pulls(page):
    stage = Stage(page("bandits"))
    assert stage.playing
    stage.wait_for_moment("t > 65")
    stage.pause()
    t = stage.moment
    stage.root.get_by_text("+100", exact=True).click()
    stage.wait_for_moment(f"t === {t + 100}")
    assert not stage.playing and stage.root.get_by_label("On to the episode's end").is_hidden()
    stage.world = stage.root.locator(".arms")
    stage.world.focus()
    stage.page.keyboard.press("Shift+ArrowLeft")
    stage.wait_for_moment(f"t === {t + 90}")


def test_a_knob_in_mid_run_is_an_edit(page):
    stage = Stage(page(f"bandits?{RUN}&t=100"))
    stage.page.locator(".stSlider", has_text="exploration").first.locator("input, [role=slider]").first.focus()
    stage.page.keyboard.press("ArrowRight")
    stage.until(lambda: [e.step for e in stage.view().timeline.edits] == [100])
    assert stage.moment == 100


def progress(page) -> str:
    return page.locator("[data-testid=stProgress]").inner_text()


def percent(page) -> int:
    found = re.match(r"(\d+)%", progress(page))
    return int(found[1]) if found else 100


def test_a_comparison_shows_curves_at_once_can_be_cancelled_and_taken_up_again(page):
    stage = Stage(page(f"bandits?{SLOW}"))
    opened = stage.page
    mode(stage, "Compare")
    opened.locator(".js-plotly-plot .scatterlayer path").first.wait_for(timeout=30_000)
    assert percent(opened) < 100
    opened.get_by_role("button", name="Cancel").click()
    opened.get_by_text("stopped").wait_for(timeout=30_000)
    stood = percent(opened)
    opened.wait_for_timeout(1500)
    assert percent(opened) == stood < 100
    opened.get_by_role("button", name="Go on").click()
    stage.until(lambda: percent(opened) > stood, seconds=30)
    opened.get_by_role("button", name="Cancel").click()
    opened.get_by_text("stopped").wait_for(timeout=30_000)


def test_a_slider_moved_in_mid_computation_counts(page):
    stage = Stage(page(f"bandits?{SLOW}"))
    opened = stage.page
    mode(stage, "Compare")
    opened.get_by_role("button", name="Cancel").wait_for(timeout=30_000)
    slider = opened.locator(".stSlider", has_text="c confidence").first
    slider.locator("input, [role=slider]").first.focus()
    for _ in range(3):
        opened.keyboard.press("ArrowRight")
    slider.get_by_text("2.30").wait_for(timeout=30_000)
    opened.get_by_role("radio", name="100", exact=True).click()
    stage.until(lambda: progress(opened).startswith("100 runs"), seconds=60)
    assert "2.30" in slider.inner_text()


def test_the_address_of_a_comparison_opens_it_again(page):
    stage = Stage(page(f"bandits?{RUN}&t=20"))
    mode(stage, "Compare")
    stage.page.get_by_role("radio", name="100", exact=True).click()
    stage.page.get_by_role("button", name="ε-greedy II").click()
    stage.until(lambda: "eps2" in stage.page.url and "runs=100" in stage.page.url)
    assert stage.view() == from_query_string(f"{RUN}&t=20")  # the run waits where it was
    other = page(stage.page.url.split("/", 3)[3])
    other.get_by_text("100 runs of 1,000 pulls").wait_for(timeout=30_000)
    other.locator(".js-plotly-plot .legendtext").get_by_text("ε-greedy II").wait_for(timeout=30_000)
    other.get_by_role("tab", name="Regret").click()
    other.wait_for_timeout(1000)
    assert other.get_by_role("button", name="ε-greedy II").get_attribute("aria-pressed") == "true"
    assert other.get_by_role("radio", name="100", exact=True).get_attribute("aria-checked") == "true"


@pytest.mark.parametrize("dark", [False, True])
def test_twenty_arms_fit_on_a_phone(page, dark):
    opened = page(f"bandits?{SLOW.replace('drift:0.1', 'rewards:Bernoulli')}", width=390, height=844, dark=dark)
    stage = Stage(opened)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    for button in stage.root.locator(".arm-row button").all():
        box = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_the_first_screen_shows_stage_controls_and_a_chart(page):
    opened = page("bandits")
    Stage(opened)
    for part in (".arms canvas", ".transport", ".scrubber", ".equation", ".js-plotly-plot .xaxislayer-above"):
        box = opened.locator(part).first.bounding_box(timeout=30_000)
        assert box["y"] + box["height"] <= 800, part
