"""What is shipped as a model's answers are a model's answers, and what is said of them is true."""

import numpy as np
import pytest

from rl.llm import local_model
from rl.llm.few_shot import log_odds, prompt_hash, score_of
from rl.llm.record import texts
from rl.llm.transport import Transport
from rl.markets import readers
from rl.markets.headlines import TEST, TRAIN, all_headlines

SHIPPED = all_headlines()


def auc(reader, pick):
    """Chance that a good headline is scored higher than a bad one, ties counting half."""
    found = [headline for headline in SHIPPED if pick(headline)]
    scores = readers.scores(reader, tuple(headline.text for headline in found))
    good, bad = (scores[np.array([headline.truth for headline in found]) == truth] for truth in (1, -1))
    return np.mean((good[:, None] > bad) + 0.5 * (good[:, None] == bad))


def test_there_are_240_headlines_half_in_pairs_half_for_the_test_and_none_twice():
    assert len(SHIPPED) == len({headline.text for headline in SHIPPED}) == 240
    for split in (TRAIN, TEST):
        part = [headline for headline in SHIPPED if headline.split == split]
        assert len(part) == 120 and sum(headline.truth for headline in part) == 0
        assert sum(headline.pair != "" for headline in part) == 60


def test_a_pair_is_two_headlines_of_one_part_with_opposite_news():
    pairs = {}
    for headline in SHIPPED:
        if headline.pair:
            pairs.setdefault(headline.pair, []).append(headline)
    assert len(pairs) == 60
    for one, other in pairs.values():
        assert one.truth == -other.truth and one.split == other.split
        common = set(one.text.split()) & set(other.text.split())
        assert len(common) >= 2, (one.text, other.text)


@pytest.mark.parametrize("name", ["smollm2", "vader"])
def test_every_shipped_text_has_a_recorded_answer_in_range(name):
    answers = readers.recording(name)["answers"]
    assert set(answers) == {readers.key_of(text) for text in texts()}
    assert all(-1 <= answer["score"] <= 1 for answer in answers.values())


def test_the_answers_were_given_to_this_prompt():
    found = readers.recording("smollm2")
    assert found["prompt_sha256"] == prompt_hash()
    odds = {key: answer["up"] - answer["down"] for key, answer in found["answers"].items()}
    early = [readers.key_of(headline.text) for headline in SHIPPED if headline.split == TRAIN]
    assert found["bias"] == pytest.approx(np.mean([odds[key] for key in early]), abs=1e-3)
    for headline in SHIPPED:
        answer = found["answers"][readers.key_of(headline.text)]
        assert answer["score"] == pytest.approx(score_of(answer["up"], answer["down"], found["bias"]), abs=2e-4)


def test_the_model_reads_what_word_lists_cannot():
    """On headlines no prompt was chosen by; on the training headlines the model has .826."""
    late = {reader: auc(reader, lambda headline: headline.split == TEST) for reader in readers.RECORDED}
    paired = {reader: auc(reader, lambda headline: headline.split == TEST and headline.pair)
              for reader in readers.RECORDED}
    assert late == pytest.approx({readers.MODEL: 0.763, readers.WORDS: 0.567}, abs=0.005)
    assert paired == pytest.approx({readers.MODEL: 0.567, readers.WORDS: 0.38}, abs=0.005)


@pytest.mark.slow
def test_the_model_itself_says_what_was_recorded():
    """Rounding differs between processors, so a score may differ in its second digit."""
    found, server = readers.recording("smollm2"), local_model.serve(local_model.free_port())
    assert local_model.weights_hash() == found["weights_sha256"]
    transport = Transport(local_model.base_of(server), deadline=120)
    for headline in SHIPPED[:2] + SHIPPED[-2:]:
        up, down = log_odds(transport, local_model.NAME, headline.text)
        recorded = found["answers"][readers.key_of(headline.text)]["score"]
        assert score_of(up, down, found["bias"]) == pytest.approx(recorded, abs=0.05)
