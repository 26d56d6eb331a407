"""What a turn decides when a part of it does not answer, or not in time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest
from fakes.log_lines import logged
from fakes.scripted import HEARD, say_done, scripted_rooms

from biometrics import Outcome, SubjectId, Verdict
from ivr.bounds.stages import Stages
from ivr.bounds.tally import Tally
from ivr.call import (
    Ask,
    Assurance,
    Caller,
    CallId,
    CustomerId,
    Intent,
    Language,
    Line,
    Malformed,
    Queue,
    Say,
    Unheard,
)
from ivr.decide.moment import Decision, Moment, decided
from ivr.errand import Done, Errand, Served, Step, Unavailable
from ivr.errors import NoRecogniser
from ivr.pipeline import Pipeline
from ivr.settings import DeadlineSettings
from ivr.turn import Answer, Live, SoFar, Turn
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, tzinfo=UTC)
TURN = Turn(call_id=CallId("c-1"), number=Malformed(), audio=b"...")
SOON_MS = 40

KLAUS = Caller(
    customer_id=CustomerId("k-1"), subject=SubjectId("s-1"), name="Klaus", language=Language.GERMAN
)
PROVEN = Evidence(subject=SubjectId("s-1"), verdict=Verdict(outcome=Outcome.ACCEPTED))


@contextmanager
def hanging() -> Iterator[Callable[..., object]]:
    """A room that answers once the test is over."""
    release = Event()

    def hang(*_: object, **__: object) -> object:
        release.wait(30)
        raise RuntimeError

    try:
        yield hang
    finally:
        release.set()


class House:
    """Rooms that decide what the moment tells them."""

    def __init__(self, **rooms: Callable[..., object]) -> None:
        self.moments: list[Moment] = []
        self.tally = Tally()
        self.rooms = scripted_rooms(**{"decide": self.decide, **rooms})

    def decide(self, moment: Moment) -> Decision:
        self.moments.append(moment)
        return say_done(moment)

    def answer(self, turn: Turn = TURN, so_far: SoFar | None = None, **deadlines: int) -> Answer:
        stages = Stages.of(DeadlineSettings(**deadlines), self.tally)
        pipeline = Pipeline(self.rooms, default_language=Language.GERMAN, stages=stages)
        return pipeline.answer(turn, so_far or SoFar(), now=NOW)


@pytest.mark.parametrize("earlier", [None, PROVEN])
@pytest.mark.parametrize("breaks", [True, False])
def test_a_voice_that_cannot_be_compared_is_never_accepted(
    earlier: Evidence | None, breaks: bool
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError

    with hanging() as hang:
        house = House(verify=broken if breaks else hang, identify=lambda _: KLAUS)
        answer = house.answer(so_far=SoFar(evidence=earlier), verify_ms=SOON_MS)

    (moment,) = house.moments
    assert moment.proven is None
    assert moment.verdict.needs_person
    assert answer.result.verification.decision == "inconclusive"
    assert answer.result.verification.reasons == [
        "the voice cannot be compared" if breaks else "the voice was not compared in time"
    ]
    assert answer.result.action.type == "say"


def test_who_is_not_known_stays_unproven_without_biometrics() -> None:
    with hanging() as hang:
        answer = House(verify=hang).answer(verify_ms=SOON_MS)

    assert answer.result.verification.decision == "inconclusive"
    assert answer.so_far.evidence is not None
    assert answer.so_far.evidence.subject is None


@pytest.mark.parametrize("err", [NoRecogniser("none"), RuntimeError("one-two-three")])
def test_without_a_recogniser_nobody_listened_and_the_call_goes_on(
    err: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> object:
        raise err

    house = House(transcribe=broken)
    answer = house.answer()

    assert [moment.heard for moment in house.moments] == [Unheard.NOBODY_LISTENED]
    assert answer.result.action.type == "say"
    assert "nobody listened" in caplog.text
    assert house.tally.of("stage_failed", "transcribe") == 1
    assert all("one-two-three" not in line for line in logged(caplog.records))


@pytest.mark.parametrize("is_live", [True, False])
def test_a_recogniser_that_hangs_is_not_waited_for(is_live: bool) -> None:
    with hanging() as hang:
        house = House(transcribe=hang)
        live = Live(sound=scripted_rooms().listen(b"").waveform, words=hang)  # type: ignore[arg-type]
        turn = replace(TURN, live=live) if is_live else TURN
        house.answer(turn, transcribe_ms=SOON_MS)

    assert [moment.heard for moment in house.moments] == [Unheard.NOBODY_LISTENED]
    assert house.tally.of("stage_late", "transcribe") == 1


def test_a_directory_that_hangs_sends_everybody_to_a_person() -> None:
    asked = []
    with hanging() as hang:
        house = House(identify=hang, news=lambda *_, **__: asked.append("news"))
        answer = house.answer(identify_ms=SOON_MS)

    assert not answer.result.caller.known
    assert answer.result.action.type == "queue"
    assert answer.result.reasons[-1] == "the directory cannot be read -> queue agents"
    assert asked == []


@pytest.mark.parametrize("room", ["listen", "identify", "understand", "decide", "speak"])
def test_a_whole_turn_that_takes_too_long_is_ended_by_a_person(room: str) -> None:
    with hanging() as hang:
        house = House(**{room: hang})
        answer = house.answer(turn_ms=SOON_MS, apologise_ms=SOON_MS)

    assert (answer.result.action.type, answer.result.action.queue) == ("queue", "agents")
    assert answer.result.action.prompt == ("" if room == "speak" else "tell.apology")
    assert answer.result.reasons == ["the turn took too long -> queue agents"]
    assert answer.so_far.dialogue.is_over


ERRAND = Errand(
    intent="rebook_flight", customer_id=None, assurance=Assurance.OPEN, key="k", step=Step.DO
)


def with_errand(errand: Errand) -> Callable[[Moment], Decision]:
    def decide(moment: Moment) -> Decision:
        ask = Ask(lines=(Line(key="ask.something"),))
        return replace(decided(moment, ask, "an errand"), errand=errand)

    return decide


def told(moment: Moment, _: Decision, served: Served) -> Decision:
    if isinstance(served, Unavailable):
        key = "tell.may_be_done" if served.may_be_done else "tell.down"
        action = Queue(lines=(Line(key=key),), queue="agents", priority=50)
        return decided(moment, action, "the business system does not answer")
    return decided(moment, Say(lines=(Line(key="tell.done"),)), "served")


@pytest.mark.parametrize(
    ("step", "prompt"), [(Step.DO, "tell.may_be_done"), (Step.OPTIONS, "tell.down")]
)
def test_a_business_system_that_hangs_may_have_done_what_it_was_asked_to(
    step: Step, prompt: str
) -> None:
    errand = replace(ERRAND, step=step)
    with hanging() as hang:
        house = House(decide=with_errand(errand), serve=hang, told=told)
        answer = house.answer(serve_ms=SOON_MS)

    assert answer.result.action.prompt == prompt


def test_a_turn_that_was_given_up_orders_nothing_afterwards() -> None:
    served: list[Errand] = []
    may_decide, is_over = Event(), Event()

    def late(moment: Moment) -> Decision:
        may_decide.wait(30)
        return with_errand(ERRAND)(moment)

    def serve(errand: Errand) -> Served:
        served.append(errand)
        return Done()

    house = House(decide=late, serve=serve, told=told)
    house.rooms = replace(house.rooms, note=lambda *_: is_over.set())
    answer = house.answer(turn_ms=SOON_MS)
    may_decide.set()

    assert answer.result.action.prompt == "tell.apology"
    assert not is_over.wait(0.2)
    assert served == []


def test_a_turn_that_is_late_while_something_is_done_tells_so() -> None:
    with hanging() as hang:
        house = House(decide=with_errand(ERRAND), serve=hang, told=told)
        answer = house.answer(turn_ms=SOON_MS)

    assert answer.result.action.prompt == "tell.may_be_done"


def test_what_is_quick_is_answered_as_ever() -> None:
    house = House()

    answer = house.answer()

    assert answer.result.transcript.text == HEARD.text
    assert answer.result.intent.name == Intent(name="go", confidence=0.9).name
    assert house.tally.counts() == {}
