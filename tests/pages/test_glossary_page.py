"""The glossary's page: what it sends to the browser, what an address opens, and the references."""

from pathlib import Path

import pytest

from pages.parts.catalogue import catalogue
from pages.parts.glossary.glossary import entries, opening
from rl.lessons.glossary import TERMS
from rl.lessons.references import REFERENCES, SOFTWARE
from tests.pages.app import opened

PAGE = "pages/glossary.py"


def test_every_term_is_sent_with_what_belongs_to_it():
    sent = {entry["slug"]: entry for entry in entries()}
    assert list(sent) == [term.slug for term in TERMS]
    assert all(set(entry["see"]) <= set(sent) for entry in sent.values())
    assert sent["ucb"]["source"] == "Auer et al., 2002" and "UCB1" in sent["ucb"]["also"]
    assert sent["step-size"]["page"] == {"title": "Q-learning and its family", "href": "q_learning"}
    assert sent["reinforcement-learning"]["page"] == {"title": "Home", "href": "."}
    assert sent["supervised-learning"]["page"] is None


def test_no_term_links_to_a_page_that_is_not_in_the_menu():
    there = {Path(entry.file).stem: entry.title for entry in catalogue()}
    links = [entry["page"] for entry in entries() if entry["page"]]
    assert all(page["href"] == "." or there[page["href"].split("?")[0]] == page["title"] for page in links)


@pytest.mark.parametrize(("asked", "term"), [
    ("step-size", "step-size"), ("step size", "step-size"), ("Learning rate", "step-size"), ("ε", "epsilon-greedy"),
    ("epsilon", "epsilon-greedy"), ("TD-error", "td-error"), ("lai-robbins-bound", "lai-robbins-bound"),
])
def test_an_address_names_a_term_in_any_spelling(asked, term):
    assert opening(asked) == {"term": term}


def test_an_address_that_names_no_term_is_searched_for():
    assert opening("") == {}
    assert opening("<b>walrus</b>") == {"search": "<b>walrus</b>"}
    assert opening("x" * 1000) == {"search": "x" * 60}


def test_the_page_opens_with_any_address():
    for asked in ("step-size", "no such", "<script>", "\x00"):
        opened(PAGE, term=asked)


def test_every_reference_and_every_software_is_listed():
    shown = "\n".join(text.value for text in opened(PAGE).markdown)
    for entry in REFERENCES:
        assert f"{entry.authors} ({entry.year})" in shown and (not entry.url or f"]({entry.url})" in shown)
    assert all(f"[{entry.name}]({entry.url})" in shown for entry in SOFTWARE)
