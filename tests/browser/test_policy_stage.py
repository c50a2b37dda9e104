"""How the stage shows a policy: arrows as long as an action is likely, and policies as points of a landscape.

The stage is mounted on a page of its own, with what the server would send: what it draws is compared with the engine.
"""

import json
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Page

from pages.parts.branching.player import BranchingPlayer
from pages.parts.player import Player
from pages.parts.policy.player import PolicyPlayer
from pages.parts.stage.stage import SCRIPTS, STYLES, pack, read
from rl.agents.control.q_learning import QLearning
from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.policy.actor_critic import ActorCritic
from rl.agents.policy.actor_critic_traces import ActorCriticTraces
from rl.agents.policy.ascent import Ascent
from rl.agents.policy.reinforce import Reinforce
from rl.arrows import arrow, samples_of
from rl.envs.blackjack import Blackjack
from rl.envs.cart import Cart
from rl.envs.five_by_five import FiveByFive
from rl.envs.frozen_lake import FrozenLake
from rl.envs.short_corridor import ShortCorridor
from rl.envs.three_arms import ThreeArms
from rl.landscape import curve, landscape
from rl.policy_gradient import objective
from rl.timeline import Timeline

LIGHT = {"background-color": "#ffffff", "text-color": "#31333f", "primary-color": "#5b57d6", "font": "sans-serif"}
DARK = {"background-color": "#0e1117", "text-color": "#fafafa", "primary-color": "#7f7bea", "font": "sans-serif"}
CORRIDOR = Timeline(ShortCorridor(), Reinforce(alpha=0.002, gamma=1.0, sees="nothing"), 3)
LAKE = Timeline(FrozenLake(), ActorCritic(alpha=0.5), 3)
ARMS = Timeline(ThreeArms(), Ascent(alpha=1.0, follows="a sample", batch=5), 3)
BLIND = Timeline(ShortCorridor(), Ascent(alpha=0.02, sees="nothing", preference=1.5), 3)
INK = (10, 154, 116)
"""The colour of policies, in the light theme."""

Mount = Callable[..., Page]


@pytest.fixture
def mount(browser) -> Iterator[Mount]:
    """Mounts the stage with the data of a player; what it sends is in ``window.sent``. Fails on any error."""
    errors: list[str] = []
    contexts = []
    js = "\n".join(read(f"{name}.js") for name in SCRIPTS)
    js = js.replace("export default function", "const mountStage = function")
    css = "\n".join(read(f"{name}.css") for name in STYLES)

    def opened(data: dict, width: int = 700, dark: bool = False) -> Page:
        theme = ";".join(f"--st-{name}:{value}" for name, value in (DARK if dark else LIGHT).items())
        script = f"""const STYLE = {json.dumps(css)};\n{js}
            const place = document.getElementById("place"), data = {json.dumps(data)};
            window.sent = [];
            window.show = (more) => mountStage({{parentElement: place, data: {{...data, ...more}},
                                                setTriggerValue: (name, event) => sent.push(event)}});
            show({{}});
            window.stage = stages.get(place);"""
        html = f"""<meta charset=utf8><style>:root {{{theme}}}</style><div id=place></div>
            <script type=module>{script}</script>"""
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("http://stage.test/")
        page.wait_for_function("() => window.stage")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors


def of(timeline: Timeline, t: int, **more: object) -> dict:
    return Player(timeline, t, **more).data()


def go(page: Page, t: int) -> None:
    """Goes to a moment and waits until it is drawn."""
    page.evaluate("(t) => stage.player.go(t)", t)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def words(page: Page, part: str) -> str:
    return page.locator(f".equation .{part}").inner_text()


def tip_at(page: Page, x: float, y: float) -> str:
    """Says what the tooltip says over a place of the world, in cells."""
    box = page.locator(".sheets").bounding_box()
    size = page.evaluate("() => stage.grid.sheets.size")
    page.mouse.move(box["x"] + x * size, box["y"] + y * size)
    return page.locator(".sheets .tip").inner_text()


