"""The picture of a body is Gymnasium's own, drawn by the browser; its script alone is mounted here, without an app."""

import base64
import io
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import gymnasium
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from pages.parts.stage.stage import SCRIPTS, STYLES, pack, read
from rl.agents.driver import Driver
from rl.envs.acrobot import Acrobot
from rl.envs.base import World
from rl.envs.cart import Cart
from rl.envs.mountain_car import MountainCar
from rl.physics import act_on
from rl.timeline import Timeline

CART, ACROBOT, CAR = Cart(), Acrobot(), MountainCar()
WORLDS = pytest.mark.parametrize("world", [CART, ACROBOT, CAR], ids=["cart", "acrobot", "mountaincar"])
SIZES = {"cart": (600, 400), "acrobot": (500, 500), "mountaincar": (600, 400)}
MOST = {"cart": (2.3, 2, 0.2, 2), "acrobot": (np.pi, np.pi, 9, 20), "mountaincar": (0.6, 0.07, 0, 0)}
ALIKE = 0.13
"""The mean difference of a pixel's colour, of 255, up to which pictures are alike: Gymnasium rounds to whole pixels.

Measured over 40 poses of each world: at most .096, .109 and .079. Two degrees more (a car: .035 to the right) are .18
to .27, .26 to .94 and .33 to .91, a blank picture is 2.7, 3.2 and at least 1.2.
"""
MOUNT = """([data, dark, [width, height]]) => {
  const player = { playing: false, carry: 0, calm: { matches: false } };
  const body = new Body({ player });
  const place = el("div", { class: "stage", "data-world": "body", style: `width: ${width}px` }, body.node);
  document.body.replaceChildren(place);
  body.load(data, { dark });
  body.layout(width, height);
  const moments = Object.fromEntries(Object.entries(data.moments).map(([k, m]) => [k, { ...m, data: unpack(m) }]));
  const steps = Object.fromEntries(Object.entries(data.steps).map(([k, column]) => [k, unpack(column)]));
  const t1 = moments.body.data.length / 4 - 1;
  const tape = Object.assign(Object.create(Tape.prototype), { t: 0, t0: 0, t1, anew: false, moments, steps });
  const draw = (t, more = {}) => {
    Object.assign(player, { playing: false, carry: 0 }, more.player);
    Object.assign(tape, { t, anew: Boolean(more.anew) });
    body.draw(tape, { part: more.part ?? 1, fast: false });
  };
  Object.assign(window, { body, draw });
}"""


class Mounted:
    """A body on a blank page, whose moments are those of a run or any that are given."""

    def __init__(self, page: Page, world: World, moments: dict[str, Any], steps: dict[str, Any]) -> None:
        self.page, self.world, self.moments, self.steps = page, world, moments, steps

    def show(self, width: int = 600, height: int = 700, dark: bool = False) -> "Mounted":
        rows = {name: pack(np.array(rows, float)) | {"width": len(rows[0])} for name, rows in self.moments.items()}
        steps = {name: pack(np.array(column)) for name, column in self.steps.items()}
        actions = [action._asdict() for action in self.world.actions]
        data = {"world": {"kind": "body", "body": self.world.slug}, "actions": actions, "run": "1", "moments": rows,
                "steps": steps}
        self.page.evaluate(MOUNT, [data, dark, [width, height]])
        return self

    def draw(self, t: int, **more: Any) -> None:
        self.page.evaluate("([t, more]) => draw(t, more)", [t, more])

    def picture(self) -> np.ndarray:
        url = self.page.locator("canvas").evaluate("canvas => canvas.toDataURL()")
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("RGB")).astype(int)

    def rows(self) -> list[str]:
        return [row.replace("\n", " ").strip() for row in self.page.locator(".chance-row").all_inner_texts()]

    def says(self) -> str:
        return self.page.get_by_role("img").get_attribute("aria-label") or ""


@pytest.fixture
def mounted(browser: Browser) -> Iterator[Callable[..., Mounted]]:
    errors: list[str] = []
    contexts = []

    def mount(world: World, moments: dict[str, Any], steps: dict[str, Any], **context: Any) -> Mounted:
        contexts.append(browser.new_context(**context))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_content("<!doctype html><body style='margin: 0'></body>")
        page.add_style_tag(content="\n".join(read(f"{name}.css") for name in STYLES))
        page.add_script_tag(content="\n".join(read(f"{name}.js") for name in SCRIPTS if name != "mount"))
        return Mounted(page, world, moments, steps)

    yield mount
    for context in contexts:
        context.close()
    assert not errors


