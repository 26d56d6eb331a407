"""Digits on their way: drawn when they are spoken, used up by the next turn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes.scripted import HEARD, SPEECH, FakeSpoken, scripted_rooms

from biometrics import Comparison, Outcome, Speech, Standing, SubjectId, Verdict
from ivr.call import (
    Ask,
    CallId,
    Intent,
    Language,
    Line,
    Malformed,
    Repeated,
    Say,
    Transcript,
    Unheard,
)
from ivr.decide.dialogue import Repeating
from ivr.decide.moment import Decision, Moment, decided
from ivr.pipeline import Pipeline
from ivr.settings import ChallengeSettings
from ivr.step_up import StepUp
from ivr.turn import Answer, SoFar, Turn
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TURN = Turn(call_id=CallId("c-1"), number=Malformed(), audio=b"...")
FITTING = Verdict(
    outcome=Outcome.ACCEPTED, incremental=Comparison(score=0.5, llr=3.0, net_ms=3_000)
)


def text(words: str) -> Transcript:
    return replace(HEARD, text=words)


def step_up(hear: Callable[[Speech, Language], Transcript | Unheard]) -> StepUp:
    return StepUp(settings=ChallengeSettings(), read=lambda words, _: words, hear=hear)


class Call:
    """A call of two turns: digits are asked for, then whatever comes is told to `decide`."""

    def __init__(self, *, heard: str = "", listened: str = "") -> None:
        self.told: list[Repeated | None] = []
        self.spoken: list[Line] = []
        self.listened_in: list[Language | None] = []
        rooms = scripted_rooms(
            verify=lambda *_: Evidence(
                subject=SubjectId("s-1"), standing=Standing(verdict=FITTING), verdict=FITTING
            ),
            transcribe=self.transcribe,
            decide=self.decide,
            speak=self.speak,
        )
        self.heard, self.listened = heard, listened
        hear = step_up(lambda *_: text(self.listened) if self.listened else Unheard.NOISE)
        self.pipeline = Pipeline(replace(rooms, step_up=hear), default_language=Language.GERMAN)

    def transcribe(
        self, _: Speech, language: Language | None, __: tuple[str, ...]
    ) -> Transcript | Unheard:
        self.listened_in.append(language)
        return text(self.heard) if self.heard else Unheard.NOISE

    def decide(self, moment: Moment) -> Decision:
        self.told.append(moment.repeated)
        if moment.repeated is Repeated.PASSED or moment.repeated is Repeated.WRONG_DIGITS:
            return decided(moment, Say(lines=(Line(key="tell.done"),)), "a reason")
        pending = Repeating(intent=Intent(name="go", confidence=0.9))
        lines = (Line(key="greet.neutral"), Line(key="ask.digits"))
        return decided(moment, Ask(lines=lines), "a reason", pending=pending)

    def speak(
        self, lines: tuple[Line, ...], language: Language, attempt: int, **_: bool
    ) -> FakeSpoken:
        self.spoken += lines
        return FakeSpoken(text="")

    def take(self, so_far: SoFar, *, now: datetime = NOW) -> Answer:
        return self.pipeline.answer(TURN, so_far, now=now)

    @property
    def digits(self) -> str:
        return self.spoken[1].facts["digits"].replace(" ", "")


def test_digits_are_put_into_the_line_that_asks_for_them_alone() -> None:
    call = Call()

    answer = call.take(SoFar())

    assert answer.so_far.challenge is not None
    assert call.digits == answer.so_far.challenge.digits
    assert call.spoken[0].facts == {}
    assert call.spoken[1].facts["digits"].count(" ") == 4
    assert call.told == [None]


@pytest.mark.parametrize("way", ["heard", "listened"])
def test_right_digits_in_either_hearing_pass(way: str) -> None:
    call = Call()
    first = call.take(SoFar())
    setattr(call, way, call.digits)

    second = call.take(first.so_far, now=NOW + timedelta(seconds=20))

    assert call.told == [None, Repeated.PASSED]
    assert second.so_far.challenge is None


def test_digits_are_used_up_by_one_answer() -> None:
    call = Call()
    first = call.take(SoFar())
    call.heard = "1"
    second = call.take(first.so_far, now=NOW + timedelta(seconds=20))
    call.heard = call.digits

    call.take(second.so_far, now=NOW + timedelta(seconds=30))

    assert call.told == [None, Repeated.WRONG_DIGITS, None]


def test_digits_that_are_asked_for_again_are_others() -> None:
    call = Call()
    first = call.take(SoFar())

    second = call.take(first.so_far, now=NOW + timedelta(seconds=20))

    assert call.told == [None, Repeated.NO_DIGITS]
    assert second.so_far.challenge is not None
    assert first.so_far.challenge is not None
    assert second.so_far.challenge.issued_at == NOW + timedelta(seconds=20)
    assert second.so_far.challenge != first.so_far.challenge


def test_an_answer_that_comes_too_late_is_none() -> None:
    call = Call()
    first = call.take(SoFar())
    call.heard = call.digits

    call.take(first.so_far, now=NOW + timedelta(seconds=121))

    assert call.told == [None, Repeated.EXPIRED]


def test_the_answer_is_listened_to_in_the_language_of_the_question() -> None:
    call = Call(heard="something")

    call.take(call.take(SoFar()).so_far)

    assert call.listened_in == [None, Language.GERMAN]


def test_digits_are_in_no_repr() -> None:
    answer = Call().take(SoFar())

    assert answer.so_far.challenge is not None
    assert answer.so_far.challenge.digits not in repr(answer.so_far)
    assert answer.so_far.challenge.digits not in repr(answer.action)


def test_a_second_reading_counts_too() -> None:
    call = Call()
    first = call.take(SoFar())
    misheard = replace(text("47"), alternatives=("", call.digits))
    evidence = Evidence(
        subject=SubjectId("s-1"), standing=Standing(verdict=FITTING), verdict=FITTING
    )
    assert first.so_far.challenge is not None

    answered = step_up(lambda *_: Unheard.NOISE).answered(
        first.so_far.challenge, SPEECH, misheard, evidence, NOW
    )

    assert answered is Repeated.PASSED