INKED = """([row, col]) => {
  const canvas = stage.grid.sheets.base, size = stage.grid.sheets.size, found = [];
  const { data } = canvas.getContext("2d").getImageData(col * size, row * size, size, size);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
    const at = 4 * (y * size + x);
    if (data[at + 1] - data[at] > 70) found.push([x - size / 2 + 0.5, y - size / 2 + 0.5]);
  }
  return { size, found };
}"""


def inked(page: Page, row: int, col: int) -> tuple[int, np.ndarray]:
    """Returns a cell's size and where it is inked in the green of policies, from its centre, (n, 2)."""
    found = page.evaluate(INKED, [row, col])
    return found["size"], np.array(found["found"], float).reshape(-1, 2)


def spanned(at: np.ndarray) -> float:
    """Returns how many pixels lie between the outermost inked ones of each row: a letter on a disc is part of it."""
    rows = [at[at[:, 1] == y, 0] for y in np.unique(at[:, 1])]
    return float(sum(np.ptp(xs) + 1 for xs in rows))


def test_arrows_are_as_long_as_their_actions_are_likely(mount):
    t = 4000
    page = mount(of(CORRIDOR, t))
    left, right = CORRIDOR.at(t).memory.pi[2]
    size, at = inked(page, 0, 2)
    assert 0.1 < left < 0.9
    assert -at[:, 0].min() / (0.48 * size) == pytest.approx(left, abs=0.04)
    assert at[:, 0].max() / (0.48 * size) == pytest.approx(right, abs=0.04)
    assert np.abs(at[:, 1]).max() < 0.1 * size


def test_an_action_that_does_not_move_is_a_disc_with_its_chance_for_area(mount):
    timeline, t = Timeline(Blackjack(), ActorCritic(alpha=0.5), 3), 3000
    page = mount(of(timeline, t))
    row, col = 4, 3
    pi = timeline.at(t).memory.pi[page.evaluate("(i) => stage.grid.stateIn(i)", 11 * row + col)]
    assert 0.05 < pi[0] < 0.95
    size, at = inked(page, row, col)
    full = 0.22 * size
    areas = [spanned(at[at[:, 0] < 0]), spanned(at[at[:, 0] >= 0])]
    for area, chance in zip(areas, pi, strict=True):
        assert area / (np.pi * full**2) == pytest.approx(chance, abs=0.12)


def test_a_policy_has_views_of_its_own_and_none_of_best_and_error(mount):
    page = mount(of(LAKE, 500))
    names = page.locator(".aside .choices").get_by_role("radio").all_inner_texts()
    assert names == ["Policy", "Visits", "Preferences", "State values"]
    assert page.locator(".aside [role=radio][aria-checked=true]").inner_text() == "Policy"
    assert page.locator(".table summary").inner_text().startswith("Policy 16 states × 4 actions")


def test_a_place_never_visited_has_a_policy_all_the_same(mount):
    page = mount(of(LAKE, 3))
    assert len(inked(page, 2, 2)[1]) > 20
    assert tip_at(page, 2.5, 2.1) == "π(up | row 3, column 3) = 0.25 · never drawn"
    row = page.locator(".table .row:not(.head)").nth(2)
    assert row.locator(".entry").first.inner_text() == "0.25"
    assert "untried" not in row.inner_html()


def test_the_tooltip_tells_the_engines_chance_and_the_further_table(mount):
    t = 2000
    memory = LAKE.at(t).memory
    page = mount(of(LAKE, t))
    tip = tip_at(page, 1.1, 0.5)
    assert tip == f"π(left | row 1, column 2) = {memory.pi[1, 0]:.2f} · drawn {memory.visits[1, 0]} times"
    page.get_by_role("radio", name="Preferences").click()
    told = float(tip_at(page, 1.1, 0.55).split("Preferences: ")[1].replace("−", "-"))
    assert told == pytest.approx(memory.theta[1, 0], abs=6e-4)


