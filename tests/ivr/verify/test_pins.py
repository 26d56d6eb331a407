"""A PIN that is typed in a call: when it may be tried, and what it proves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from biometrics import (
    AuditEvent,
    MemoryAudit,
    Outcome,
    Sign,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Witness,
)
from ivr.call import Pinned
from ivr.errors import WeakPin
from ivr.settings import PinSettings
from ivr.verify.evidence import Evidence
from ivr.verify.memory_pins import MemoryPins
from ivr.verify.pin import Cost, Owner
from ivr.verify.pins import PinRoom, with_pin

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
KLAUS, ERNA = SubjectId("s-klaus"), SubjectId("s-erna")


class GonePins(MemoryPins):
    is_gone = False

    def standing(self, subject: SubjectId) -> object:  # type: ignore[override]
        if self.is_gone:
            raise StoreUnavailable("gone")
        return super().standing(subject)

    def take_try(self, subject: SubjectId, *, most_wrong: int) -> object:  # type: ignore[override]
        if self.is_gone:
            raise StoreUnavailable("gone")
        return super().take_try(subject, most_wrong=most_wrong)


class BreakableAudit(MemoryAudit):
    is_gone = False

    def record(self, event: AuditEvent) -> None:
        if self.is_gone:
            raise StoreUnavailable("gone")
        super().record(event)


class Line:
    """A room for PINs, and Klaus, whose PIN is 8291."""

    def __init__(self) -> None:
        self.pins = GonePins()
        self.audit = BreakableAudit()
        self.keys_are_gone = False
        self.room = PinRoom(
            pins=self.pins,
            pepper=self._pepper,
            settings=PinSettings(),
            witness=Witness(audit=self.audit, clock=lambda: NOW, actor="service"),
            cost=Cost(n=16, r=1, p=1),
        )
        self.room.set_pin(KLAUS, "8291", Owner(), NOW)

    def type(self, keys: str, evidence: Evidence | None = None) -> Pinned | None:
        return self.room.judge_pin(KLAUS, keys, evidence or heard())

    @property
    def told(self) -> list[tuple[str, dict[str, str]]]:
        return [(entry.kind, dict(entry.details)) for entry in self.audit.entries(KLAUS)]

    def _pepper(self) -> bytes:
        if self.keys_are_gone:
            raise StoreUnavailable("gone")
        return b"p" * 32


def heard(outcome: Outcome = Outcome.ACCEPTED, subject: SubjectId = KLAUS) -> Evidence:
    return Evidence(subject=subject, verdict=Verdict(outcome=outcome))


@pytest.fixture
def line() -> Line:
    return Line()


# refused


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.SPOOF_SUSPECTED])
def test_where_the_voice_speaks_against_the_caller_no_pin_is_tried(
    line: Line, outcome: Outcome
) -> None:
    assert line.type("8291", heard(outcome)) is Pinned.NOT_ALLOWED
    assert line.told == [("pin_set", {})]


def test_a_voice_with_signs_of_an_attack_or_stopped_by_a_guard_types_no_pin(line: Line) -> None:
    sign = Sign(name="exact_replay", risk=1.0, is_spoof=True, may_gate=True, reason="heard before")
    stopped = Verdict(outcome=Outcome.INCONCLUSIVE, needs_person=True)

    assert line.type("8291", replace(heard(), forbidding=(sign,))) is Pinned.NOT_ALLOWED
    assert line.type("8291", replace(heard(), verdict=stopped)) is Pinned.NOT_ALLOWED


def test_evidence_about_one_voice_opens_no_pin_of_another(line: Line) -> None:
    assert line.type("8291", heard(subject=ERNA)) is Pinned.NOT_ALLOWED
    assert line.type("8291", replace(heard(), subject=None)) is Pinned.NOT_ALLOWED


def test_three_wrong_ones_lock_the_pin_until_a_person_resets_it(line: Line) -> None:
    tried = [line.type(keys) for keys in ("1111", "2222", "3333", "8291")]

    assert tried == [Pinned.WRONG, Pinned.WRONG, Pinned.LOCKED, Pinned.LOCKED]
    assert line.room.reset(KLAUS)
    assert line.type("8291") is Pinned.PASSED


def test_a_right_one_starts_the_count_anew(line: Line) -> None:
    tried = [line.type(keys) for keys in ("1111", "2222", "8291", "1111", "2222", "8291")]

    assert tried[2] is tried[5] is Pinned.PASSED


def test_who_has_no_pin_passes_with_none(line: Line) -> None:
    assert line.room.judge_pin(ERNA, "8291", heard(subject=ERNA)) is Pinned.NONE_SET
    assert not line.room.has_pin(ERNA)


@pytest.mark.parametrize("keys", ["", "0", "*", "829", "829*1"])
def test_keys_that_are_no_pin_are_none_and_cost_no_try(line: Line, keys: str) -> None:
    assert line.type(keys) is None
    assert line.told == [("pin_set", {})]


def test_what_cannot_be_read_passes_nobody_and_opens_no_easier_way(line: Line) -> None:
    line.pins.is_gone = True

    assert line.type("8291") is Pinned.UNAVAILABLE
    assert line.room.has_pin(KLAUS)
    assert line.room.has_pin(ERNA)


def test_without_the_keys_nobody_passes_and_the_try_has_counted(line: Line) -> None:
    line.keys_are_gone = True

    assert [line.type("8291") for _ in range(4)] == [*[Pinned.UNAVAILABLE] * 3, Pinned.LOCKED]


def test_a_pin_that_cannot_be_told_of_passes_nobody(line: Line) -> None:
    line.audit.is_gone = True

    assert line.type("8291") is Pinned.UNAVAILABLE


def test_a_weak_pin_leaves_the_earlier_one(line: Line) -> None:
    with pytest.raises(WeakPin):
        line.room.set_pin(KLAUS, "1234", Owner(), NOW)

    assert line.type("8291") is Pinned.PASSED


@pytest.mark.parametrize(
    "do",
    [
        lambda room: room.set_pin(KLAUS, "4719", Owner(), NOW),
        lambda room: room.remove(KLAUS),
        lambda room: room.reset(KLAUS),
    ],
    ids=["set", "remove", "reset"],
)
def test_what_cannot_be_written_down_is_not_done(line: Line, do: Callable[[PinRoom], None]) -> None:
    line.type("1111")
    before = line.pins.standing(KLAUS)
    line.audit.is_gone = True

    with pytest.raises(StoreUnavailable):
        do(line.room)

    assert line.pins.standing(KLAUS) == before


# served


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.INCONCLUSIVE])
def test_the_right_pin_passes_with_or_without_the_hash_key(line: Line, outcome: Outcome) -> None:
    assert line.type("8291", heard(outcome)) is Pinned.PASSED
    assert line.type("8291#", heard(outcome)) is Pinned.PASSED


def test_a_pin_that_passed_is_a_second_factor_of_this_subject_alone() -> None:
    assert with_pin(heard(), KLAUS, Pinned.PASSED).has_second_factor
    assert not with_pin(heard(), ERNA, Pinned.PASSED).has_second_factor
    for pinned in {*Pinned, None} - {Pinned.PASSED}:
        assert not with_pin(heard(), KLAUS, pinned).has_second_factor


def test_every_try_is_in_the_trail_and_no_digit_is(line: Line) -> None:
    for keys in ("8291", "1111", "2222", "3333"):
        line.type(keys)
    line.room.reset(KLAUS)
    line.room.remove(KLAUS)

    assert line.told == [
        ("pin_set", {}),
        ("pin_tried", {"outcome": "passed"}),
        ("pin_tried", {"outcome": "wrong"}),
        ("pin_tried", {"outcome": "wrong"}),
        ("pin_tried", {"outcome": "locked"}),
        ("locked_out", {"until": "a_person_acts", "what": "pin"}),
        ("released", {"what": "pin"}),
        ("pin_removed", {}),
    ]


def test_what_is_not_there_is_neither_removed_nor_reset(line: Line) -> None:
    assert not line.room.remove(ERNA)
    assert not line.room.reset(ERNA)
    assert list(line.audit.entries(ERNA)) == []
