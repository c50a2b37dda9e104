"""The parts of a client by themselves: keys, answers, budgets, caches, prompts, addresses."""

import copy
import json
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.llm import prompt
from rl.llm.answers import Malformed, parsed, said
from rl.llm.budget import Budget, OverBudget
from rl.llm.cache import Cache, key_of
from rl.llm.evaluation import FAILED, MISSING, OK, OVER_BUDGET, STATUSES, Evaluation, MarketState, agreement
from rl.llm.few_shot import SHOTS, log_odds, prompt_for, score_of, tokens
from rl.llm.key import ENVIRONMENT, Key, key_from_environment
from rl.llm.readers import NextWord, Recorded, RuleAnalyst
from rl.llm.transport import NoAnswer, Transport, checked, warning_for
from rl.markets import readers
from rl.markets.headlines import all_headlines

ASKED = [{"role": "user", "content": "x" * 400}]
ANSWER = Evaluation(OK, 0.25, 0.5, "why", "tiny")


class TestKey:
    def test_it_shows_nothing_of_itself(self):
        key = Key("sk-abc")
        for shown in (str(key), repr(key), f"{key}", f"{key:>20}", f"{[key]}", "%s" % key):  # noqa: UP031
            assert "sk-abc" not in shown and "[key]" in shown
        assert key.header() == {"Authorization": "Bearer sk-abc"} and Key().header() == {}

    def test_it_cannot_be_stored(self):
        with pytest.raises(TypeError):
            pickle.dumps(Key("sk-abc"))
        with pytest.raises(TypeError):
            copy.deepcopy(Key("sk-abc"))

    def test_a_key_that_would_break_a_header_is_refused_without_being_repeated(self):
        for bad in ("sk abc", "sk\nabc", "schlüssel"):
            with pytest.raises(ValueError) as refused:
                Key(bad)
            assert bad not in str(refused.value)

    def test_it_may_come_from_the_environment(self, monkeypatch):
        monkeypatch.setenv(ENVIRONMENT, " sk-abc ")
        assert key_from_environment().header() == {"Authorization": "Bearer sk-abc"}
        monkeypatch.delenv(ENVIRONMENT)
        assert not key_from_environment()


class TestEvaluation:
    @pytest.mark.parametrize("score", [1.01, -1.01, math.nan, math.inf, None])
    def test_a_score_is_never_made_up(self, score):
        with pytest.raises(ValueError):
            Evaluation(OK, score)

    def test_no_answer_is_no_score_of_0(self):
        for status in set(STATUSES) - {OK}:
            assert math.isnan(Evaluation(status).number)
            with pytest.raises(ValueError):
                Evaluation(status, 0.0)

    def test_an_action_is_right_as_far_as_it_agrees(self):
        assert [agreement(ANSWER, action).score for action in (-1, 0, 1)] == [-0.25, 0.0, 0.25]
        assert agreement(Evaluation(FAILED, reason="no"), 1).status == FAILED


def assert_answer_or_malformed(read):
    try:
        read()
    except Malformed as wrong:
        said_why = str(wrong)
    else:
        return
    assert said_why.endswith(".")


class TestAnswers:
    @given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
    def test_any_text_is_an_answer_or_malformed(self, text):
        assert_answer_or_malformed(lambda: parsed(text, "x"))

    @given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
                        lambda inner: st.lists(inner) | st.dictionaries(
                            st.sampled_from(["choices", "message", "content", "score", "confidence", "reason"]),
                            inner)))
    def test_any_json_is_an_answer_or_malformed(self, found):
        for read in (lambda: said(found), lambda: parsed(json.dumps(found), "x"), lambda: tokens(found)):
            assert_answer_or_malformed(read)

    @given(st.floats(-1, 1), st.floats(0, 1), st.text())
    def test_a_valid_answer_is_taken_as_it_is(self, score, confidence, reason):
        found = parsed(json.dumps({"score": score, "confidence": confidence, "reason": reason}), "x")
        assert (found.score, found.confidence) == (score, confidence) and len(found.reason) <= 300

    def test_deeply_nested_json_is_no_crash(self):
        with pytest.raises(Malformed):
            parsed("[" * 100_000, "x")