def test_preferences_have_signed_colours(mount):
    page = mount(of(LAKE, 2000))
    page.get_by_role("radio", name="Preferences").click()
    low, zero, high = page.locator(".legend .ends span").all_inner_texts()
    assert (low, zero) == (f"−{high}", "0")


def test_a_step_is_told_by_its_chance_and_its_advantage(mount):
    t = 2000
    page = mount(of(LAKE, t))
    row = LAKE.steps(t - 1, t)
    name = LAKE.env.actions[int(row.action[0])].name
    assert words(page, "words").startswith(f"It drew {name}, a chance of {round(100 * row.chance[0])} %.")
    delta = row.target[0] - row.baseline[0]
    told = re.match(r"δ = \+?([−\d.e-]+): target ([−\d.e-]+) is (\w+) than V\(S\) ([−\d.e-]+)( ·|$)",
                    words(page, "error"))
    numbers = [float(told[i].replace("−", "-")) for i in (1, 2, 4)]
    assert numbers == pytest.approx([delta, row.target[0], row.baseline[0]], abs=6e-4)
    assert told[3] == ("more" if delta > 0 else "less")
    assert page.locator(".equation [aria-live]").inner_text().startswith(f"Step {t}. It drew {name}")


def test_what_an_update_led_to_fits_into_one_line(mount):
    page = mount(of(Timeline(FrozenLake(), ActorCriticTraces(alpha=0.5), 3), 2000), width=656)  # on a page 1280 px wide
    assert re.search(r"\d+ more chances$", words(page, "error"))
    assert page.locator(".rule-row").bounding_box()["height"] < 25


def test_a_return_without_a_baseline_is_compared_with_nothing(mount):
    log = CORRIDOR.steps(0, 3000)
    t = 1 + int(np.flatnonzero(log.updated_state >= 0)[-1])
    page = mount(of(CORRIDOR, t))
    assert words(page, "error").startswith(f"δ = G₀ = −{-log.target[t - 1]:g}")
    assert "γ counts as 0" not in words(page, "words")


def test_the_ledger_lists_the_updates_of_the_preference(mount):
    t = 1500
    timeline = Timeline(ShortCorridor(), ActorCritic(alpha=0.1), 3)
    page = mount(of(timeline, t, entry=(1, 0)))
    ledger = page.locator(".ledger")
    assert "θ(cell 2, left)" in ledger.locator("h4").inner_text()
    assert ledger.locator("th").all_inner_texts() == ["step", "reward", "followed", "δ", "new θ"]
    log = timeline.steps(0, t)
    last = int(np.flatnonzero((log.updated_state == 1) & (log.updated_action == 0))[-1])
    row = ledger.locator("tbody tr", has=page.get_by_role("button", name=f"{last:,}", exact=True))
    *_, delta, new = (float(text.replace("−", "-")) for text in row.locator("td:not(:first-child)").all_inner_texts())
    assert new == pytest.approx(timeline.at(last + 1).memory.theta[1, 0], abs=6e-4)
    assert delta == pytest.approx(log.target[last] - log.baseline[last], abs=6e-4)


def test_another_policy_and_a_table_of_values_stand_beside_it(mount):
    t = 400
    for other in (Timeline(FrozenLake(), Reinforce(alpha=0.5), 7), Timeline(FrozenLake(), QLearning(), 7)):
        rival = BranchingPlayer(other, t).data()
        page = mount(BranchingPlayer(LAKE, t).data() | {"beside": rival | {"title": "B", "mine": "A"}}, width=1000)
        assert page.locator(".pane.second canvas").first.is_visible()
        go(page, t + 5)
        assert page.evaluate("() => stage.beside.tape.t") == t + 5
        values = page.evaluate("() => Array.from(stage.beside.tape.q)")
        memory = other.at(t + 5).memory
        np.testing.assert_array_equal(values, getattr(memory, other.agent.learns).ravel())


