"""Which sentences are kept, and what is suggested that they meant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes.log_lines import logged

from biometrics import StoreUnavailable
from ivr.call import Intent, Language, OutOfScope, Transcript, Understanding, Unsure
from ivr.review.collect import Collector, Misunderstood, Said
from ivr.review.memory_sentences import MemorySentences
from ivr.review.sentence import Sentence, Why
from ivr.settings import ReviewSettings

NOW = datetime(2026, 5, 20, 14, 33, 21, tzinfo=UTC)
FOREIGN = OutOfScope(confidence=0.2)


class Room:
    """A collector and its list."""

    def __init__(self, **settings: Any) -> None:
        self.sentences = MemorySentences()
        chosen = ReviewSettings(**{"collect": "all"} | settings)
        self.collector = Collector(self.sentences, chosen, business="bank", sure_from=0.5)

    def hear(
        self, text: str, meaning: Understanding | None, *, now: datetime = NOW, **more: Any
    ) -> None:
        heard = Transcript(text=text, language=Language.GERMAN, confidence=0.8, engine="whisper")
        said = Said(call="c-1", transcript=heard, meaning=meaning, is_answer=False)
        self.collector.consider(replace(said, **more), now)

    @property
    def kept(self) -> tuple[Sentence, ...]:
        return self.sentences.of("bank")

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [(one.text, one.why.value, one.suggested) for one in self.kept]


def sure(name: str, confidence: float = 0.9) -> Intent:
    return Intent(name=name, confidence=confidence)


# what is not kept


def test_nothing_is_kept_unless_an_operator_asks_for_it() -> None:
    room = Room(collect="off")
    room.hear("Da ist was mit dem Plastik.", FOREIGN, has_agreed=True)

    assert ReviewSettings().collect == "off"
    assert room.kept == ()


def test_where_consent_is_asked_for_nothing_is_kept_without_it() -> None:
    room = Room(collect="consented")
    room.hear("Da ist was mit dem Plastik.", FOREIGN)
    room.hear("Es ist dieses Ding aus Plastik.", FOREIGN, has_agreed=True)

    assert [one.text for one in room.kept] == ["Es ist dieses Ding aus Plastik."]


@pytest.mark.parametrize(
    "why",
    [
        {"is_answer": True},
        {"transcript": None},
        {"meaning": None},
        {"meaning": sure("block_card")},
    ],
    ids=["an answer to our question", "nothing heard", "nothing understood", "understood"],
)
def test_what_is_no_misunderstood_request_is_not_kept(why: dict[str, Any]) -> None:
    room = Room()
    room.hear("Vier vier eins sieben.", **{"meaning": FOREIGN} | why)

    assert room.kept == ()


def test_what_was_misheard_or_is_one_word_or_a_story_is_not_kept() -> None:
    room = Room()
    mumbled = Transcript(text="Das da eben.", language=Language.GERMAN, confidence=0.3, engine="x")
    room.hear("", FOREIGN, transcript=mumbled)
    room.hear("Plastik", FOREIGN)
    room.hear("und dann " * 50, FOREIGN)

    assert room.kept == ()


def test_a_full_list_takes_no_more() -> None:
    room = Room(most_sentences=1)
    room.hear("Da ist was mit dem Plastik.", FOREIGN)
    room.hear("Es ist dieses Ding aus Plastik.", FOREIGN)

    assert len(room.kept) == 1


def test_what_is_older_than_was_said_is_gone_with_the_next_sentence() -> None:
    room = Room(keep_days=7)
    room.hear("Da ist was mit dem Plastik.", FOREIGN)
    room.hear("Es ist dieses Ding aus Plastik.", FOREIGN, now=NOW + timedelta(days=9))

    assert [one.text for one in room.kept] == ["Es ist dieses Ding aus Plastik."]


def test_a_list_that_cannot_be_written_fails_no_call(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room = Room()

    def gone(*_: object, **__: object) -> None:
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(room.sentences, "add", gone)
    room.hear("Da ist was mit dem Plastik.", FOREIGN)

    assert [record.message for record in caplog.records] == ["sentence not kept for review"]
    assert "Plastik" not in str(logged(caplog.records[:1]))


# what is


@pytest.mark.parametrize(
    ("meaning", "why", "taken_for"),
    [
        (FOREIGN, Why.OUT_OF_SCOPE, ()),
        (sure("block_card", 0.4), Why.LOW_CONFIDENCE, ("block_card",)),
        (
            Unsure(first=sure("block_card", 0.4), second=sure("replace_card", 0.3)),
            Why.TWO_READINGS,
            ("block_card", "replace_card"),
        ),
    ],
)
def test_what_was_not_understood_is_kept_with_the_reason(
    meaning: Understanding, why: Why, taken_for: tuple[str, ...]
) -> None:
    room = Room()
    room.hear("Da ist was mit dem Plastik.", meaning)

    (kept,) = room.kept
    assert (kept.why, kept.taken_for, kept.suggested) == (why, taken_for, "")


def test_neither_who_nor_when_is_kept() -> None:
    room = Room()
    room.hear("Klaus hier, die 4417 ist hin.", FOREIGN, names=("Klaus",))

    (kept,) = room.kept
    assert kept.text == "Name hier, die 0000 ist hin."
    assert kept.at == datetime(2026, 5, 20, tzinfo=UTC)
    assert "c-1" not in str(kept)
    assert "Name hier" not in repr(kept)


def test_what_the_caller_is_served_with_afterwards_is_suggested() -> None:
    room = Room()
    room.hear("Da ist was mit dem Plastik.", FOREIGN)
    room.hear("Es ist dieses Ding aus Plastik.", FOREIGN)
    room.hear("Ich brauche eine neue Karte.", sure("replace_card"))

    assert room.told == [
        ("Da ist was mit dem Plastik.", "out_of_scope", "replace_card"),
        ("Es ist dieses Ding aus Plastik.", "out_of_scope", "replace_card"),
    ]


def test_what_the_caller_agrees_to_is_suggested() -> None:
    room = Room()
    room.hear("Da ist was mit dem Plastik.", sure("replace_card", 0.4))
    room.hear("Ja, genau das.", sure("affirm"), settled="replace_card")

    assert room.told == [("Da ist was mit dem Plastik.", "low_confidence", "replace_card")]


def test_small_talk_settles_nothing() -> None:
    room = Room()
    room.hear("Da ist was mit dem Plastik.", FOREIGN)
    room.hear("Hallo, sind Sie noch da?", sure("hello"))
    room.hear("Wie bitte, noch einmal?", sure("repeat"))

    assert room.told == [("Da ist was mit dem Plastik.", "out_of_scope", "")]


def test_asking_for_a_person_is_a_suggestion_like_others() -> None:
    room = Room()
    room.hear("Ich hätte gern wen Echtes.", FOREIGN)
    room.hear("Verbinden Sie mich mit einem Mitarbeiter.", sure("person"))

    assert room.told == [("Ich hätte gern wen Echtes.", "out_of_scope", "person")]


def test_what_is_denied_is_kept_and_what_was_meant_is_suggested() -> None:
    room = Room()
    room.hear("Die Karte muss weg.", sure("replace_card"))
    room.hear("Nein, das nicht.", sure("deny"), is_denied=True)
    room.hear("Sperren Sie meine Karte.", sure("block_card"))

    assert room.told == [("Die Karte muss weg.", "corrected", "block_card")]


def test_whoever_takes_a_denial_back_was_understood() -> None:
    room = Room()
    room.hear("Die Karte muss weg.", sure("replace_card"))
    room.hear("Nein, das nicht.", sure("deny"), is_denied=True)
    room.hear("Doch, eine neue Karte.", sure("replace_card"))

    assert room.told == [("Die Karte muss weg.", "corrected", "")]


def test_one_call_suggests_nothing_about_another() -> None:
    room = Room()
    room.hear("Da ist was mit dem Plastik.", FOREIGN, call="c-1")
    room.hear("Ich brauche eine neue Karte.", sure("replace_card"), call="c-2")
    room.collector.forget("c-1")
    room.hear("Ich brauche eine neue Karte.", sure("replace_card"), call="c-1")

    assert room.told == [("Da ist was mit dem Plastik.", "out_of_scope", "")]


def test_what_a_person_has_labelled_meanwhile_stays_so() -> None:
    room = Room()
    room.hear("Da ist was mit dem Plastik.", FOREIGN)
    (kept,) = room.kept
    room.sentences.change(replace(kept, label="block_card"))
    room.hear("Ich brauche eine neue Karte.", sure("replace_card"))

    (kept,) = room.kept
    assert (kept.label, kept.suggested) == ("block_card", "")


# what a person says afterwards


CORRECTED = Misunderstood(
    text="Klaus Meier sagt, der Koffer fehlt.",
    language=Language.GERMAN,
    taken_for="baggage_allowance",
    meant="baggage_lost",
    names=("Klaus",),
)


def test_what_a_person_corrects_needs_the_same_consent() -> None:
    off, consented = Room(collect="off"), Room(collect="consented")

    assert not off.collector.misunderstood(replace(CORRECTED, has_agreed=True), NOW)
    assert not consented.collector.misunderstood(CORRECTED, NOW)
    assert consented.collector.misunderstood(replace(CORRECTED, has_agreed=True), NOW)
    assert (len(off.kept), len(consented.kept)) == (0, 1)


def test_what_a_person_corrects_is_kept_masked_with_what_was_meant() -> None:
    room = Room()
    room.collector.misunderstood(CORRECTED, NOW)
    room.collector.misunderstood(replace(CORRECTED, text="Ja."), NOW)

    (kept,) = room.kept
    assert "Klaus" not in kept.text
    assert "Koffer fehlt" in kept.text
    assert (kept.why, kept.taken_for) == (Why.CORRECTED, ("baggage_allowance",))
    assert kept.suggested == "baggage_lost"
    assert kept.at == NOW.replace(hour=0, minute=0, second=0)