def at(world: World, bodies: Any, landed: Any = None, **steps: Any) -> tuple[World, dict[str, Any], dict[str, Any]]:
    """Moments of given bodies, with even chances and no critic."""
    n, actions = len(bodies), len(world.actions)
    moments = {"body": bodies, "landed": bodies if landed is None else landed, "value": [[np.nan]] * n,
               "chance": [[1 / actions] * actions] * n}
    return world, moments, {"action": [0] * (n - 1), "ended": [0] * (n - 1)} | steps


def played(world: World, steps: int) -> tuple[World, dict[str, Any], dict[str, Any]]:
    """The moments of a person's run, by the engine."""
    moves = np.random.default_rng(4).integers(len(world.actions), size=steps)
    run = Timeline(world, Driver("".join(map(str, moves))), 2)
    log, bodies = run.steps(0, steps), [run.at(t).memory.body for t in range(steps + 1)]
    landed = [bodies[0], *(body.copy() for body in bodies[:-1])]
    for body, action in zip(landed[1:], moves, strict=True):
        act_on(world.model.kind, body, action)
    return at(world, bodies, landed, action=log.action, ended=log.ended.astype(np.uint8))


def gymnasiums(world: World, body: Any) -> np.ndarray:
    """The frame Gymnasium renders of a body."""
    _canvas(world).state = np.array(body, float)
    return _canvas(world).render().astype(int)


@lru_cache(maxsize=3)
def _canvas(world: World) -> Any:
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    return gymnasium.make(world.title, render_mode="rgb_array").unwrapped


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


@WORLDS
def test_a_picture_is_the_frame_gymnasium_renders(world: World, mounted: Callable[..., Mounted]) -> None:
    random = np.random.default_rng(1)
    bodies = [np.zeros(4), *(random.uniform(-1, 1, (7, 4)) * MOST[world.slug])]
    shown = mounted(*at(world, bodies)).show()
    for t, body in enumerate(bodies):
        shown.draw(t)
        picture, angle = shown.picture(), 2 if world is CART else 0
        assert picture.shape == gymnasiums(world, body).shape == (*SIZES[world.slug][::-1], 3)
        assert difference(picture, gymnasiums(world, body)) < ALIKE
        body[angle] += np.radians(2)
        assert difference(picture, gymnasiums(world, body)) > ALIKE


def test_a_run_is_drawn_where_its_steps_led(mounted: Callable[..., Mounted]) -> None:
    """A cart's episode ends meanwhile: where it fell is seen, and the next start when the next step is about to be."""
    world, moments, steps = played(CART, 40)
    end = int(np.flatnonzero(steps["ended"])[0]) + 1
    shown = mounted(world, moments, steps).show()
    for t in (0, 5, end, end + 1):
        shown.draw(t)
        assert difference(shown.picture(), gymnasiums(CART, moments["landed"][t])) < ALIKE
    fallen, start = moments["landed"][end], moments["body"][end]
    assert abs(fallen[2]) > np.radians(12) > 4 * abs(start[2])
    shown.draw(end, anew=True)
    assert difference(shown.picture(), gymnasiums(CART, start)) < ALIKE


def test_a_body_moves_on_between_two_moments(mounted: Callable[..., Mounted]) -> None:
    """By the glide of a step taken by hand, and evenly while it plays; the last buffered step is shown whole."""
    bodies = [[-1, 0, 0.1, 0], [1, 0, -0.1, 0], [1, 0, -0.1, 0]]
    shown = mounted(*at(CART, bodies)).show()
    for more in ({"part": 0.25}, {"player": {"playing": True, "carry": 0.25}}):
        shown.draw(1, **more)
        assert difference(shown.picture(), gymnasiums(CART, [-0.5, 0, 0.05, 0])) < ALIKE
    shown.draw(2, player={"playing": True, "carry": 0.25})
    assert difference(shown.picture(), gymnasiums(CART, bodies[2])) < ALIKE
    shown.draw(1, player={"playing": True, "carry": 0.25, "calm": {"matches": True}})
    assert difference(shown.picture(), gymnasiums(CART, bodies[1])) < ALIKE