# a policy that ascends ------------------------------------------------------------------------------------------------


def test_steps_of_the_policy_itself_are_no_steps_in_the_world(mount):
    timeline = Timeline(FiveByFive(), Ascent(alpha=1.0, gamma=0.9), 3)
    page = mount(of(timeline, 20))
    row = timeline.steps(19, 20)
    told = re.match(r"The policy has moved: its worth J rose, from ([\d.]+) to ([\d.]+)\.$", words(page, "words"))
    assert [float(x) for x in told.groups()] == pytest.approx([row.reward[0], row.ret[0]], abs=6e-3)
    assert page.locator(".skips > span").inner_text() == "skip steps"
    assert not page.locator("[title*=\"episode's end\"]").first.is_visible()
    page.locator(".skips button").first.click()
    assert page.evaluate("() => sent.at(-1).kind") == "episodes" and page.evaluate("() => sent.at(-1).n") == 10
    page.evaluate("() => stage.jump(30)")
    page.get_by_role("radio", name="Gradient").click()
    peak = np.abs(timeline.at(30).memory.gradient).max()
    assert float(page.locator(".legend .ends span").last.inner_text()) >= peak


@pytest.mark.parametrize(("step", "says"), [
    ({"old": 1.0, "new": 1.0, "reward": 0.5, "ret": 0.5}, "This step is 0: the policy stays as it is."),
    ({"old": 1.0, "new": 1.1, "reward": 0.50001, "ret": 0.50002}, "The policy has moved: its worth J hardly changed, "
     "it is 0.500."),
    ({"old": 1.0, "new": 1.1, "reward": 78.501, "ret": 78.549}, "The policy has moved: its worth J rose, from 78.50 to "
     "78.55."),
    ({"old": 1.0, "new": 1.1, "reward": -3_910_000.0, "ret": -412_345.4}, "The policy has moved: its worth J rose, "
     "from −3.9 million to −412,345.")])
def test_a_step_of_the_policy_is_told_as_it_is(browser, step, says):
    page = browser.new_page()
    page.add_script_tag(content="const NEARLY = 5e-4;\n" + "\n".join(read(name) for name in ("base.js", "words.js")))
    assert page.evaluate("(step) => sayAscent(step)", step) == says


def test_a_move_where_left_and_right_are_swapped_is_no_slip(mount):
    log = CORRIDOR.steps(0, 500)
    t = 1 + int(np.flatnonzero((log.state == 1) & (log.action == 1))[0])
    page = mount(of(CORRIDOR, t))
    assert words(page, "words").endswith("It went left.")


def test_nothing_is_said_of_other_chances_where_the_body_moved_on(mount):
    timeline = Timeline(Cart(), NetActorCritic(), 3)
    page = mount(PolicyPlayer(timeline, 20).data())
    assert page.evaluate("() => stage.player.tape.updatedToo().length") > 0
    assert re.fullmatch(r"δ = .*: target .* is .* V\(S\) [−\d.]+", words(page, "error"))


# landscapes -----------------------------------------------------------------------------------------------------------


def land(timeline: Timeline, t: int) -> dict:
    return PolicyPlayer(timeline, t).data()


def spot(page: Page, p: list[float]) -> tuple[float, float]:
    """Where a policy lies on the picture."""
    at = page.evaluate("(p) => stage.world.painter.ground.at(p)", p)
    return at["x"], at["y"]


def shade(page: Page, x: float, y: float) -> np.ndarray:
    """The colour of a place of the picture."""
    take = "([x, y]) => Array.from(stage.world.painter.ctx.getImageData(x, y, 1, 1).data)"
    return np.array(page.evaluate(take, [round(x), round(y)])[:3], float)