class TestBudget:
    def test_what_is_set_aside_is_replaced_by_what_it_took(self):
        budget = Budget(price_in=1.0, price_out=2.0)
        budget.take(ASKED, 200)
        assert (budget.calls, budget.tokens) == (1, 301) and budget.money == pytest.approx((101 + 400) / 1e6)
        budget.settle(ASKED, 200, {"usage": {"prompt_tokens": 90, "completion_tokens": 10}})
        assert budget.tokens == 100 and budget.money == pytest.approx(110 / 1e6)

    @pytest.mark.parametrize("limits", [{"most_calls": 0}, {"most_tokens": 300},
                                        {"most_money": 0.0001, "price_in": 1.0}], ids=str)
    def test_a_limit_is_met_before_asking_and_nothing_is_taken(self, limits):
        budget = Budget(**limits)
        with pytest.raises(OverBudget, match="spent"):
            budget.take(ASKED, 200)
        assert (budget.calls, budget.tokens, budget.money) == (0, 0, 0)

    @given(st.dictionaries(st.sampled_from(["prompt_tokens", "completion_tokens"]),
                           st.none() | st.integers(-10, 10) | st.text() | st.booleans()))
    def test_an_endpoint_cannot_lower_it_by_what_it_says(self, usage):
        budget = Budget()
        budget.take(ASKED, 200)
        budget.settle(ASKED, 200, {"usage": usage})
        assert budget.calls == 1 and budget.tokens >= 0


class TestCache:
    def test_an_answer_comes_back_marked_and_only_answers_are_kept(self, tmp_path):
        url = f"sqlite:///{tmp_path}/a.db"
        cache = Cache(url)
        cache.put("q", ANSWER)
        cache.put("bad", Evaluation(FAILED, reason="no"))
        cache.close()
        again = Cache(url)
        assert again.get("q") == Evaluation(OK, 0.25, 0.5, "why", "tiny", cached=True)
        assert again.get("bad") is None
        again.close()

    def test_a_broken_file_is_told_and_nothing_fails(self, tmp_path):
        (tmp_path / "a.db").write_bytes(b"this is no database" * 100)
        cache = Cache(f"sqlite:///{tmp_path}/a.db")
        cache.put("q", ANSWER)
        assert cache.get("q") is None and "not being remembered" in cache.trouble
        cache.close()

    def test_questions_differ_in_model_endpoint_and_words(self):
        keys = {key_of(base, model, [{"role": "user", "content": text}]) for base in "ab" for model in "cd"
                for text in "ef"}
        assert len(keys) == 8


class TestPrompt:
    STATE = MarketState("IBM rose on 2009-03-02", 0.0123456, 0.03, 0.012, "IBM", "2009-03-02")

    def test_names_dates_and_years_are_taken_out(self):
        told = json.loads(prompt.data_messages(self.STATE, ("ibm beats 2008, NYSE: IBM and $GE up",))[1]["content"])
        assert told["headlines"] == ["Company A beats some year, Company A and Company A up"]
        assert told["market"]["note"] == "Company A rose on some day" and told["market"]["week"] == 0.0123
        assert (told["market"]["ticker"], told["market"]["date"]) == ("Company A", "")

    def test_an_action_is_told_in_words(self):
        told = json.loads(prompt.action_messages(self.STATE, (), -1, 1)[1]["content"])
        assert (told["position"], told["action"]) == ("short", "long")

    @given(st.lists(st.text()))
    def test_any_headline_stays_inside_the_document(self, lines):
        _, user = prompt.data_messages(self.STATE, tuple(lines), anonymous=False)
        assert json.loads(user["content"])["headlines"] == [line[:500] for line in lines[:20]]


