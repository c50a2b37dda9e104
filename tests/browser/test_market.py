"""How a market looks and answers in a real browser: what is drawn is what was held, said and earned."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from pages.parts.trading.player import days
from rl.envs.trading import Trading
from rl.link import from_query_string
from rl.markets.trading import first_day
from tests.browser.stage import Stage

LINK = "v=1&env=trading,market:IBM,reader:perfect&agent=trading_q&seed=3&t=300"
HELD = ["short", "flat", "long"]

SAMPLE = """node => {
  const [held, said] = [[], []], ratio = window.devicePixelRatio;
  const { width, height } = node, ctx = node.getContext("2d");
  const [left, right] = [46 * ratio, width - 12 * ratio], across = (right - left) / 127;
  const floor = height / ratio - 18 - 21 - 8;
  for (let i = 0; i < 126; i++) {
    const x = Math.floor(left + (i + 0.5) * across);
    held.push([...ctx.getImageData(x, Math.floor((floor + 6 + 7) * ratio), 1, 1).data]);
    said.push([...ctx.getImageData(x, Math.floor((floor + 6 + 14 + 3 + 3) * ratio), 1, 1).data]);
  }
  return { held, said };
}"""
"""The colours of the two ribbons, a day each of the 126 in sight."""


class Market(Stage):
    drawn_on = ".market-world canvas"


def position(colour):
    red, _, blue, alpha = colour
    if alpha == 0:
        return None
    return 1 if blue > red + 40 else -1 if red > blue + 40 else 0


@pytest.fixture
def market(page):
    stage = Market(page(f"trading?{LINK}"))
    stage.pause()
    return stage


def test_the_ribbons_are_what_was_held_and_what_was_said(market):
    market.scrub(200)
    market.until(lambda: market.moment == 200)
    run = from_query_string(LINK).timeline
    found = market.root.locator(".market-world canvas").evaluate(SAMPLE)
    log, day = run.steps(74, 200), days(run, 74, 200)
    said = np.nan_to_num(run.env.reading.opinion[day[:-1]], nan=9).tolist()
    assert [position(colour) for colour in found["held"]] == (log.next_state % 3 - 1).tolist()
    assert [9 if (p := position(colour)) is None else p for colour in found["said"]] == said


def test_day_text_and_wealth_are_those_of_the_moment_and_follow_it_back(market):
    run = from_query_string(LINK).timeline
    for t in (300, 260, 251):
        market.scrub(t)
        market.until(lambda t=t: market.moment == t)
        day = int(days(run, t, t)[0])
        log = run.steps(t - 1, t)
        name = str(run.env.path.dates[day])
        facts = f"{name} · {HELD[int(log.next_state[0] % 3)]} · wealth"
        expect(market.root.locator(".market-facts")).to_contain_text(facts)
        wealth = re.search(r"wealth ([\d.]+)", market.root.locator(".market-facts").inner_text()).group(1)
        assert float(wealth) == pytest.approx(float(np.exp(log.ret[0])), abs=0.006)
        expect(market.root.locator(".market-text")).to_contain_text(run.env.path.texts[run.env.path.text[day]])
    assert first_day(run.env.model, run.seed, 0) == int(days(run, 0, 0)[0])


def test_it_plays_and_stops_when_told_to(market):
    before = market.moment
    market.play.click()
    market.wait_for_moment(f"t > {before + 5}")
    market.pause()
    here = market.moment
    market.page.wait_for_timeout(600)
    assert market.moment == here


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_nothing_is_cut_off(page, dark):
    phone = page(f"trading?{LINK}", width=390, height=844, dark=dark)
    canvas = Market(phone).root.locator(".market-world canvas").bounding_box()
    assert canvas["x"] >= 0 and canvas["x"] + canvas["width"] <= 390 and canvas["height"] > 150
    assert phone.evaluate("document.documentElement.scrollWidth <= 390")


def test_every_tab_can_be_opened_and_the_stage_is_there_again_afterwards(market):
    page = market.page
    for name, says in (("Ask the analyst", "what it was told"), ("With against without", "Does a language model help?"),
                       ("Ways to fool yourself", "See tomorrow")):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_text(re.compile(re.escape(says), re.IGNORECASE)).first).to_be_visible(timeout=30_000)
    page.get_by_role("tab", name="Market and agent").click()
    again = Market(page)
    again.until(lambda: again.moment == 300)


def test_a_key_that_was_typed_is_nowhere_on_the_page_in_the_address_or_in_the_log(page, app_log):
    secret = "sk-secret-in-a-browser-77"
    tab = page(f"trading?{LINK}&trading.tabs=Ask+the+analyst")
    tab.get_by_role("tab", name="Ask the analyst").click()
    tab.get_by_role("combobox", name="reader").click()
    tab.get_by_role("option", name="a live model").click()
    field = tab.get_by_label("key", exact=True)
    field.fill(secret)
    field.press("Enter")
    tab.get_by_role("textbox", name="address").fill("http://127.0.0.1:1/v1")
    tab.get_by_role("textbox", name="address").press("Enter")
    tab.get_by_role("button", name="Ask", exact=True).click()
    expect(tab.get_by_text("no score").first).to_be_visible(timeout=60_000)
    assert field.get_attribute("type") == "password"
    assert secret not in tab.locator("body").inner_text() and secret not in tab.url
    assert secret not in app_log.read_text()


def test_the_world_of_the_test_is_the_one_of_the_link():
    assert from_query_string(LINK).timeline.env == Trading(market="IBM", reader="perfect")
