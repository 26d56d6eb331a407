"""An entrance with accounts in memory, whose clock a test moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from biometrics import Audit, AuditKind, MemoryAudit, Witness
from ivr.people.account import Account
from ivr.people.argon2_hasher import Argon2Hasher
from ivr.people.entrance import Entrance, EntranceRules
from ivr.people.memory_people import MemoryPeople
from ivr.people.memory_sessions import MemorySessions
from ivr.people.memory_tries import MemoryTries
from ivr.people.person import Person, PersonId, Role
from ivr.people.registry import Registry
from ivr.people.session import SessionLimits
from ivr.people.tries import TryRule

PASSWORD = "vier blaue esel im regen"
HASHER = Argon2Hasher(memory_kib=64, rounds=1)
HASHED = HASHER.hashed(PASSWORD)

RULES = EntranceRules(
    sessions=SessionLimits(idle=timedelta(minutes=30), longest=timedelta(hours=10)),
    account=TryRule(free=3),
    source=TryRule(free=6),
)


@dataclass
class Office:
    """Everybody's password is PASSWORD."""

    audit: Audit = field(default_factory=MemoryAudit)
    now: datetime = datetime(2026, 11, 26, 12, tzinfo=UTC)
    people: MemoryPeople = field(default_factory=MemoryPeople)
    sessions: MemorySessions = field(default_factory=MemorySessions)

    def __post_init__(self) -> None:
        self.entrance = Entrance(
            people=self.people,
            sessions=self.sessions,
            tries=MemoryTries(),
            hasher=HASHER,
            witness=self.witness,
            rules=RULES,
        )

    def hire(self, person: str, role: Role, **kwargs: object) -> Person:
        new = Person(id=PersonId(person), name=person.title(), role=role, **kwargs)  # type: ignore[arg-type]
        assert self.people.add(Account(person=new, hashed=HASHED, made_at=self.now))
        return new

    def clock(self) -> datetime:
        return self.now

    def later(self, **parts: float) -> datetime:
        self.now += timedelta(**parts)
        return self.now

    def witness(self, actor: str) -> Witness:
        return Witness(audit=self.audit, clock=self.clock, actor=actor)

    def registry(self, actor: str = "operator") -> Registry:
        return Registry(
            people=self.people,
            sessions=self.sessions,
            hasher=HASHER,
            witness=self.witness(actor),
        )

    def written(self) -> list[tuple[str, AuditKind, dict[str, str]]]:
        """Who did what, from the trail."""
        assert isinstance(self.audit, MemoryAudit)
        return [(one.actor, AuditKind(one.kind), dict(one.details)) for one in self.audit.entries()]
