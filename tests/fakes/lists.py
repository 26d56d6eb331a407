"""A house of watchlists in memory, with voices that are simple enough to calculate with."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from biometrics import (
    Calibration,
    Channel,
    Consent,
    EncoderId,
    MemoryAudit,
    MemoryLedger,
    MemoryStore,
    Purpose,
    SubjectId,
    Voiceprint,
    Witness,
)
from biometrics.watchlist import (
    EnrolledVoices,
    ExactIndex,
    HeardBy,
    LegalBasis,
    ListPurpose,
    MemoryReviews,
    MemoryWatchlists,
    Search,
    SearchSettings,
    Watchlist,
    WatchlistDesk,
)

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
PATTERN, WEIGHTS = EncoderId("pattern-0"), "ab" * 32
OURS = HeardBy(id=PATTERN, weights_sha256=WEIGHTS, dimension=4)


@dataclass
class Lists:
    """Everything a search rests on; `now` is moved by tests."""

    calibration: Calibration
    now: datetime = NOW
    lists: MemoryWatchlists = field(default_factory=MemoryWatchlists)
    reviews: MemoryReviews = field(default_factory=MemoryReviews)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    prints: MemoryStore = field(default_factory=MemoryStore)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    subjects: list[SubjectId] = field(default_factory=list)
    encoder: HeardBy = OURS

    @property
    def witness(self) -> Witness:
        return Witness(audit=self.audit, clock=lambda: self.now, actor="operator")

    @property
    def desk(self) -> WatchlistDesk:
        return WatchlistDesk(lists=self.lists, reviews=self.reviews, witness=self.witness)

    @property
    def enrolled(self) -> EnrolledVoices:
        return EnrolledVoices(
            store=self.prints,
            enrolled=lambda _now: self.subjects,
            ledger=self.ledger,
            refresh_s=600,
        )

    def search(self, *, alarms: float = 0.01, most: int = 5) -> Search:
        return Search(
            lists=self.lists,
            reviews=self.reviews,
            enrolled=self.enrolled,
            encoder=self.encoder,
            calibration=self.calibration,
            index=lambda: ExactIndex(4),
            witness=self.witness,
            settings=SearchSettings(alarms_per_search=alarms, most_candidates=most),
        )

    def made(self, purpose: ListPurpose = ListPurpose.FRAUD, *, decided: bool = True) -> Watchlist:
        basis = LegalBasis(
            text="Art. 6 (1) f", decided_by="the board", decided_at=NOW, retention_days=30
        )
        return self.desk.create(f"list of {purpose}", purpose, basis if decided else None, NOW)

    def add(self, watchlist: Watchlist, *voice: float) -> SubjectId:
        return self.desk.add(watchlist, voiceprint(*voice), encoder=self.encoder, now=self.now)

    def enrol(self, subject: str, *voice: float, purposes: tuple[Purpose, ...]) -> Voiceprint:
        made = replace(voiceprint(*voice), subject=SubjectId(subject))
        self.prints.put(made)
        self.subjects.append(made.subject)
        for purpose in purposes:
            self.ledger.grant(consent(made.subject, purpose))
        return made

    def told(self) -> list[str]:
        """What is in the trail, without ids."""
        return [
            " ".join(
                [
                    entry.kind,
                    *(
                        entry.details[name]
                        for name in ("what", "found", "status", "why")
                        if name in entry.details
                    ),
                ]
            )
            for entry in self.audit.entries()
        ]


def voiceprint(*voice: float) -> Voiceprint:
    vector = np.array(voice, dtype=np.float32)
    return Voiceprint(
        subject=SubjectId("s-1"),
        encoder=PATTERN,
        weights_sha256=WEIGHTS,
        vector=vector / np.linalg.norm(vector),
        net_speech_ms=12_000,
        recordings=3,
        enrolled_at=NOW,
    )


def consent(subject: SubjectId, purpose: Purpose) -> Consent:
    return Consent(
        subject=subject,
        purpose=purpose,
        text=f"{purpose}-1",
        text_sha256="ab" * 32,
        language="de",
        channel=Channel.PAPER,
        given_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=365),
    )
