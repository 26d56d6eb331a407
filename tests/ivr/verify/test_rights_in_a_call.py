"""What a person asks about their voice holds from the next turn of the same call on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from biometrics import (
    AuditedStore,
    AuditEvent,
    Channel,
    Consent,
    ConsentedStore,
    EncoderId,
    MemoryAudit,
    MemoryLedger,
    MemoryStore,
    MemoryUses,
    OptedOut,
    Outcome,
    Purpose,
    Rights,
    RightsSettings,
    Said,
    Span,
    Speech,
    Standing,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Voiceprint,
    Waveform,
    Witness,
)
from ivr.call import Caller, CustomerId
from ivr.verify.check import VoiceCheck

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")
SAID = Said(text="recognition-1", language="de", channel=Channel.PHONE)
PRINT = Voiceprint(
    subject=SubjectId("s-1"),
    encoder=EncoderId("pattern-0"),
    vector=np.array([0.6, -0.8], dtype=np.float32),
    net_speech_ms=12_000,
    recordings=3,
    enrolled_at=NOW,
)


def turn(seconds: float) -> Speech:
    samples = np.full(round(seconds * 8000), 0.5, dtype=np.float32)
    span = Span(start_ms=0, end_ms=round(seconds * 1000))
    return Speech(waveform=Waveform(samples=samples, rate_hz=8000), spans=(span,))


class BreakableAudit(MemoryAudit):
    is_gone = False

    def record(self, event: AuditEvent) -> None:
        if self.is_gone:
            raise StoreUnavailable("gone")
        super().record(event)


class BreakableLedger(MemoryLedger):
    is_gone = False

    def has(self, subject: SubjectId, purpose: Purpose, now: datetime) -> bool:
        if self.is_gone:
            raise StoreUnavailable("gone")
        return super().has(subject, purpose, now)


class Line:
    """One call of an enrolled caller, with everything that guards it."""

    def __init__(self) -> None:
        self.time = NOW
        self.compared = 0
        self.store, self.ledger, self.audit = MemoryStore(), BreakableLedger(), BreakableAudit()
        uses = MemoryUses()
        witness = Witness(audit=self.audit, clock=lambda: self.time, actor="service")
        agreed = ConsentedStore(
            store=self.store, ledger=self.ledger, uses=uses, clock=lambda: self.time
        )
        self.rights = Rights(
            store=AuditedStore(store=self.store, witness=witness),
            ledger=self.ledger,
            uses=uses,
            witness=witness,
            settings=RightsSettings(consent_days=10, idle_days=10),
        )
        self.rights.grant(KLAUS.subject, Purpose.RECOGNITION, SAID, NOW)
        agreed.put(PRINT)
        self.check = VoiceCheck(
            store=AuditedStore(store=agreed, witness=witness), judge=self._judge
        )
        self.evidence = self.check.check(KLAUS, turn(5), None, NOW)

    def _judge(
        self,
        found: Voiceprint | OptedOut | None,
        turn: Speech,
        so_far: Standing | None,
        now: datetime,
    ) -> Standing:
        """What was accepted stays accepted by turns that are too short to be compared."""
        if found is None:
            return Standing(verdict=Verdict(outcome=Outcome.NOT_ENROLLED))
        if isinstance(found, OptedOut):
            return Standing(verdict=Verdict(outcome=Outcome.OPTED_OUT))
        self.compared += 1
        if turn.net_ms < 2_000:
            return so_far or Standing(verdict=Verdict(outcome=Outcome.INCONCLUSIVE))
        return Standing(verdict=Verdict(outcome=Outcome.ACCEPTED, llr=9.0, threshold=5.0))

    def next_turn(self, seconds: float = 5) -> Outcome:
        self.evidence = self.check.check(KLAUS, turn(seconds), self.evidence, self.time)
        return self.evidence.verdict.outcome


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_caller_who_agreed_is_recognised(line: Line) -> None:
    assert line.evidence.verdict.outcome is Outcome.ACCEPTED
    assert line.next_turn() is Outcome.ACCEPTED


@pytest.mark.parametrize("seconds", [0.5, 5.0])
@pytest.mark.parametrize(
    ("ask", "outcome"),
    [
        (lambda rights: rights.opt_out(KLAUS.subject, NOW), Outcome.OPTED_OUT),
        (lambda rights: rights.erase(KLAUS.subject, NOW), Outcome.NOT_ENROLLED),
        (
            lambda rights: rights.withdraw(KLAUS.subject, Purpose.RECOGNITION, NOW),
            Outcome.NOT_ENROLLED,
        ),
    ],
    ids=["opting out", "erasing", "withdrawing"],
)
def test_it_takes_an_acceptance_away_in_the_same_call(
    line: Line, ask: Callable[[Rights], object], outcome: Outcome, seconds: float
) -> None:
    """Even a turn that is too short to be compared does not keep what was accepted before."""
    ask(line.rights)
    compared = line.compared

    assert line.next_turn(seconds) is outcome
    assert line.compared == compared


def test_a_consent_that_ends_in_mid_call_ends_the_comparing(line: Line) -> None:
    compared = line.compared
    line.time = NOW + timedelta(days=10)

    assert line.next_turn() is Outcome.NOT_ENROLLED
    assert line.compared == compared


@pytest.mark.parametrize("guard", ["ledger", "audit"])
def test_a_guard_that_is_gone_leaves_nobody_accepted(line: Line, guard: str) -> None:
    getattr(line, guard).is_gone = True
    compared = line.compared

    assert line.next_turn() is Outcome.INCONCLUSIVE
    assert line.compared == compared


def test_every_turn_leaves_one_entry_and_no_more(line: Line) -> None:
    before = len(list(line.audit.entries()))
    line.next_turn()

    entries = list(line.audit.entries())[before:]
    assert [(entry.kind, dict(entry.details)) for entry in entries] == [
        ("voiceprint_read", {"found": "enrolled"})
    ]


def test_a_consent_for_another_purpose_lets_nothing_be_compared(line: Line) -> None:
    line.ledger.withdraw(KLAUS.subject, Purpose.RECOGNITION, NOW)
    line.ledger.grant(
        Consent(
            subject=KLAUS.subject,
            purpose=Purpose.RECORDING,
            text="recording-1",
            text_sha256="ab" * 32,
            language="de",
            channel=Channel.PHONE,
            given_at=NOW,
            expires_at=NOW + timedelta(days=10),
        )
    )

    assert line.next_turn() is Outcome.NOT_ENROLLED
