"""Which event is likely to be the reason of a call, and what words make of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from biometrics import SubjectId
from ivr.call import (
    Caller,
    CustomerId,
    Event,
    Intent,
    Line,
    OutOfScope,
    Several,
    Understanding,
    Unsure,
)
from ivr.decide.guess import (
    Answers,
    Guess,
    History,
    best_guess,
    event_mark,
    guesses,
    with_words,
)
from ivr.decide.policy import Policy, Suggestion

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CANCELLED = Event(
    kind="flight_cancelled",
    at=NOW,
    facts={"flight": "LH815", "origin": "München", "destination": "Los Angeles"},
    may_mention=True,
)
REFUND = Event(kind="refund_due", at=NOW, facts={"flight": "LH453"}, may_mention=True)
KLAUS = Caller(
    customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus", events=(CANCELLED,)
)
NOTHING = History()
HELLO = Intent(name="hello", confidence=0.9)


@pytest.fixture
def policy(policy: Policy) -> Policy:
    """Round figures to calculate with."""
    events = {
        "flight_cancelled": Suggestion(
            suggests="rebook_flight",
            within_days=14,
            names=frozenset({"flight"}),
            probability=0.8,
            half_life_days=4,
            prefers={"seat": frozenset({"aisle", "window"})},
        ),
        "refund_due": Suggestion(
            suggests="refund", within_days=30, probability=0.4, half_life_days=10
        ),
    }
    return replace(policy, events=events, guess_from=0.3)


def wants(name: str, confidence: float = 0.9, **slots: str) -> Intent:
    return Intent(name=name, confidence=confidence, slots=slots)


def only(policy: Policy, event: Event = CANCELLED, history: History = NOTHING) -> Guess:
    (guess,) = guesses(replace(KLAUS, events=(event,)), NOW, policy, history)
    return guess


# what is never guessed


@pytest.mark.parametrize(
    "event",
    [
        replace(CANCELLED, may_mention=False),
        replace(CANCELLED, kind="payment_reminder"),
        replace(CANCELLED, kind="unheard_of"),
        replace(CANCELLED, facts={}),
        replace(CANCELLED, facts={"flight": " "}),
        replace(CANCELLED, facts={"flight": "LH815", "reason": "illness"}),
        replace(CANCELLED, at=NOW - 15 * DAY),
        replace(CANCELLED, at=NOW + DAY),
    ],
    ids=["flag", "reminder", "kind", "no facts", "empty", "illness", "too old", "to come"],
)
def test_what_may_not_be_mentioned_is_not_guessed(policy: Policy, event: Event) -> None:
    assert guesses(replace(KLAUS, events=(event,)), NOW, policy, NOTHING) == ()


def test_where_earlier_guesses_cannot_be_read_nothing_is_guessed(policy: Policy) -> None:
    assert guesses(KLAUS, NOW, policy, History(is_known=False)) == ()
    assert best_guess(KLAUS, HELLO, NOW, policy, History(is_known=False)) is None


def test_a_wrong_guess_about_the_same_event_is_not_repeated(policy: Policy) -> None:
    history = History(refused=frozenset({event_mark(CANCELLED)}))

    assert guesses(KLAUS, NOW, policy, history) == ()
    again = replace(CANCELLED, at=NOW - timedelta(hours=1))
    assert only(policy, again, history).event == again


@pytest.mark.parametrize(
    "meaning",
    [
        wants("baggage_lost"),
        wants("baggage_lost", 0.7),
        wants("rebook_flight", flight="LH1"),
        wants("person", 0.2),
        wants("repeat", 0.2),
        wants("deny", 0.2),
        Unsure(first=wants("refund", 0.4), second=wants("check_in", 0.3)),
        Several(intents=(wants("check_in"), wants("refund"))),
        OutOfScope(confidence=0.2),
    ],
    ids=[
        "other",
        "likely other",
        "other flight",
        "person",
        "repeat",
        "no",
        "two others",
        "several",
        "nothing",
    ],
)
def test_words_that_clearly_mean_something_else_forbid_the_guess(
    policy: Policy, meaning: Understanding
) -> None:
    assert with_words(only(policy), meaning, policy).probability == 0
    assert best_guess(KLAUS, meaning, NOW, policy, NOTHING) is None


def test_an_unlikely_reason_is_not_asked_about_unless_the_words_fit(policy: Policy) -> None:
    old = replace(KLAUS, events=(replace(CANCELLED, at=NOW - 12 * DAY),))

    assert best_guess(old, HELLO, NOW, policy, NOTHING) is None
    guess = best_guess(old, wants("rebook_flight"), NOW, policy, NOTHING)
    assert guess is not None
    assert guess.probability == pytest.approx(0.1 + 0.9 * 0.9)


# how likely


@pytest.mark.parametrize(("age", "probability"), [(0, 0.8), (4, 0.4), (8, 0.2), (12, 0.1)])
def test_a_reason_fades_with_its_age(policy: Policy, age: int, probability: float) -> None:
    assert only(policy, replace(CANCELLED, at=NOW - age * DAY)).probability == pytest.approx(
        probability
    )


@pytest.mark.parametrize(
    ("right", "wrong", "probability"),
    [(0, 0, 0.8), (10, 0, 0.9), (0, 10, 0.4), (0, 90, 0.08), (8, 2, 0.8)],
)
def test_what_callers_answered_counts_beside_the_policy(
    policy: Policy, right: int, wrong: int, probability: float
) -> None:
    history = History(answers={"flight_cancelled": Answers(right=right, wrong=wrong)})

    assert only(policy, history=history).probability == pytest.approx(probability)


def test_answers_about_other_kinds_count_for_nothing(policy: Policy) -> None:
    history = History(answers={"refund_due": Answers(wrong=90)})

    assert only(policy, history=history).probability == pytest.approx(0.8)


def test_the_likeliest_comes_first_and_together_they_are_one_reason(policy: Policy) -> None:
    both = replace(KLAUS, events=(REFUND, CANCELLED))

    found = guesses(both, NOW, policy, NOTHING)

    assert [guess.intent for guess in found] == ["rebook_flight", "refund"]
    assert sum(guess.probability for guess in found) == pytest.approx(1)


def test_of_two_alike_the_later_event_comes_first(policy: Policy) -> None:
    once = replace(CANCELLED, facts={"flight": "LH1"}, at=NOW - 3 * DAY)
    both = replace(KLAUS, events=(once, CANCELLED))

    assert guesses(both, NOW, policy, NOTHING)[0].event == CANCELLED


# words


@pytest.mark.parametrize("meaning", [HELLO, None], ids=["a greeting", "nothing"])
def test_a_greeting_leaves_it_as_likely_as_it_was(
    policy: Policy, meaning: Understanding | None
) -> None:
    guess = only(policy)

    assert with_words(guess, meaning, policy) == guess


@pytest.mark.parametrize(
    "meaning",
    [
        wants("rebook_flight", 0.5),
        wants("rebook_flight", 0.5, flight="LH815"),
        Unsure(first=wants("check_in", 0.5), second=wants("rebook_flight", 0.5)),
        Several(intents=(wants("rebook_flight", 0.5), wants("check_in"))),
    ],
    ids=["the same", "the same flight", "one of two", "one of several"],
)
def test_words_that_fit_raise_it(policy: Policy, meaning: Understanding) -> None:
    heard = with_words(only(policy), meaning, policy)

    assert heard.probability == pytest.approx(0.8 + 0.2 * 0.5)
    assert heard.reasons == ("flight_cancelled 0 days ago", "the words fit")


def test_words_that_may_mean_something_else_lower_it(policy: Policy) -> None:
    heard = with_words(only(policy), wants("check_in", 0.25), policy)

    assert heard.probability == pytest.approx(0.8 * 0.75)
    assert heard.reasons[-1] == "the words may mean something else"


def test_a_request_that_is_likelier_than_the_event_is_read_back_in_its_place(
    policy: Policy,
) -> None:
    meaning = wants("check_in", 0.45)
    older = replace(KLAUS, events=(replace(CANCELLED, at=NOW - 2 * DAY),))

    assert best_guess(older, meaning, NOW, policy, NOTHING) is None
    assert best_guess(older, wants("check_in", 0.1), NOW, policy, NOTHING) is not None


def test_words_choose_among_events(policy: Policy) -> None:
    both = replace(KLAUS, events=(REFUND, CANCELLED))

    guess = best_guess(both, wants("refund", 0.6), NOW, policy, NOTHING)

    assert guess is not None
    assert guess.intent == "refund"


# the question


def test_the_question_names_the_facts_of_the_event(policy: Policy) -> None:
    guess = only(policy)

    assert guess.line == Line(key="offer.flight_cancelled", facts=CANCELLED.facts)
    assert guess.wish == Intent(name="rebook_flight", confidence=1.0, slots=CANCELLED.facts)


@pytest.mark.parametrize(
    ("preferences", "key", "seat"),
    [
        ({"seat": "aisle"}, "offer.flight_cancelled_aisle", "aisle"),
        ({"seat": " Window "}, "offer.flight_cancelled_window", "window"),
        ({"seat": "upside down"}, "offer.flight_cancelled", None),
        ({"channel": "email"}, "offer.flight_cancelled", None),
    ],
)
def test_the_question_takes_up_what_the_customer_prefers(
    policy: Policy, preferences: dict[str, str], key: str, seat: str | None
) -> None:
    guess = best_guess(replace(KLAUS, preferences=preferences), HELLO, NOW, policy, NOTHING)

    assert guess is not None
    assert guess.line.key == key
    assert guess.wish.slots.get("seat") == seat


def test_neither_reasons_nor_a_printed_guess_tell_facts(policy: Policy) -> None:
    history = History(answers={"flight_cancelled": Answers(right=3, wrong=1)})
    guess = only(policy, history=history)

    assert guess.reasons == (
        "flight_cancelled 0 days ago",
        "guesses of this kind: 3 right, 1 wrong",
    )
    assert "LH815" not in repr(guess)