def test_the_landscape_is_worth_what_the_engine_says_between_its_points_too(mount):
    page = mount(land(ARMS, 5))
    rng = np.random.default_rng(1)
    policies = rng.dirichlet(np.ones(3), 40)
    told = page.evaluate("(ps) => ps.map((p) => stage.world.painter.ground.worthOf(p))", policies.tolist())
    exact = [objective(ARMS.env.mdp, np.array([p, np.zeros(3)]), 1.0) for p in policies]
    np.testing.assert_allclose(told, exact, atol=1e-6)  # arms pay the mean of what they pay: a plane


def test_every_policy_lies_where_the_pointer_finds_it(mount):
    for timeline in (ARMS, BLIND):
        page = mount(land(timeline, 5))
        policies = np.random.default_rng(2).dirichlet(np.ones(timeline.env.shape[1]), 10)
        found = page.evaluate("""(ps) => ps.map((p) => {
            const { ground } = stage.world.painter, { x, y } = ground.at(p);
            return ground.policyAt(x, y); })""", policies.tolist())
        np.testing.assert_allclose(found, policies, atol=1e-9)


def test_the_corners_of_the_triangle_are_the_sure_policies(mount):
    page = mount(land(ARMS, 5))
    (x0, y0), (x1, y1), (x2, y2) = (spot(page, row) for row in np.eye(3).tolist())
    assert y0 == y1 > y2 and x0 < x2 < x1
    assert np.hypot(x2 - x0, y2 - y0) == pytest.approx(x1 - x0, rel=1e-3)


def test_the_policy_is_a_dot_on_its_place_and_the_best_a_star(mount):
    for timeline, t in ((ARMS, 3), (BLIND, 2)):
        page = mount(land(timeline, t))
        page.evaluate("() => Object.assign(stage.clouds, { cloud: false, cloudb: false })")
        go(page, t)
        x, y = spot(page, timeline.at(t).memory.pi[0].tolist())
        assert np.abs(shade(page, x - 5, y) - INK).max() < 60  # the arrow starts in its middle
        x, y = spot(page, page.evaluate("() => stage.data.world.best"))
        assert np.abs(shade(page, x, y) - (0x31, 0x33, 0x3F)).max() < 40


def test_the_ground_is_darker_where_policies_are_worth_more(mount):
    page = mount(land(ARMS, 0))
    low, middle, high = (shade(page, *spot(page, p)).sum() for p in
                         ([0.04, 0.04, 0.92], [0.55, 0.05, 0.4], [0.08, 0.88, 0.04]))
    assert low > middle > high


def test_the_curve_falls_out_of_the_picture_where_no_episode_ends(mount):
    page = mount(land(BLIND, 2))
    found = curve(BLIND.env.mdp, 1.0, 200)
    best, foot = spot(page, found.best.tolist()), page.evaluate("() => stage.world.painter.ground.floor")
    assert best[1] < 0.25 * foot
    assert {spot(page, [1 - p, p])[1] for p in (0.0, 0.001, 0.999, 1.0)} == {foot}
    for p, worth in zip(found.points[20:-20:20], found.worth[20:-20:20], strict=True):
        y = page.evaluate("(worth) => stage.world.painter.ground.y(worth)", float(worth))
        assert spot(page, p.tolist())[1] == pytest.approx(y, abs=0.01)


def test_a_corner_where_no_episode_ends_is_hatched(mount):
    data = land(ARMS, 0)
    points = np.array([(i, j, 48 - i - j) for i in range(49) for j in range(49 - i)]) / 48
    worth = np.where(points[:, 0] > 0.6, -np.inf, points[:, 1]).astype(np.float32)
    page = mount(data | {"world": data["world"] | {"grid": 48, "worth": pack(worth)}})
    corner, middle = ({tuple(shade(page, x + dx, y + dy)) for dx in range(8) for dy in range(8)} for x, y in
                      (spot(page, [0.85, 0.08, 0.07]), spot(page, [0.4, 0.4, 0.2])))
    assert (255, 255, 255) in corner and len(corner) > 1
    assert (255, 255, 255) not in middle
    assert "never ends" in page.locator(".land-legend").inner_text()
    assert page.evaluate("() => stage.world.painter.ground.worthOf([0.9, 0.05, 0.05])") in (None, float("-inf"))


