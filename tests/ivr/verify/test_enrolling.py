"""Whatever could not be enrolled is told of by its code, and nothing of it is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from biometrics import (
    Codec,
    ConsentEntry,
    ConsentMissing,
    MemoryStore,
    SamplesDisagree,
    StoreUnavailable,
    SubjectId,
    Take,
    VoiceProblem,
)
from biometrics.sound.poor import Flaw, Poor
from ivr.verify.enrolling import EnrolRoom, enrol_all

WHO = SubjectId("s-1")
NOW = datetime(2026, 11, 26, tzinfo=UTC)


class FakeEnrolling:
    """Finds a recording noisy, and people who do not agree with themselves."""

    def hear(self, recording: Any, codec: Codec) -> Take:
        return Take(digest="d", net_ms=900, poor=(Poor(code=Flaw.NOISY, reason="It is noisy."),))

    def meter(self, takes: Any) -> None:
        """How far it has come does not matter here."""

    def voiceprint(self, subject: SubjectId, takes: Any, *, now: datetime) -> Any:
        raise SamplesDisagree("These are two people.")


def room(told: list[tuple[str, str]], may_enrol: Callable[[SubjectId], Any]) -> EnrolRoom:
    return EnrolRoom(
        may_enrol=may_enrol,
        store=MemoryStore(),
        listen=lambda data: data,  # type: ignore[arg-type,return-value]
        enrolling=FakeEnrolling,  # type: ignore[arg-type]
        remember=lambda subject, speech, now: None,
        refused=lambda subject, code: told.append((subject, code)),
    )


def raising(problem: VoiceProblem) -> Callable[[SubjectId], ConsentEntry | None]:
    def ask(subject: SubjectId) -> ConsentEntry | None:
        raise problem

    return ask


def test_who_has_not_agreed_is_told_of_as_refused() -> None:
    told: list[tuple[str, str]] = []
    with pytest.raises(ConsentMissing):
        enrol_all(room(told, raising(ConsentMissing("No."))), WHO, [b""], now=NOW)

    assert told == [(WHO, "consent_missing")]


def test_a_store_that_is_gone_refuses_nobody() -> None:
    told: list[tuple[str, str]] = []
    with pytest.raises(StoreUnavailable):
        enrol_all(room(told, raising(StoreUnavailable("Gone."))), WHO, [b""], now=NOW)

    assert told == []


def test_what_is_wrong_with_recordings_is_told_of() -> None:
    told: list[tuple[str, str]] = []
    with pytest.raises(SamplesDisagree):
        enrol_all(room(told, lambda _: None), WHO, [b"x"], now=NOW)

    assert told == [(WHO, "noisy"), (WHO, "samples_disagree")]
