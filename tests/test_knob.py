"""Settings check themselves."""

from dataclasses import dataclass, replace

import pytest

from rl.knob import Settings, choice, knob, knobs, parse, text

NOT_NUMBERS = [float("nan"), float("inf"), -float("inf"), "0.5", True, False, None, [0.5], 1j]


@dataclass(frozen=True)
class Example(Settings):
    """Every kind of knob, and a field that is none."""

    rate: float = knob(0.5, 0.0, 1.0, "A rate.", 0.1)
    count: int = knob(3, 1, 9, "A count.")
    word: str = choice("one", ("one", "two"), "A word.")
    note: str = text("", "A note.")
    hidden: object = None


@pytest.mark.parametrize("name", ["rate", "count"])
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
def test_what_is_no_finite_number_is_refused(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be a number; got .*\\.$"):
        Example(**{name: value})


@pytest.mark.parametrize(("name", "value"), [("rate", -1e-9), ("rate", 1.000001), ("count", 0), ("count", 10)])
def test_a_number_out_of_range_is_refused(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be between"):
        Example(**{name: value})


@pytest.mark.parametrize(("name", "value"), [("rate", 0.0), ("rate", 1), ("count", 1), ("count", 9)])
def test_the_ends_of_the_range_are_allowed(name, value):
    assert getattr(Example(**{name: value}), name) == value


@pytest.mark.parametrize("value", ["three", "", "One", 1, None, "x" * 500])
def test_a_word_that_is_no_option_is_refused_in_a_short_sentence(value):
    with pytest.raises(ValueError, match=r"^word must be one of one, two; got ") as refusal:
        Example(word=value)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize("value", [None, 1, b"note", ["note"]])
def test_a_text_must_be_a_text(value):
    with pytest.raises(ValueError, match=r"^note must be a text\.$"):
        Example(note=value)


def test_a_changed_copy_is_checked_too():
    with pytest.raises(ValueError, match="rate must be between"):
        replace(Example(), rate=2.0)


def test_knobs_are_listed_in_order_of_a_class_and_of_an_instance():
    assert list(knobs(Example)) == list(knobs(Example())) == ["rate", "count", "word", "note"]
    field, rate = knobs(Example)["rate"]
    assert field.default == 0.5
    assert (rate.help, rate.low, rate.high, rate.step) == ("A rate.", 0.0, 1.0, 0.1)


@pytest.mark.parametrize(("name", "value", "expected"), [
    ("rate", "0.25", 0.25), ("rate", "1", 1.0), ("count", "7", 7), ("word", "two", "two"), ("note", "3", "3")])
def test_values_are_read_from_text_as_their_type(name, value, expected):
    read = parse(Example, name, value)
    assert read == expected
    assert type(read) is type(expected)


@pytest.mark.parametrize(("name", "value"), [("rate", "fast"), ("count", "2.5"), ("count", ""), ("count", "9" * 5000)])
def test_text_that_is_no_such_number_is_refused(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be a number") as refusal:
        parse(Example, name, value)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize("name", ["hidden", "nothing", "__class__", "x" * 999])
def test_a_name_that_is_no_knob_is_refused(name):
    with pytest.raises(ValueError, match="there is no setting called") as refusal:
        parse(Example, name, "1")
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize("value", ["nan", "inf", "1e999"])
def test_text_that_is_no_finite_number_is_refused_at_the_latest_when_used(value):
    with pytest.raises(ValueError, match="rate must be a number"):
        Example(rate=parse(Example, "rate", value))


def test_a_fraction_is_no_count():
    with pytest.raises(ValueError, match="count must be"):
        Example(count=2.5)


def test_a_giant_count_from_a_link_is_refused_like_any_other():
    with pytest.raises(ValueError, match="count must be"):
        Example(count=parse(Example, "count", "9" * 400))


@pytest.mark.parametrize(("value", "becomes"), [(1e-16, 0.0), (1 - 1e-16, 1.0), (1e-8, 1e-8), (1 / 3, 1 / 3)])
def test_what_is_next_to_a_bound_is_the_bound(value, becomes):
    assert Example(rate=value).rate == becomes