def test_the_picture_is_told_in_words_and_numbers(mount):
    t = 5
    page = mount(land(ARMS, t))
    pi, mdp = ARMS.at(t).memory.pi, ARMS.env.mdp
    told = page.locator(".landscape canvas").get_attribute("aria-label")
    assert told.startswith(f"The policy: arm 1 {pi[0, 0]:.2f}, arm 2 {pi[0, 1]:.2f}, arm 3 {pi[0, 2]:.2f}.")
    now, best = page.locator(".landscape .facts dd").all_inner_texts()
    assert float(now) == pytest.approx(objective(mdp, pi, 1.0), abs=6e-4)
    assert float(best) == pytest.approx(landscape(mdp, 1.0, 10).top, abs=6e-4)
    angle = arrow(ARMS.at(t)).angle
    assert f"The mean of the samples without a baseline points {angle:.0f} degrees off the exact gradient" in told
    off = page.locator(".samples b").first
    assert off.inner_text() == f"mean of {samples_of(ARMS.agent)}: {angle:.0f}° off"
    assert "away from the true gradient" in off.get_attribute("title")


def test_no_angle_is_told_on_a_line_nor_where_the_arrow_leads_nowhere(mount):
    top = Timeline(ThreeArms(), Ascent(alpha=1e-4, follows="a sample", batch=5), 3)
    for timeline in (BLIND, top):
        page = mount(land(timeline, 2))
        assert page.locator(".samples b").first.inner_text() == ""
        assert "degrees" not in page.locator(".landscape canvas").get_attribute("aria-label")


def test_samples_on_one_spot_are_one_dot_with_their_number_for_area(mount):
    page = mount(land(ARMS, 5))
    heaps = page.evaluate("""() => {
        const { painter } = stage.world, arcs = [], { arc } = painter.ctx;
        painter.ctx.arc = (x, y, radius) => arcs.push([x, y, radius]);
        const corners = [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0]];
        painter.cloud(Float32Array.from([...corners.flat(), NaN, NaN, NaN]), "red", 3);
        painter.ctx.arc = arc;
        return arcs; }""")
    (x1, y1), (x0, y0) = spot(page, [0, 1, 0]), spot(page, [1, 0, 0])
    np.testing.assert_allclose(heaps, [[x1, y1, 2 * heaps[1][2]], [x0, y0, heaps[1][2]]])


def test_the_dashes_of_a_short_arrow_end_where_the_policies_do(mount):
    page = mount(land(ARMS, 0))
    page.evaluate("""() => {
        const { painter } = stage.world, { ground, ctx } = painter;
        ctx.clearRect(0, 0, painter.width, painter.height);
        painter.arrow(ground.at([0.02, 0.96, 0.02]), [0.018, 0.964, 0.018]); }""")
    seen = page.evaluate("""() => {
        const { painter } = stage.world, { ctx, width, height, ground } = painter;
        const { data } = ctx.getImageData(0, 0, Math.floor(width), Math.floor(height)), found = [];
        for (let i = 3; i < data.length; i += 4) if (data[i] > 60) found.push(((i - 3) / 4) % Math.floor(width));
        return { right: Math.max(...found), count: found.length, corner: ground.corners[1][0] }; }""")
    assert seen["count"] > 20
    assert seen["right"] <= seen["corner"] + 1
    assert "dashed: its direction" in page.locator(".land-legend").inner_text()


