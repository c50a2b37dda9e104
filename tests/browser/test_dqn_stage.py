"""How the stage shows a deep Q-network: its memory as dots, the minibatch lit up, its values as bars.

Most of it is mounted on a page of its own, with what the server would send: what it draws is compared with the engine.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.parts.dqn.player import DqnPlayer
from pages.parts.stage.stage import SCRIPTS, STYLES, read
from rl.agents.deep.memory import BATCH, FILLED, UPDATES
from rl.agents.dqn import DQN
from rl.envs.cart import Cart
from rl.envs.grid_world import GridWorld
from rl.replay import BORN, ENDED, EXTRA, REWARD
from rl.scenes import scene_of, see
from rl.timeline import Timeline
from tests.browser.stage import Stage

THEMES = {False: {"background-color": "#ffffff", "text-color": "#31333f"},
          True: {"background-color": "#0e1117", "text-color": "#fafafa"}}
AGENT = DQN(width=8, batch=6, capacity=80, warmup=30, span=200)
GRID = Timeline(GridWorld(map="S.../.#../...G"), AGENT, 3)
CART = Timeline(Cart(), replace(AGENT, every=2), 3)
SMALL = "dqn?v=1&env=cart&agent=dqn,width:8,batch:8,capacity:200,warmup:40,span:200&seed=1&t=300"
BOTH = pytest.mark.parametrize("timeline", [GRID, CART], ids=["grid", "cart"])
Mount = Callable[..., Page]

LIT = """() => {
  const { dots } = stage.memory, { replay } = stage.player.tape;
  const at = (canvas, place) => {
    const [x, y] = dots.middle(place, replay.ring[place]).map((x) => Math.floor(x * dots.ratio));
    return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
  };
  const places = Array.from(replay.ring.keys());
  return { under: places.map((p) => at(dots.under, p)), over: places.map((p) => at(dots.over, p)[3]) };
}"""
"""What is painted in the middle of each place: the dots' colours, and whether something is on top of them."""


