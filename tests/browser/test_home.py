"""The first thing anybody sees, and the glossary that texts lead to."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.parts.catalogue import catalogue
from rl.lessons import lessons
from rl.lessons.glossary import TERMS
from tests.browser.conftest import READY
from tests.browser.stage import Stage

ASKED = ".term.chosen .name"


def names(page: Page) -> list[str]:
    """The names of the terms shown, in order."""
    heads = page.locator(".glossary .name")
    return heads.evaluate_all("all => all.map((node) => node.firstChild.textContent)")


def drawn(page: Page) -> Page:
    """Waits for the terms, which are drawn a little after the page is done."""
    page.locator(".glossary .name").first.wait_for(timeout=30_000)
    return page


def above(place: Locator, height: int) -> bool:
    box = place.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


class TestHome:
    def test_the_first_screen_says_what_it_is_shows_it_and_begins_the_path(self, page):
        shown = page()
        assert above(shown.get_by_role("heading", name="See reinforcement learning happen"), 800)
        assert above(shown.locator(".stage .sheets").first, 800)
        first = shown.locator(".st-key-path").get_by_role("link").first
        first.wait_for(timeout=20_000)
        assert above(first, 800) and "1." in first.inner_text()

    def test_the_stage_plays_by_itself(self, page):
        shown = page()
        step = shown.locator(".stage .facts dd").nth(1)
        before = step.inner_text()
        expect(step).not_to_have_text(before, timeout=20_000)

    def test_a_phone_shows_the_stage_before_the_path(self, page):
        shown = page(width=390, height=844)
        stage, path = (shown.locator(place).first.bounding_box()["y"] for place in (".stage", ".st-key-path"))
        assert stage < path and stage < 500
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_the_path_leads_to_every_lesson(self, page):
        shown = page()
        links = shown.locator(".st-key-path").get_by_role("link")
        expect(links).to_have_count(len(lessons()), timeout=20_000)
        stems = [Path(entry.file).stem for entry in catalogue()]
        led = [link.get_attribute("href").split("/")[-1] for link in links.all()]
        assert led == [stem for stem in stems if stem in lessons()]
        links.last.click()
        shown.wait_for_selector(READY)
        assert Stage(shown).moment >= 0 and "/home" not in shown.url

    @pytest.mark.parametrize("path", ["", "q_learning"])
    def test_a_term_in_a_text_opens_the_glossary_in_another_tab(self, page, path):
        shown = page(path)
        with shown.context.expect_page() as other:
            shown.get_by_role("link", name="reward", exact=True).first.click()
        expect(other.value.locator(ASKED)).to_have_text("rewardR, r", timeout=30_000)
        assert shown.url.split("?")[0].endswith(f"/{path}")


class TestGlossary:
    def test_all_terms_are_there_and_a_link_opens_its_own_first(self, page):
        assert names(drawn(page("glossary"))) == [term.name for term in TERMS]
        shown = drawn(page("glossary?term=epsilon"))
        assert names(shown)[0] == "epsilon-greedy" and sorted(names(shown)) == sorted(term.name for term in TERMS)
        expect(shown.locator(ASKED)).to_have_text("epsilon-greedyε")
        assert above(shown.locator(".term.chosen"), 800)

    def test_the_search_narrows_down_while_typing_names_first(self, page):
        shown = page("glossary")
        shown.get_by_label("Search the glossary").press_sequentially("learning r")
        assert names(shown)[0] == "step size"
        shown.get_by_label("Search the glossary").fill("EPSILON")
        assert names(shown)[0] == "epsilon-greedy"
        shown.get_by_label("Search the glossary").fill("baseline")
        assert names(shown)[0] == "baseline" and "gradient bandit" in names(shown)[1:]  # which has it in its sentence
        shown.get_by_label("Search the glossary").fill("slot machine")
        assert names(shown) == ["arm"]
        shown.get_by_label("Search the glossary").fill("<b>walrus</b>")
        assert names(shown) == [] and "No term" in shown.locator(".glossary .count").inner_text()
        shown.get_by_label("Search the glossary").fill("")
        assert len(names(shown)) == len(TERMS)

    def test_a_related_term_comes_into_sight_and_into_the_address(self, page):
        shown = page("glossary?term=regret")
        shown.locator(".term.chosen").get_by_role("button", name="Lai-Robbins bound").click()
        expect(shown.locator(ASKED)).to_have_text("Lai-Robbins bound")
        expect(shown.locator(".term.chosen")).to_be_in_viewport()
        shown.reload()
        expect(shown.locator(ASKED)).to_have_text("Lai-Robbins bound", timeout=30_000)

    def test_a_letter_jumps_to_its_first_term(self, page):
        shown = page("glossary")
        shown.get_by_role("button", name="Terms with T").click()
        first = next(i for i, term in enumerate(TERMS) if term.slug.startswith("t"))
        expect(shown.locator(".term").nth(first)).to_be_in_viewport()
        expect(shown.locator(".term").nth(first - 9)).not_to_be_in_viewport()

    def test_a_term_leads_to_the_page_where_it_can_be_seen(self, page):
        shown = page("glossary?term=td-error")
        with shown.context.expect_page() as other:
            shown.locator(".term.chosen").get_by_role("link", name="See it").click()
        other.value.wait_for_selector(READY, timeout=60_000)
        assert Stage(other.value).moment > 0 and "/q_learning" in other.value.url

    def test_a_strange_address_is_searched_for_as_text(self, page):
        shown = page("glossary?term=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
        expect(shown.get_by_label("Search the glossary")).to_have_value("<img src=x onerror=alert(1)>")
        assert shown.locator(".glossary img").count() == 0

    def test_a_phone_shows_the_cards_below_each_other(self, page):
        shown = page("glossary", width=390, height=844, dark=True)
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        lefts = {round(card.bounding_box()["x"]) for card in shown.locator(".term").all()[:5]}
        assert len(lefts) == 1

    def test_the_references_are_in_the_second_tab(self, page):
        shown = page("glossary")
        shown.get_by_role("tab", name="References").click()
        link = shown.get_by_role("link", name="Finite-time analysis of the multiarmed bandit problem")
        expect(link).to_have_attribute("href", "https://doi.org/10.1023/A:1013689704352")
