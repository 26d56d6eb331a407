"""Digits to repeat and doors that close, with real models and the project's own voices."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.call import CallId, Language
from ivr.errors import ModelMissing
from ivr.settings import AttemptSettings
from ivr.studio import read_manifest
from ivr.turn import Answer, Turn
from ivr.wiring import House

KLAUS = "+4989123456"
NOW = datetime.now(UTC)
WISH = "Guten Tag. Meine Girokarte ist durchgebrochen, ich brauche bitte eine neue Karte."
DIGITS = dict(
    zip(
        "0123456789",
        ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
        strict=True,
    )
)

Say = Callable[[str, str], bytes]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Iterator[House]:
    """A bank, where a new card needs a second factor and failures close the door."""
    rehearsal = House.for_rehearsal(tmp_path_factory.mktemp("bank")).settings
    bank = House(
        replace(
            rehearsal,
            understand=replace(rehearsal.understand, pack="bank"),
            # What recordings and machines sound like is another guard's business.
            verify=replace(rehearsal.verify, liveness="off"),
            attempts=AttemptSettings(),
            # Proof is asked for whether or not anything is done with it.
            serve=replace(rehearsal.serve, demo=False),
        )
    )
    try:
        bank.words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    bank.stage(fixtures)
    yield bank
    bank.close()


@pytest.fixture(scope="module")
def say(bank: House, fixtures: Path) -> Say:
    """What a speaker of the fixtures says, on the telephone."""
    studio, speakers = bank.studio(), read_manifest(fixtures).speakers

    def spoken(speaker: str, words: str) -> bytes:
        return studio.as_wav(studio._spoken(words, speakers[speaker]))

    return spoken


@pytest.fixture(autouse=True)
def every_door_is_open(bank: House) -> None:
    open_doors(bank)


def open_doors(bank: House) -> None:
    doors = bank.voices.doors
    for asked, is_source in (("s-7f3a", False), ("trunk", True)):
        for one in doors.whose(asked, bank.directory, is_source=is_source):
            doors.counts.reset(one)


class Call:
    def __init__(self, house: House, name: str) -> None:
        self.house, self.id, self.now = house, CallId(name), NOW

    def turn(self, audio: bytes) -> Answer:
        self.now += timedelta(seconds=15)
        turn = Turn(
            call_id=self.id,
            number=self.house.read_number(KLAUS),
            audio=audio,
            language=Language.GERMAN,
            source="trunk",
        )
        return self.house.switchboard.take(turn, now=self.now)


def in_words(answer: Answer) -> str:
    assert answer.so_far.challenge is not None
    return ", ".join(DIGITS[digit] for digit in answer.so_far.challenge.digits) + "."


def test_a_customer_who_repeats_the_digits_is_served(bank: House, say: Say) -> None:
    """Digits are drawn by chance, and machines mumble some: about every other call fails.

    In each the customer does what is asked: repeats digits, or says some more. That none of so many
    calls succeeds happens once in a thousand runs.
    """
    served = []
    for number in range(12):
        open_doors(bank)
        call = Call(bank, f"repeats-{number}")
        answer = call.turn(say("klaus", WISH))
        assert answer.result.intent.name == "replace_card"
        assert "diese Ziffern" in answer.result.action.prompt
        while answer.result.action.type == "ask":
            words = in_words(answer) if answer.so_far.challenge else WISH
            answer = call.turn(say("klaus", words))
        served.append(answer.result.action.type == "say")
        if served[-1]:
            assert "Karte" in answer.result.action.prompt
            break

    assert served[-1]


def test_a_recording_of_the_customer_cannot_repeat_digits(bank: House, say: Say) -> None:
    recording = say("klaus", WISH)
    call = Call(bank, "recording")
    call.turn(recording)

    answers = [call.turn(recording), call.turn(recording)]

    assert [answer.result.action.type for answer in answers] == ["ask", "queue"]
    assert "no_digits" in answers[0].result.reasons[-1]
    assert answers[1].result.action.queue == "agents"


def test_other_digits_lead_to_a_person(bank: House, say: Say) -> None:
    call = Call(bank, "other-digits")
    call.turn(say("klaus", WISH))

    answers = [
        call.turn(say("klaus", "Meine Nummer ist eins, zwei, drei, vier.")) for _ in range(2)
    ]

    assert [answer.result.action.type for answer in answers] == ["ask", "queue"]
    assert "wrong_digits" in answers[0].result.reasons[-1]


def test_right_digits_in_a_strange_voice_prove_nothing(bank: House, say: Say) -> None:
    call = Call(bank, "strange-voice")
    asked = call.turn(say("klaus", WISH))

    answer = call.turn(say("impostor", in_words(asked)))

    assert answer.result.action.type != "say"
    assert not answer.so_far.dialogue.has_repeated


def test_after_five_calls_in_a_strange_voice_nothing_is_compared_any_more(
    bank: House, say: Say
) -> None:
    strange = say("impostor", WISH)
    tried = [Call(bank, f"strange-{number}").turn(strange) for number in range(5)]

    locked = Call(bank, "strange-6").turn(strange)

    assert {answer.result.verification.decision for answer in tried} == {"rejected"}
    assert locked.result.verification.decision == "inconclusive"
    assert locked.result.verification.score is None
    assert locked.result.verification.llr is None
    assert locked.result.action.type == "queue"
    assert locked.result.action.prompt == "Ich verbinde Sie mit einem Menschen, der Ihnen hilft."