def test_a_link_that_goes_over_the_top_turns_on_and_not_back(mounted: Callable[..., Mounted]) -> None:
    """The lower one turns by 2 pi - 2 in a fifth of a second, at 21.4 rad/s: the angle is less than before."""
    bodies = [[3.1, 1.0, 1.0, 21.4], [-3.1, -1.0, 1.0, 21.4]]
    shown = mounted(*at(ACROBOT, bodies)).show()
    shown.draw(1, part=0.5)
    assert difference(shown.picture(), gymnasiums(ACROBOT, [np.pi, np.pi, 0, 0])) < ALIKE


def test_the_chances_are_bars_and_the_chosen_action_is_marked(mounted: Callable[..., Mounted]) -> None:
    world, moments, steps = at(ACROBOT, np.zeros((3, 4)), action=[2, 0])
    moments |= {"chance": [[np.nan] * 3, [0.25, 0.1234, 0.6266], [1, 0, 0]], "value": [[np.nan], [-42.5], [3]]}
    shown = mounted(world, moments, steps).show()
    critic, chosen = shown.page.locator(".critic"), shown.page.locator(".chance-row.chosen")
    shown.draw(0)
    assert shown.rows() == ["torque −1 –", "no torque –", "torque +1 –"]
    assert chosen.count() == 0 and critic.is_hidden()
    shown.draw(1)
    assert shown.rows() == ["torque −1 25.0 %", "no torque 12.3 %", "torque +1 62.7 % chosen"]
    fills = shown.page.locator(".chance i").evaluate_all("is => is.map(i => i.offsetWidth / i.parentNode.offsetWidth)")
    assert fills == pytest.approx([0.25, 0.1234, 0.6266], abs=0.01)
    assert chosen.inner_text().startswith("torque +1") and critic.inner_text() == "V(s) −42.50"
    shown.draw(2)
    assert shown.rows()[0] == "torque −1 100.0 % chosen" and critic.inner_text() == "V(s) 3"


def test_the_pose_is_said_in_words(mounted: Callable[..., Mounted]) -> None:
    cart = mounted(*at(CART, [[0.314, 0, np.radians(-4.2), 0], [-1, 0, np.radians(3), 0]])).show()
    cart.draw(0)
    assert cart.says() == "The cart is 0.31 m right of the middle, and its pole leans 4.2° to the left."
    cart.draw(1)
    assert cart.says() == "The cart is 1.00 m left of the middle, and its pole leans 3.0° to the right."
    acrobot = mounted(*at(ACROBOT, [[np.pi / 2, np.radians(-30), 0, 0], [np.pi, 0, 0, 0]])).show()
    acrobot.draw(0)
    assert acrobot.says() == ("The upper link is 90° counterclockwise from hanging down, the lower one 30° clockwise "
                              "from the upper one's direction; the free end is 0.50 m below the nail.")
    acrobot.draw(1)
    assert acrobot.says().endswith("the free end is 2.00 m above the nail.")
    car = mounted(*at(CAR, [[-0.9, -0.0123, 0, 0], [0.51, 0.02, 0, 0], [-0.5, 0, 0, 0]])).show()
    car.draw(0)
    assert car.says() == ("The car is 0.38 left of the bottom of the valley, 1.40 short of the flag, and rolls 0.0123 "
                          "a step to the left.")
    car.draw(1)
    assert car.says().endswith("1.03 right of the bottom of the valley, at the flag, and rolls 0.0200 a step to "
                               "the right.")
    car.draw(2)
    assert car.says().endswith("and stands still.")


@WORLDS
def test_a_picture_is_sharp_and_fits_a_phone(world: World, mounted: Callable[..., Mounted]) -> None:
    phone = {"viewport": {"width": 390, "height": 800}, "device_scale_factor": 2}
    shown = mounted(*played(world, 10), **phone).show(358, 358)
    shown.draw(10)
    wide, high, pixels = shown.page.locator("canvas").evaluate("c => [c.clientWidth, c.clientHeight, c.width]")
    assert pixels == 2 * wide and wide <= 358
    assert high / wide == pytest.approx(np.divide(*SIZES[world.slug][::-1]), abs=0.01)
    box = shown.page.locator(".body-world").bounding_box()
    assert box and box["width"] <= 358 and 200 < box["height"] <= 375
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390


@WORLDS
def test_in_a_dark_theme_the_picture_does_not_glare(world: World, mounted: Callable[..., Mounted]) -> None:
    shown = mounted(*at(world, np.zeros((2, 4)))).show(dark=True)
    shown.draw(1)
    assert set(shown.picture()[3, 3]) == {199}
    assert difference(shown.picture(), gymnasiums(world, np.zeros(4)) * 0.78) < ALIKE + 0.5  # colours are rounded
