"""What a call must never tell a stranger, nor leave a caller to believe."""

from datetime import UTC, datetime
from time import monotonic

import pytest
from fakes.scripted import FakeSpoken, scripted_rooms

from biometrics import Outcome, Speech, SubjectId, Verdict
from ivr.call import (
    Assurance,
    Caller,
    CallId,
    CustomerId,
    Language,
    Line,
    PhoneNumber,
    Say,
    Transcript,
)
from ivr.decide.moment import Decision, Moment, decided
from ivr.errand import Done, Errand, Served, Unavailable
from ivr.errors import BadPrompts
from ivr.pipeline import Pipeline
from ivr.serve.business import packaged_business, read_business
from ivr.serve.described_system import DescribedSystem
from ivr.serve.sender import Answered, Outgoing
from ivr.turn import SoFar, Turn
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, tzinfo=UTC)
TURN = Turn(call_id=CallId("c-1"), number=PhoneNumber(e164="+442079460018"), audio=b"...")
EMILY = Caller(
    customer_id=CustomerId("C-4"),
    subject=SubjectId("s-4"),
    name="Emily",
    language=Language.ENGLISH,
)
ERRAND = Errand(
    intent="transfer_money",
    slots={"amount": "50.00 EUR", "iban": "DE89370400440532013000"},
    customer_id=CustomerId("C-4"),
    assurance=Assurance.VOICE_AND_SECOND_FACTOR,
    key="k-1",
)


def test_the_language_of_the_answer_does_not_tell_a_stranger_whose_number_it_is() -> None:
    """Whisper writes down in the language that it is told to expect, whatever was spoken."""
    stranger = Evidence(subject=EMILY.subject, verdict=Verdict(outcome=Outcome.REJECTED))
    spoken: list[Language] = []

    def transcribe(_: Speech, language: Language | None, __: tuple[str, ...]) -> Transcript:
        heard_in = language or Language.GERMAN
        return Transcript(text="Good day", language=heard_in, confidence=0.9, engine="fake")

    def speak(_: tuple[Line, ...], language: Language, *__: object, **___: object) -> FakeSpoken:
        spoken.append(language)
        return FakeSpoken(text="")

    rooms = scripted_rooms(
        identify=lambda _: EMILY, verify=lambda *_: stranger, transcribe=transcribe, speak=speak
    )
    Pipeline(rooms, default_language=Language.GERMAN).answer(TURN, SoFar(), now=NOW)

    assert spoken == [Language.GERMAN]


def test_who_cannot_be_told_what_was_done_hears_that_it_may_be_done() -> None:
    """A back end answers `days: 3-5` where the prompt wants a number.

    It is done all the same, and an apology alone has the caller order it again.
    """

    def decide(moment: Moment) -> Decision:
        first = decided(moment, Say(lines=()), "do it")
        return Decision(
            action=first.action, reasons=first.reasons, dialogue=first.dialogue, errand=ERRAND
        )

    def told(moment: Moment, _: Decision, __: Served) -> Decision:
        return decided(moment, Say(lines=(Line(key="tell.done"),)), "done")

    def speak(lines: tuple[Line, ...], *_: object, **__: object) -> FakeSpoken:
        if lines == (Line(key="tell.done"),):
            raise BadPrompts("The prompt needs a whole number as days.")
        return FakeSpoken(text=" ".join(line.key for line in lines))

    rooms = scripted_rooms(
        decide=decide, serve=lambda _: Done(facts={"days": "3-5"}), told=told, speak=speak
    )
    answer = Pipeline(rooms, default_language=Language.GERMAN).answer(TURN, SoFar(), now=NOW)

    assert "tell.may_be_done" in answer.result.action.prompt


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirect_after_a_change_is_not_told_as_nothing_changed(status: int) -> None:
    """303 is how many systems answer a POST that was done (RFC 9110, 15.4.4)."""

    class Sender:
        def send(self, _: Outgoing, __: int) -> Answered:
            return Answered(status=status)

    bank = read_business(packaged_business("bank"))
    served = DescribedSystem(bank, Sender(), clock=monotonic).run(ERRAND)

    assert served == Unavailable(may_be_done=True)
