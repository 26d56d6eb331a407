"""How long a caller is waited for, by what was asked and what has been said."""

import pytest

from ivr.call import Intent, Language, OutOfScope, SlotProblem, SlotsTold, Transcript, Unheard
from ivr.decide.dialogue import (
    AnythingElse,
    Confirming,
    Dialogue,
    Filling,
    Pending,
    Picking,
    Repeating,
    Typing,
)
from ivr.errand import Option
from ivr.live.patience import Keys, Patience, Whole, whole
from ivr.settings import LiveSettings
from ivr.turn import Awaited, Tried

SETTINGS = LiveSettings()
TRANSFER = Intent(name="transfer_money", confidence=1.0)


def awaited(pending: Pending | None = None, *, needs_time: bool = False) -> Awaited:
    return Awaited(language=None, dialogue=Dialogue(pending=pending), needs_time=needs_time)


def tried(
    text: str,
    name: str | None = None,
    told: SlotsTold | None = None,
    language: Language = Language.GERMAN,
) -> Tried:
    heard = Transcript(text=text, language=language, confidence=0.9, engine="fake")
    meaning = Intent(name=name, confidence=0.9) if name else OutOfScope(confidence=0.1)
    return Tried(heard=heard, meaning=meaning, told=told or SlotsTold())


@pytest.mark.parametrize(
    "text",
    [
        "Ich möchte meinen Flug umbuchen und",
        "Ich wollte fragen, ob",
        "Ich brauche einen",
        "Mein Flug ähm",
    ],
)
def test_a_sentence_that_goes_on_is_not_whole_whatever_it_seems_to_mean(text: str) -> None:
    assert whole(tried(text, "rebook_flight"), awaited()) is Whole.UNCLEAR


@pytest.mark.parametrize(
    "text", ["Deswegen rufe ich an.", "Ja, das ist richtig so.", "Machen Sie zu"]
)
def test_german_sentences_may_end_with_small_words(text: str) -> None:
    assert whole(tried(text, "rebook_flight"), awaited()) is Whole.SENTENCE


def test_english_sentences_may_not() -> None:
    unfinished = tried("I would like to fly to", "rebook_flight", language=Language.ENGLISH)

    assert whole(unfinished, awaited()) is Whole.UNCLEAR


def test_what_was_not_understood_may_go_on() -> None:
    assert whole(tried("Also das."), awaited()) is Whole.UNCLEAR
    assert whole(tried("Wie wird morgen das Wetter?"), awaited()) is Whole.WORDS
    assert whole(Tried(heard=Unheard.NOISE), awaited()) is Whole.UNCLEAR


def test_a_plain_yes_is_whole_only_where_one_was_asked_for() -> None:
    assert whole(tried("Ja.", "affirm"), awaited(AnythingElse())) is Whole.ANSWER
    assert whole(tried("Ja.", "affirm"), awaited(Confirming(intent=TRANSFER))) is Whole.ANSWER
    assert whole(tried("Ja.", "affirm"), awaited()) is Whole.SENTENCE


def test_behind_a_mere_greeting_the_request_is_waited_for() -> None:
    hello = tried("Hello.", "hello", language=Language.ENGLISH)

    assert whole(hello, awaited()) is Whole.GREETING
    assert Patience(SETTINGS, awaited()).quiet_ms(hello) == SETTINGS.quiet_after_greeting_ms
    assert SETTINGS.quiet_after_greeting_ms > SETTINGS.quiet_ms


def test_half_an_iban_is_waited_for_and_a_whole_one_is_not() -> None:
    asked = awaited(Filling(intent=TRANSFER, slot="iban"))
    half = SlotsTold(slots={}, problem=SlotProblem.INCOMPLETE)
    done = SlotsTold(slots={"iban": "DE02120300000000202051"})
    patience = Patience(SETTINGS, asked)

    assert patience.quiet_ms(tried("DE null zwei", told=half)) == SETTINGS.quiet_while_spelling_ms
    assert patience.quiet_ms(tried("DE ...", told=done)) == SETTINGS.quiet_after_sentence_ms


def options(*places: str) -> tuple[Option, ...]:
    return tuple(Option(slots={"flight": place}, facts={"flight": place}) for place in places)


@pytest.mark.parametrize("text", ["Also die", "Ja.", "Moment mal, die zweite oder die dritte."])
def test_whoever_has_not_chosen_yet_is_waited_for(text: str) -> None:
    asked = awaited(Picking(intent=TRANSFER, options=options("LH453", "LH457", "UA962")))

    assert whole(tried(text, "affirm"), asked) is Whole.UNCLEAR


def test_a_choice_that_was_named_is_whole() -> None:
    three = awaited(Picking(intent=TRANSFER, options=options("LH453", "LH457", "UA962")))
    one = awaited(Picking(intent=TRANSFER, options=options("LH453")))

    assert whole(tried("Die zweite Möglichkeit, bitte.", "affirm"), three) is Whole.SENTENCE
    assert whole(tried("Ja, bitte.", "affirm"), one) is Whole.SENTENCE


def test_a_command_is_whole_even_while_something_is_spelt() -> None:
    asked = awaited(Filling(intent=TRANSFER, slot="iban"))

    assert whole(tried("Mitarbeiter", "person"), asked) is Whole.SENTENCE


def test_while_nothing_is_known_the_longer_pause_counts() -> None:
    assert Patience(SETTINGS, awaited()).quiet_ms(None) == SETTINGS.quiet_ms


def test_who_needs_time_is_given_half_as_much_again() -> None:
    patience = Patience(SETTINGS, awaited(needs_time=True))

    assert patience.quiet_ms(None) == SETTINGS.quiet_ms * 3 // 2
    assert patience.no_input_ms == SETTINGS.slow_no_input_ms


def test_keys_come_in_rows_only_where_something_is_typed() -> None:
    assert Patience(SETTINGS, awaited(Typing(intent=TRANSFER))).keys is Keys.ROW
    assert Patience(SETTINGS, awaited(Repeating(intent=TRANSFER))).keys is Keys.ROW
    assert Patience(SETTINGS, awaited(AnythingElse())).keys is Keys.ONE
    assert Patience(SETTINGS, awaited()).keys is Keys.ONE
