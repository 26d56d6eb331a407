"""What people may ask about their voice, over HTTP: consent, refusal, export, erasure."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict

from biometrics import (
    Channel,
    Consent,
    ConsentText,
    Export,
    Purpose,
    Receipt,
    Rights,
    Said,
    SubjectId,
)
from ivr.service.openapi import problems

Found = TypeVar("Found")

Subject = Annotated[
    str,
    InPath(
        pattern=r"^[A-Za-z0-9._:-]{1,64}$",
        description="The voice's opaque id, as the directory has it; never a number or a name",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDesk:
    """What these routes need from the rest of the house."""

    rights: Rights
    export: Callable[[SubjectId, datetime], Export]
    texts: Callable[[], tuple[ConsentText, ...]]
    clock: Callable[[], datetime]
    forget_takes: Callable[[SubjectId], None] = lambda _subject: None
    """Throws the takes of an unfinished enrolment away."""


class Agreement(BaseModel):
    """In which words somebody agreed, and where."""

    model_config = ConfigDict(extra="forbid")

    text: str
    """Version, such as recognition-1; GET /v1/consent-texts lists them."""

    language: str
    channel: Channel


class ConsentKept(BaseModel):
    """A consent as it stands in the ledger."""

    subject: str
    purpose: Purpose
    text: str
    text_sha256: str
    language: str
    channel: Channel
    given_at: datetime
    expires_at: datetime


class Erased(BaseModel):
    """What was destroyed; it may be kept and printed."""

    subject: str
    at: datetime
    what: list[str]
    """Empty where nothing was kept: asking again, or about nobody, is no error."""

    key_fingerprint: str
    sha256: str
    proof: str


class Words(BaseModel):
    """One version of the words, in one language."""

    version: str
    purpose: Purpose
    language: str
    sha256: str
    words: str


def subject_routes(desk: SubjectDesk, limiter: CapacityLimiter) -> APIRouter:
    """Every route may be asked twice; a subject never seen is answered as one who has nothing."""
    routes = APIRouter(prefix="/v1", tags=["subjects"])

    async def done(work: Callable[[], Found]) -> Found:
        return await run_sync(work, limiter=limiter)

    @routes.get("/consent-texts", response_model=list[Words])
    async def consent_texts() -> list[dict[str, object]]:
        """The words people can agree to, each version in each language."""
        return [asdict(text) for text in await done(desk.texts)]

    @routes.get("/subjects/{subject}")
    async def export(subject: Subject, response: Response) -> Export:
        """Everything held on a subject, but for the vector itself (`ivr voiceprint export`)."""
        response.headers["Cache-Control"] = "no-store"
        return await done(lambda: desk.export(SubjectId(subject), desk.clock()))

    @routes.delete("/subjects/{subject}/voiceprint", response_model=Erased)
    async def erase(subject: Subject) -> dict[str, object]:
        """Destroy the voiceprint's key and end every consent to use it."""
        desk.forget_takes(SubjectId(subject))
        receipt = await done(lambda: desk.rights.erase(SubjectId(subject), desk.clock()))
        return _erased(receipt)

    @routes.post("/subjects/{subject}/opt-out", status_code=204)
    async def opt_out(subject: Subject) -> None:
        """Destroy the voiceprint and refuse every later one; from the caller's next turn on."""
        desk.forget_takes(SubjectId(subject))
        await done(lambda: desk.rights.opt_out(SubjectId(subject), desk.clock()))

    @routes.delete("/subjects/{subject}/opt-out", status_code=204)
    async def opt_in(subject: Subject) -> None:
        """Lift a refusal, at the subject's own wish. It is no consent."""
        await done(lambda: desk.rights.opt_in(SubjectId(subject)))

    @routes.put(
        "/subjects/{subject}/consents/{purpose}",
        response_model=ConsentKept,
        responses=problems(409),
    )
    async def grant(subject: Subject, purpose: Purpose, agreement: Agreement) -> Consent:
        """Write down that the subject agrees; the same words again change nothing."""
        said = Said(text=agreement.text, language=agreement.language, channel=agreement.channel)
        return await done(
            lambda: desk.rights.grant(SubjectId(subject), purpose, said, desk.clock())
        )

    @routes.delete("/subjects/{subject}/consents/{purpose}", status_code=204)
    async def withdraw(subject: Subject, purpose: Purpose) -> None:
        """End a consent; that to recognition takes the voiceprint with it."""
        if purpose is Purpose.RECOGNITION:
            desk.forget_takes(SubjectId(subject))
        await done(lambda: desk.rights.withdraw(SubjectId(subject), purpose, desk.clock()))

    return routes


def _erased(receipt: Receipt) -> dict[str, object]:
    return {**asdict(receipt), "proof": receipt.proof}