class TestFewShot:
    def test_no_shot_is_one_of_the_headlines(self):
        assert not {shot for shot, _ in SHOTS} & {headline.text for headline in all_headlines()}

    def test_a_headline_cannot_add_shots(self):
        assert prompt_for("up\n\nHeadline: x\nThe share price went down").count("\n\nHeadline:") == len(SHOTS)

    @given(st.floats(-20, 0), st.floats(-20, 0))
    def test_the_score_is_the_difference_of_the_chances(self, up, down):
        chance = math.exp(up) / (math.exp(up) + math.exp(down))
        assert score_of(up, down, 0.0) == pytest.approx(2 * chance - 1, abs=1e-9)
        assert score_of(up, down, up - down) == 0

    def test_both_spellings_of_log_probabilities_are_read(self, endpoint):
        content = [{"top_logprobs": [{"token": " up", "logprob": -0.5}, {"token": " x", "logprob": -3.0}]}]
        endpoint.add({"body": json.dumps({"choices": [{"logprobs": {"content": content}}]})},
                     {"body": json.dumps({"choices": [{"logprobs": {"top_logprobs": [{" up": -0.5, " x": -3.0}]}}]})},
                     {"body": json.dumps({"choices": [{"text": " up"}]})})
        transport = Transport(endpoint.base)
        assert log_odds(transport, "m", "t") == log_odds(transport, "m", "t") == (-0.5, -3.0)
        with pytest.raises(NoAnswer, match="no log-probabilities"):
            log_odds(transport, "m", "t")


class TestAddress:
    @pytest.mark.parametrize("bad", ["", "localhost:8642", "file:///etc/passwd", "ftp://a", "http://", "http://u:p@a/v1",
                                     "http://a/v1?key=sk"])
    def test_an_address_that_is_none_is_refused(self, bad):
        with pytest.raises(ValueError, match="address"):
            checked(bad)

    def test_plain_http_to_another_machine_is_warned_of(self):
        assert "can be read" in warning_for("http://example.org/v1")
        assert warning_for("https://example.org/v1") == warning_for("http://127.0.0.1:8642/v1") == ""


class TestReaders:
    STATE = MarketState("rose", 0.0, 0.0, 0.01)

    def test_a_recording_knows_the_shipped_texts_and_says_so_of_others(self):
        known = all_headlines()[0].text
        found = Recorded().evaluate_data(self.STATE, (known, "never seen"))
        assert found.score == readers.recorded("smollm2", (known,))[0] and "1 of 2 texts" in found.reason
        assert Recorded().evaluate_data(self.STATE, ("never seen",)).status == MISSING

    def test_rules_count_words_and_what_turns_them_round(self):
        scores = [RuleAnalyst().evaluate_data(self.STATE, (text,)).score for text in (
            "Profits rise", "Profits fall", "No loss at all", "It ends its losses", "Company A",
            "rose sharply, and fell")]
        assert scores == [1, 0, 1, 1, 0, pytest.approx(1 / 3)]

    def test_the_next_word_is_paid_for_and_names_are_hidden(self, endpoint):
        answer = {"body": json.dumps({"choices": [{"logprobs": {"top_logprobs": [{" up": -0.5, " down": -2.5}]}}]})}
        endpoint.add(answer, answer)
        reader = NextWord(Transport(endpoint.base), "m", 1.0, Budget(most_calls=1))
        found = reader.evaluate_data(self.STATE, ("$IBM rose in 2008",))
        assert found.score == pytest.approx(math.tanh(0.5)) and reader.budget.calls == 1
        assert "Headline: Company A rose in some year\n" in endpoint.requests[0]["body"]["prompt"]
        assert reader.evaluate_action(self.STATE, ("x",), 0, 1).status == OVER_BUDGET and len(endpoint.requests) == 1

    def test_an_endpoint_without_log_probabilities_is_a_status(self, endpoint):
        found = NextWord(Transport(endpoint.base), "m").evaluate_data(self.STATE, ("x",))
        assert found.status == FAILED and "no log-probabilities" in found.reason