def test_the_samples_chosen_are_shown_while_it_plays_and_after_another_message(mount):
    page = mount(land(ARMS, 5))
    boxes = page.locator(".samples input")
    assert [boxes.nth(i).is_checked() for i in range(2)] == [True, False]
    before = page.evaluate("() => stage.world.look(stage.player.tape, 1).clouds.length")
    boxes.nth(1).check()
    page.locator("button.play").click()
    page.wait_for_function("() => stage.player.t >= 9")
    page.evaluate("() => show({ note: 'another' })")
    page.wait_for_function("() => stage.player.t >= 12")
    clouds = page.evaluate("() => stage.world.look(stage.player.tape, 1).clouds.map(({ dots }) => dots.length)")
    assert (before, len(clouds)) == (1, 2) and clouds[0] == clouds[1] > 3 * 11
    assert [boxes.nth(i).is_checked() for i in range(2)] == [True, True]


def test_the_policy_glides_from_one_moment_to_the_next(mount):
    page = mount(land(ARMS, 5))
    go(page, 6)
    looks = page.evaluate("() => [0, 0.5, 1].map((part) => Array.from(stage.world.look(stage.player.tape, part).pi))")
    before, after = (ARMS.at(t).memory.pi[0] for t in (5, 6))
    np.testing.assert_allclose(looks[0], before, atol=1e-6)
    np.testing.assert_allclose(looks[1], before + 0.875 * (after - before), atol=1e-6)
    np.testing.assert_allclose(looks[2], after, atol=1e-6)


def test_the_path_is_that_of_the_run(mount):
    page = mount(land(ARMS, 12))
    rows = page.evaluate("() => Array.from(stage.world.look(stage.player.tape, 1).path.rows)")
    np.testing.assert_allclose(np.reshape(rows, (-1, 3)), [ARMS.at(t).memory.pi[0] for t in range(13)], atol=1e-6)


def test_a_place_of_the_landscape_is_told(mount):
    page = mount(land(ARMS, 5))
    x, y = spot(page, [0.2, 0.5, 0.3])
    box = page.locator(".landscape canvas").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    tip = page.locator(".landscape .tip")
    tip.wait_for()
    chances, worth = re.match(r"π = \((.*)\) · J ≈ (.*)", tip.inner_text()).groups()
    shown = [float(chance) for chance in chances.split(", ")]
    np.testing.assert_allclose(shown, [0.2, 0.5, 0.3], atol=0.011)  # a pixel is half a per cent
    assert float(worth) == pytest.approx(0.5 * 0.2 + 1.0 * 0.5, abs=0.02)
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    tip.wait_for(state="hidden")


def test_nothing_overflows_a_phone(mount):
    for timeline, dark in ((ARMS, False), (BLIND, True)):
        page = mount(land(timeline, 5), width=390, dark=dark)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        assert page.locator(".samples").first.bounding_box()["height"] >= 40


def test_of_moments_with_many_numbers_fewer_are_kept(browser):
    page = browser.new_page()
    page.add_script_tag(content="\n".join(read(f"{name}.js") for name in ("base", "changes", "tables", "tape")))
    most = page.evaluate("""() => [{}, { cloud: { width: 4000 } }].map((moments) =>
        Object.getOwnPropertyDescriptor(Tape.prototype, "most").get.call({ moments }))""")
    assert most == [60000, 2000]


@pytest.mark.parametrize(("chance", "short", "long"), [
    (0.434, "0.43", "43 %"), (0.0, "0", "0 %"), (1.0, "1", "100 %"), (0.0031, "0.0031", "0.3 %"),
    (0.99996, ">0.999", "more than 99.9 %"), (1e-9, "<0.001", "less than 0.1 %"), (0.998, "0.9980", "99.8 %"),
    (0.0002, "<0.001", "less than 0.1 %")])
def test_chances_are_never_rounded_to_certainty(browser, chance, short, long):
    page = browser.new_page()
    page.add_script_tag(content=read("base.js"))
    assert page.evaluate("(x) => [fmtChance(x), percent(x)]", chance) == [short, long]
