"""The stage in a real browser: it plays, pauses, goes back, and never shows a number the engine did not compute."""

import time

import pytest

from rl.link import from_query_string
from tests.browser.stage import Stage

RUN = "v=1&env=lake&agent=q,alpha:0.5,initial:0.5&seed=3"


@pytest.fixture
def stage(page):
    return Stage(page(f"q_learning?{RUN}&t=500"))


def truth(t: int, query: str = RUN):
    """What the engine says of step t - 1: the log row that moment t shows."""
    return from_query_string(query).timeline.steps(t - 1, t)


def test_a_link_opens_at_its_moment_and_stands_still(stage):
    assert stage.moment == 500
    assert not stage.playing


def test_the_preset_opens_alive(page):
    stage = Stage(page("q_learning"))
    stage.wait_for_moment("t > 1502")
    assert stage.playing


def test_a_step_shows_the_engines_numbers(stage):
    for _ in range(5):
        stage.press("One step (right)")
    assert stage.moment == 505
    row, shown = truth(505), stage.numbers()
    assert shown["Q(S,A)"] == pytest.approx(row.new[0], abs=6e-4)
    assert shown["old Q(S,A)"] == pytest.approx(row.old[0], abs=6e-4)
    assert shown["R"] == row.reward[0]


def test_back_goes_back_to_the_same_picture(stage):
    before = stage.picture()
    for _ in range(12):
        stage.press("One step (right)")
    assert stage.picture() != before
    for _ in range(12):
        stage.press("One step back")
    assert stage.picture() == before


def test_quick_clicks_are_all_taken(stage):
    stage.root.locator("[aria-label^='One step (right)']").click(click_count=20, delay=5)
    stage.wait_for_moment("t === 520")


def test_stepping_on_beyond_the_buffer_meets_the_engine_again(stage):
    stage.root.locator("[aria-label^='One step (right)']").click(click_count=150, delay=30)
    stage.wait_for_moment("t === 650")
    stage.until(lambda: stage.numbers()["Q(S,A)"] == pytest.approx(truth(650).new[0], abs=6e-4))


def test_play_plays_and_pause_pauses_at_once(stage):
    stage.play.click()
    stage.wait_for_moment("t > 510")
    stage.play.click()
    still = stage.moment
    time.sleep(1.5)
    assert stage.moment == still
    assert not stage.playing


def test_pause_holds_while_the_server_is_answering(stage):
    stage.play.click()
    for _ in range(4):
        stage.root.get_by_text("+10", exact=True).click()
        stage.pause()
        time.sleep(0.4)
        assert not stage.playing
        stage.play.click()
    stage.pause()


def test_playing_fast_crosses_chunks_without_a_gap(stage):
    speed = stage.root.get_by_label("Speed")
    speed.evaluate("node => { node.value = 70; node.dispatchEvent(new Event('input', {bubbles: true})) }")
    stage.play.click()
    stage.wait_for_moment("t > 1500")
    stage.pause()
    time.sleep(0.4)
    t = stage.moment
    assert stage.numbers()["Q(S,A)"] == pytest.approx(truth(t).new[0], abs=6e-4)


def test_scrubbing_far_back_shows_the_engines_moment(stage):
    stage.root.get_by_text("+100", exact=True).click()
    stage.wait_for_moment("t > 1000")
    stage.scrub(40)
    stage.wait_for_moment("t === 40")
    stage.until(lambda: stage.numbers()["Q(S,A)"] == pytest.approx(truth(40).new[0], abs=6e-4))
    stage.until(lambda: stage.view().t == 40 and stage.view().end > 1000)


def test_an_episode_forward_and_back(stage):
    timeline = from_query_string(RUN).timeline
    stage.press("On to the episode's end")
    stage.wait_for_moment(f"t === {timeline.after_episodes(500, 1)}")
    stage.press("Back to the episode's end before")
    stage.wait_for_moment(f"t === {timeline.episode_before(timeline.after_episodes(500, 1))}")


def test_the_keyboard_does_it_all(stage):
    stage.world.focus()
    keys = stage.page.keyboard
    keys.press("ArrowRight")
    stage.wait_for_moment("t === 501")
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    stage.wait_for_moment("t === 499")
    keys.press("Home")
    stage.wait_for_moment("t === 0")
    keys.press("End")
    stage.wait_for_moment("t >= 501")
    keys.press("Space")
    assert stage.playing
    keys.press("Space")
    assert not stage.playing
    t = stage.moment
    keys.press("Shift+ArrowRight")
    stage.wait_for_moment(f"t === {from_query_string(RUN).timeline.after_episodes(t, 1)}")


def test_an_episode_on_from_where_the_playhead_is_still_on_its_way_to(stage):
    stage.world.focus()
    stage.page.keyboard.press("Home")
    stage.wait_for_moment("t === 0")
    for key in ("End", "Space", "Space", "Shift+ArrowRight"):
        stage.page.keyboard.press(key)
    ends = [from_query_string(RUN).timeline.after_episodes(t, 1) for t in (501, 525)]
    stage.wait_for_moment(f"{ends}.includes(t)")
    stage.page.wait_for_timeout(1000)
    assert stage.moment in ends


def test_a_click_on_an_entry_opens_its_ledger_and_a_step_in_it_leads_there(stage):
    run = from_query_string(RUN).timeline.at(500)
    s, a = divmod(int(run.memory.visits.argmax()), 4)
    row = stage.root.locator(".panel.table .row:not(.head)", has_text=run.env.state_name(s)).first
    row.locator(".entry").nth(a).click()
    ledger = stage.root.locator(".ledger")
    ledger.get_by_text(f"{run.memory.visits[s, a]} updates").wait_for()
    log = run_steps(500)
    newest = max(t for t in range(500) if log.state[t] == s and log.action[t] == a)
    ledger.locator("tbody button").first.click()
    stage.wait_for_moment(f"t === {newest} || t === {newest + 1}")
    ledger.get_by_label("Close").click()
    ledger.wait_for(state="hidden")


def run_steps(t: int):
    return from_query_string(RUN).timeline.steps(0, t)


def test_the_space_bar_plays_before_anything_was_clicked_and_after_the_scrubber_was_used(stage):
    stage.page.keyboard.press("Space")
    assert stage.playing
    stage.page.keyboard.press("Space")
    assert not stage.playing
    stage.root.get_by_label("Step of the run").focus()
    stage.page.keyboard.press("Space")
    assert stage.playing


CLIFF = "v=1&env=cliff,slippery:yes&agent=q,epsilon:0.5&seed=3"


@pytest.mark.parametrize(("happened", "words"), [
    (lambda log: (log.state == 36) & (log.action == 1) & (log.next_state == 24), "It slipped: meant right, went up."),
    (lambda log: (log.state == 36) & (log.reward == -100), "It fell off the cliff."),
    (lambda log: (log.next_state == 36) & (log.state != 36) & (log.reward == -100), "It fell off the cliff."),
], ids=["slipped from beside the cliff", "fell at the start", "fell further on"])
def test_the_sentence_says_what_happened_at_the_cliff(page, happened, words):
    log = from_query_string(CLIFF).timeline.steps(0, 3000)
    t = int(happened(log).nonzero()[0][0]) + 1
    stage = Stage(page(f"q_learning?{CLIFF}&t={t}"))
    assert words in stage.words()
