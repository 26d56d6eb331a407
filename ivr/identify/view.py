"""A profile for the person who takes the call: who said what, how old it is, what is lacking."""

from dataclasses import dataclass, field
from datetime import datetime

from ivr.call import CustomerId
from ivr.identify.fact import Fact, text_of
from ivr.identify.profile import Profile
from ivr.identify.rules import Lost


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """One fact."""

    name: str
    value: str = field(repr=False)
    source: str
    age_s: int
    """Since the source was asked."""

    as_of: datetime | None = None
    """Since when it holds, where the source says so."""

    is_stale: bool = False
    """Older than it should be: its source was slow or down."""

    may_mention: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """A value that does not hold, though a source says so."""

    fact: FactView
    why: str
    """A code, such as older or less_strict."""

    kept: str = field(default="", repr=False)
    """The value that holds; empty where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingView:
    """What a source could not tell."""

    source: str
    why: str
    """A code, such as slow or down."""

    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """Everything that is known of a customer. It is no proof of who is calling."""

    customer_id: CustomerId
    identified_by: str
    """The source that says whose number it is."""

    facts: tuple[FactView, ...] = ()
    """By name; events behind them, the newest first."""

    conflicts: tuple[ConflictView, ...] = ()
    missing: tuple[MissingView, ...] = ()


def view_of(profile: Profile) -> ProfileView:
    """As it was when it was put together."""
    settled, now = profile.settled, profile.at
    held = {fact.name: text_of(fact.value) for fact in settled.facts}
    return ProfileView(
        customer_id=profile.identity.customer_id,
        identified_by=profile.identity.source,
        facts=tuple(_fact(one, now) for one in (*settled.facts, *settled.events)),
        conflicts=tuple(_conflict(one, held.get(one.fact.name, ""), now) for one in settled.lost),
        missing=tuple(
            MissingView(source=one.source, why=one.why.value, facts=one.facts)
            for one in profile.missing
        ),
    )


def _conflict(lost: Lost, kept: str, now: datetime) -> ConflictView:
    return ConflictView(fact=_fact(lost.fact, now), why=lost.why.value, kept=kept)


def _fact(fact: Fact, now: datetime) -> FactView:
    return FactView(
        name=fact.name,
        value=text_of(fact.value),
        source=fact.source,
        age_s=max(0, int((now - fact.fetched_at).total_seconds())),
        as_of=fact.as_of,
        is_stale=fact.is_stale(now),
        may_mention=fact.may_mention,
    )
