"""The glossary: every term used has an entry, and every link in it leads somewhere."""

import re

import pytest

from pages.parts.catalogue import FOLDER, catalogue
from pages.parts.glossary.glossary import entries
from rl.agents import AGENTS
from rl.agents.control.base import Control
from rl.agents.dqn import DQN
from rl.agents.neural.base import Neural
from rl.agents.planning.base import Planner
from rl.agents.policy.ascent import Ascent
from rl.agents.policy.base import PolicyGradient
from rl.agents.prediction.base import Prediction
from rl.envs import WORLDS
from rl.knob import knobs
from rl.lessons import lessons
from rl.lessons.glossary import TERMS, find, linked, markers, plain, spellings
from rl.lessons.references import REFERENCES, SOFTWARE
from rl.link import from_query_string

NAMES = {term.name for term in TERMS}
PAGES = {entry.file.removeprefix("pages/").removesuffix(".py") for entry in catalogue()}
KNOBS = sorted({name for kind in [*AGENTS.values(), *WORLDS.values()] for name in knobs(kind)})
KINDS = {"planning": Planner, "prediction": Prediction, "q_learning": Control,
         "policy_gradient": (Ascent, PolicyGradient, Neural), "dqn": DQN}
BOOK = {  # what anybody meets in the first chapters of Sutton & Barto, and on these pages
    "agent", "environment", "state", "observation", "action", "reward", "return", "episode", "step", "discount",
    "policy",
    "greedy", "epsilon-greedy", "exploration", "exploitation", "value", "action value", "Q-table", "state value",
    "TD error", "bootstrapping", "target", "step size", "termination", "truncation", "terminal state", "horizon", "MDP",
    "transition probability", "deterministic", "stochastic", "seed", "run", "regret", "Lai-Robbins bound", "bandit",
    "arm", "sample average", "UCB", "Thompson sampling", "softmax", "gradient bandit", "baseline",
    "optimistic initial values", "nonstationary", "planning", "model", "dynamic programming", "value iteration",
    "policy iteration", "Bellman equation", "off-policy", "on-policy", "SARSA", "Monte Carlo", "Dyna",
    "eligibility trace", "convergence", "bias", "variance", "confidence interval", "interquartile mean", "bootstrap",
    "policy evaluation", "policy improvement", "backup", "sweep", "synchronous", "in place", "asynchronous",
    "contraction", "prediction", "control", "TD(0)", "TD(λ)", "n-step", "tree backup", "lambda", "exploring starts",
    "double Q-learning", "maximisation bias", "Q(λ)", "SARSA(λ)", "Dyna-Q+", "prioritised sweeping", "random walk",
    "performance profile", "probability of improvement", "sensitivity curve", "area under the curve",
    "reward hypothesis", "credit assignment", "function approximation", "policy gradient", "DQN", "replay memory",
    "target network", "RLHF", "large language model", "preference", "REINFORCE", "advantage", "actor-critic", "actor",
    "critic", "score function", "natural gradient", "Fisher information", "entropy bonus", "PPO", "ratio", "clip",
    "generalised advantage estimation", "neural network", "Adam", "gradient clipping", "gradient variance",
}


def entry_of(term):
    return next(entry for entry in entries() if entry["slug"] == term.slug)


def lesson_texts():
    return [(lesson.slug, text) for lesson in lessons().values()
            for text in (lesson.idea, *(words for task in lesson.tasks for words in (task.do, task.notice, task.goal)))]


def page_texts():
    return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]


def test_there_are_many_terms_in_alphabetical_order():
    assert len(TERMS) >= 75
    assert [term.slug for term in TERMS] == sorted(term.slug for term in TERMS)


@pytest.mark.parametrize("word", sorted(BOOK))
def test_a_word_of_the_field_has_an_entry(word):
    assert find(word) in TERMS


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.slug)
def test_an_entry_is_one_plain_sentence_and_leads_only_to_what_exists(term):
    assert term.says[0].isupper() and term.says.endswith(".") and 20 < len(term.says) < 160
    assert ". " not in term.says
    assert re.fullmatch(r"[a-z0-9-]+", term.slug)
    assert set(term.see) <= NAMES - {term.name}
    assert term.source is None or term.source in {reference.key for reference in REFERENCES}


@pytest.mark.parametrize("page", sorted({term.page for term in TERMS if term.page}))
def test_a_page_that_terms_lead_to_is_there(page):
    assert page in PAGES


@pytest.mark.parametrize("term", [term for term in TERMS if term.run], ids=lambda term: term.slug)
def test_a_run_that_shows_a_term_opens_on_its_page(term):
    shown = from_query_string(term.run)
    assert all(isinstance(agent, KINDS[term.page]) for agent in
               [shown.timeline.agent, *(edit.agent for edit in shown.timeline.edits)])
    assert entry_of(term)["page"]["href"] == f"{term.page}?{term.run}" and not set(term.run) & set(' "<>#')


def test_no_two_entries_share_a_spelling():
    every = [spelling.lower() for term in TERMS for spelling in {term.name.lower(), *term.also}]
    assert sorted(every) == sorted(set(every)) and set(every) == set(spellings())
    assert len({term.slug for term in TERMS}) == len(TERMS)


def test_only_a_few_entries_cannot_be_seen_on_any_page():
    assert sum(term.page is None for term in TERMS) < len(TERMS) / 6


@pytest.mark.parametrize("name", KNOBS)
def test_every_knob_is_explained(name):
    """A knob has an entry under its name, or under one of the words of its name."""
    assert any(words in spellings() for words in (name, name.replace("_", " "), *name.split("_")))


@pytest.mark.parametrize(("where", "text"), [*lesson_texts(), *page_texts()])
def test_every_term_a_text_links_to_has_an_entry(where, text):
    for words in markers(text):
        assert find(words) in TERMS


@pytest.mark.parametrize("lesson", lessons().values(), ids=lambda lesson: lesson.slug)
def test_a_lesson_links_to_the_glossary(lesson):
    assert sum(len(markers(text)) for slug, text in lesson_texts() if slug == lesson.slug) >= 3


def test_markers_become_links():
    text = "Lower [[Step sizes|α]], raise [[epsilon]]."
    assert linked(text) == "Lower [α](glossary?term=step-size), raise [epsilon](glossary?term=epsilon-greedy)."
    assert plain(text) == "Lower α, raise epsilon."
    assert linked("a [link](https://x.y) stays") == "a [link](https://x.y) stays"


def test_a_marker_without_an_entry_is_an_error():
    with pytest.raises(KeyError):
        linked("[[no such term]]")


def test_references_are_told_apart_and_their_addresses_are_safe():
    assert len({reference.key for reference in REFERENCES}) == len(REFERENCES) >= 20
    for reference in REFERENCES:
        assert reference.key.endswith(str(reference.year))
        assert reference.used and reference.where and 1900 < reference.year <= 2026
    addresses = [entry.url for entry in [*REFERENCES, *SOFTWARE] if entry.url]
    assert len(set(addresses)) == len(addresses) and all(address.startswith("https://") for address in addresses)


def test_every_source_an_agent_names_is_among_the_references():
    """A source such as "Watkins (1989); Sutton & Barto, section 6.5" is found by its first author, and its year."""
    books = [f"{reference.authors} {reference.year}" for reference in REFERENCES]
    for agent in AGENTS.values():
        for author, year in re.findall(r"([A-Z][\w-]+)[^();]*?\((\d{4})\)", getattr(agent, "source", "")):
            assert any(author in book and year in book for book in books), f"{author} ({year})"