@pytest.fixture
def mount(browser) -> Iterator[Mount]:
    """Mounts the stage with the data of a player at a moment. Fails on any error."""
    errors: list[str] = []
    contexts = []
    js = "\n".join(read(f"{name}.js") for name in SCRIPTS)
    js = js.replace("export default function", "const mountStage = function")
    css = "\n".join(read(f"{name}.css") for name in STYLES)

    def opened(timeline: Timeline, t: int, width: int = 700, dark: bool = False) -> Page:
        data = DqnPlayer(timeline, t, t).data()
        theme = ";".join(f"--st-{name}:{value}" for name, value in THEMES[dark].items())
        script = f"""const STYLE = {json.dumps(css)};\n{js}
            const place = document.getElementById("place");
            window.sent = [];
            mountStage({{parentElement: place, data: {json.dumps(data)},
                         setTriggerValue: (name, event) => sent.push(event)}});
            Object.assign(window, {{ stage: stages.get(place), pixel, blend }});"""
        html = f"""<meta charset=utf8><style>:root {{{theme};--st-primary-color:#5b57d6;--st-font:sans-serif}}</style>
            <div id=place></div><script type=module>{script}</script>"""
        contexts.append(browser.new_context(viewport={"width": width, "height": 1000}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("http://stage.test/")
        page.wait_for_function("() => window.stage")
        go(page, t)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors


def go(page: Page, t: int) -> None:
    """Goes to a moment and waits until it is drawn."""
    page.evaluate("(t) => stage.player.go(t)", t)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def painted(page: Page) -> tuple[set[int], set[int]]:
    """Which places have a dot, and which of them are lit up."""
    found = page.evaluate(LIT)
    colours = [tuple(pixel) for pixel in found["under"]]
    empty = tuple(page.evaluate("""() => {
      const colour = pixel(blend(stage.colours.background, stage.colours.text, 0.08));
      return [...new Uint8Array(new Uint32Array([colour]).buffer)];
    }"""))
    return ({place for place, colour in enumerate(colours) if colour != empty},
            {place for place, alpha in enumerate(found["over"]) if alpha > 0})


def learned_in(timeline: Timeline, t: int) -> set[int]:
    """From which places the batch of the step before a moment was drawn."""
    kept, before = timeline.at(t).memory, timeline.at(t - 1).memory
    drew = kept.counts[UPDATES] > before.counts[UPDATES]
    return set(kept.picked[: kept.counts[BATCH]].tolist()) if drew else set()


@BOTH
def test_there_is_a_dot_for_each_transition_and_the_minibatch_is_lit(mount, timeline):
    """Before it learns, as it fills, and when it is full; forward and back."""
    page = mount(timeline, 60)
    for t in (61, 75, 31, 20, 90, 60):
        go(page, t)
        kept = timeline.at(t).memory
        dots, lit = painted(page)
        assert dots == set(range(int(kept.counts[FILLED]))), t
        assert lit == learned_in(timeline, t), t
        assert f"{kept.counts[FILLED]} of 80 kept" in page.locator(".memory summary").inner_text()


def test_every_place_holds_the_transition_that_the_engine_has_there(mount):
    page = mount(GRID, 150)
    for t in (150, 170, 111, 150):
        go(page, t)
        rows = GRID.at(t).memory.rows
        mine = page.evaluate("""() => { const { ring, items } = stage.player.tape.replay;
            return Array.from(ring, (i) => [items.kept[i], items.after[i], items.born[i], items.ended[i]]) }""")
        extra = rows[:, -EXTRA:]
        assert np.array_equal(mine, np.stack([rows[:, 0], rows[:, 1], extra[:, BORN], extra[:, ENDED]], axis=1))


def test_a_memory_that_is_cut_short_shows_what_is_left(mount):
    cut = GRID.edited(90, None, replace(AGENT, capacity=10))
    page = mount(cut, 90)
    assert painted(page)[0] == set(range(10))
    go(page, 89)
    assert painted(page)[0] == set(range(80))
    go(page, 95)
    assert painted(page) == (set(range(10)), learned_in(cut, 95))


@pytest.mark.parametrize("kind", ["age", "reward", "ended", "error"])
def test_dots_are_coloured_by_what_is_asked_for(mount, kind):
    page = mount(GRID, 150, dark=True)
    page.get_by_label("colour").select_option(kind)
    go(page, 150)
    extra = GRID.at(150).memory.rows[:, -EXTRA:]
    apart = {"age": extra[:, BORN] > 120, "reward": extra[:, REWARD] > 0, "ended": extra[:, ENDED] == 1}
    colours = [tuple(pixel) for pixel in page.evaluate(LIT)["under"]]
    if kind == "error":
        assert len(set(colours)) > 3
        return
    one, other = ({colours[place] for place in np.flatnonzero(apart[kind] == yes)} for yes in (True, False))
    assert one and other and one.isdisjoint(other)


def test_dots_can_lie_where_it_happened_and_a_pointed_one_is_told_in_words(mount):
    page = mount(CART, 60)
    page.get_by_label("dots").select_option("where")
    go(page, 60)
    x, y = page.evaluate("() => stage.memory.dots.middle(0, stage.player.tape.replay.ring[0])")
    page.locator(".dot-sheet canvas").last.hover(position={"x": x, "y": y})
    tip = page.locator(".dot-sheet .tip")
    expect(tip).to_be_visible()
    assert "reward 1" in tip.inner_text() and "TD error" in tip.inner_text()


def test_the_bars_are_the_values_of_the_state_and_ticks_those_of_the_target_net(mount):
    page = mount(CART, 120)
    for t in (120, 95):
        go(page, t)
        kept = CART.at(t).memory
        rows = page.locator(".q-row")
        said = [float(text.replace("−", "-")) for text in rows.locator(".share").all_inner_texts()]
        assert np.allclose(said, kept.q[0], atol=0.006)
        best = int(np.argmax(kept.q[0]))
        assert rows.evaluate_all("rows => rows.map(row => row.classList.contains('greedy'))") == [best == 0, best == 1]
        target = by_target(kept)
        told = rows.evaluate_all("rows => rows.map(row => row.title.split('target net ')[1])")
        assert np.allclose([float(one.split(",")[0].replace("−", "-")) for one in told], target, atol=0.006)


def by_target(kept):
    """What the target net says of the state, by hand: two hidden layers of 8 relu units."""
    x, at = np.zeros(4), 0
    see(scene_of(Cart(), AGENT.sees), kept.body, x)
    for n, m, is_last in ((4, 8, False), (8, 8, False), (8, 2, True)):
        x = x @ kept.target[at : at + n * m].reshape(n, m) + kept.target[at + n * m : at + n * m + m]
        x, at = x if is_last else np.maximum(x, 0), at + n * m + m
    return x


# in the app -------------------------------------------------------------------------------------------------------


def test_pause_stops_and_a_knob_turned_on_the_way_does_not_reset_it(page):
    shown = page(SMALL)
    stage = Stage(shown)
    assert stage.moment == 300 and not stage.playing
    stage.play.click()
    stage.wait_for_moment("t > 320")
    shown.get_by_role("button", name="Keep last 100").click()
    expect(shown.get_by_role("button", name="Keep last 100")).to_have_attribute("kind", "primary", timeout=20_000)
    stage.until(lambda: "100 of 100 kept" in stage.root.locator(".memory summary").inner_text())
    assert stage.moment > 320 and stage.playing
    stage.pause()
    here = stage.moment
    shown.wait_for_timeout(600)
    assert stage.moment == here and not stage.playing
    edits = stage.view().timeline.edits
    assert len(edits) == 1 and edits[0].agent.capacity == 100 and 320 < edits[0].step <= here
    stage.scrub(310)
    stage.until(lambda: "200 of 200 kept" in stage.root.locator(".memory summary").inner_text())


def test_one_step_is_one_interaction_and_one_gradient_step_in_numbers(page):
    shown = page(SMALL)
    stage = Stage(shown)
    stage.press("One step (right)")
    assert stage.moment == 301
    expect(stage.root.locator(".drawn")).to_contain_text("One interaction, one gradient step: batch of 8")
    shown.get_by_role("tab", name="Batch").click()
    expect(shown.get_by_text("The batch of step 300")).to_be_visible(timeout=20_000)


def test_a_long_way_shows_how_far_it_is_and_stops_at_once(page):
    shown = page(SMALL.replace("width:8,batch:8", "width:64,batch:128").replace("seed=1&t=300", "seed=8&t=60000"))
    stop = shown.locator(".st-key-dqn-stop button").first
    expect(shown.get_by_text("Training ahead: step")).to_be_visible(timeout=20_000)
    stop.click()
    expect(stop).to_have_count(0, timeout=10_000)
    assert 0 < Stage(shown).moment < 60_000
