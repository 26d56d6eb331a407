"""Enrolment over HTTP: recordings go in, and a meter says what is still needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel

from biometrics import Codec, Mark, SubjectId
from ivr.errors import EmptyRecording
from ivr.service.openapi import problems
from ivr.service.subjects import Subject
from ivr.verify.enrolments import Enrolments, Progress


class Existing(StrEnum):
    """What happens to a voiceprint that is there already."""

    REFUSE = "refuse"
    OVERWRITE = "overwrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentDesk:
    """What these routes need from the rest of the house."""

    enrolments: Enrolments
    clock: Callable[[], datetime]


class TakeHeard(BaseModel):
    """What became of one recording."""

    number: int
    """From 1, in the order they came."""

    net_speech_ms: int
    counts: bool
    codes: list[str]
    """Why it does not count, such as too_little_speech, several_voices or other_voice."""

    reasons: list[str]
    """The same in words."""

    ask: list[str]
    """What to ask of whoever speaks."""

    over_simulated_line: bool
    """It was a studio's recording; what a telephone line leaves of it was heard."""


class Warned(BaseModel):
    """Something that a person should look at; it keeps nobody from being enrolled."""

    code: str
    detail: str


class EnrolmentState(BaseModel):
    """How far an enrolment has come."""

    subject: str
    enrolled: bool
    """A voiceprint is kept: the one that was just made, or an earlier one."""

    finished: bool
    """The recordings were enough, and the voiceprint was made from them."""

    encoder: str | None
    """Of the voiceprint that is kept."""

    takes: list[TakeHeard]
    net_speech_ms: int
    """In the takes that count."""

    needed_ms: int
    recordings: int
    """Takes that count."""

    needed_recordings: int
    percent: int
    next: str
    """What is needed, for a person to read or hear."""

    warnings: list[Warned]


def enrolment_routes(desk: EnrolmentDesk, limiter: CapacityLimiter) -> APIRouter:
    """Every request may be sent twice; takes are in the memory of this process alone."""
    routes = APIRouter(
        prefix="/v1/subjects/{subject}",
        tags=["enrolment"],
        responses=problems(409),
    )
    enrolments = desk.enrolments

    @routes.post("/voiceprint", responses=problems(415))
    async def add(
        subject: Subject,
        response: Response,
        audio: Annotated[list[UploadFile], File(description="One or several WAV files")],
        existing: Annotated[Existing, Form()] = Existing.REFUSE,
        codec: Annotated[Codec, Form(description="Line for studio recordings")] = Codec.MULAW,
    ) -> EnrolmentState:
        """Add recordings; the voiceprint is made once they are enough and of one person."""
        recordings = [await file.read() for file in audio]
        if not all(recordings):
            raise EmptyRecording("A recording is empty; send each as a WAV file.")

        def work() -> Progress:
            return enrolments.add(
                SubjectId(subject),
                recordings,
                codec=codec,
                may_replace=existing is Existing.OVERWRITE,
                now=desk.clock(),
            )

        return _state(subject, await run_sync(work, limiter=limiter), response)

    @routes.get("/voiceprint")
    async def look(subject: Subject, response: Response) -> EnrolmentState:
        """How far the enrolment has come."""

        def work() -> Progress:
            return enrolments.look(SubjectId(subject), now=desk.clock())

        return _state(subject, await run_sync(work, limiter=limiter), response)

    @routes.delete("/enrolment", status_code=204)
    async def begin_again(subject: Subject) -> None:
        """Throw the takes of an unfinished enrolment away; a voiceprint stays as it is."""
        enrolments.forget(SubjectId(subject))

    return routes


def _state(subject: str, progress: Progress, response: Response) -> EnrolmentState:
    response.headers["Cache-Control"] = "no-store"
    meter = progress.meter
    return EnrolmentState(
        subject=subject,
        enrolled=progress.encoder is not None,
        finished=progress.is_finished,
        encoder=progress.encoder,
        takes=[_heard(mark) for mark in meter.takes],
        net_speech_ms=meter.net_speech_ms,
        needed_ms=meter.needed_ms,
        recordings=meter.recordings,
        needed_recordings=meter.needed_recordings,
        percent=meter.percent,
        next=meter.next,
        warnings=_warnings(progress.lookalikes),
    )


def _heard(mark: Mark) -> TakeHeard:
    return TakeHeard(
        number=mark.number,
        net_speech_ms=mark.net_speech_ms,
        counts=mark.counts,
        codes=list(mark.codes),
        reasons=list(mark.reasons),
        ask=list(mark.ask),
        over_simulated_line=mark.is_narrowed,
    )


def _warnings(lookalikes: int) -> list[Warned]:
    """Whose voice it sounds like is told to operators at the machine alone."""
    if not lookalikes:
        return []
    sentence = "Another subject sounds like this one. Have somebody look at both at the machine."
    return [Warned(code="sounds_like_another_subject", detail=sentence)]
