"""Everything that is known of a customer, put together from the directory and other sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language
from ivr.identify.fact import (
    DIRECTORY,
    EVENT,
    PREFERENCE,
    Answer,
    Fact,
    Failed,
    Told,
    Value,
    Why,
    may_mention,
)
from ivr.identify.rules import VULNERABLE, Lost, Rules, Settled, WhyLost, settle

_STANDARD = "standard"
"""The tier of whom nothing else is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a source could not tell."""

    source: str
    why: Why
    facts: tuple[str, ...] = ()
    """Names of what it would have told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose number it is, and which voice belongs to them. No rule of a file weighs these."""

    customer_id: CustomerId
    subject: SubjectId
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A customer as all sources together know them. The number alone proves nothing."""

    identity: Identity
    settled: Settled = field(default_factory=Settled, repr=False)
    missing: tuple[Missing, ...] = ()
    at: datetime
    """When it was put together."""

    @property
    def caller(self) -> Caller:
        """What a call needs of it."""
        held = {fact.name: fact.value for fact in self.settled.facts}
        language, born = held.get("language"), held.get("birth_date")
        return Caller(
            customer_id=self.identity.customer_id,
            subject=self.identity.subject,
            name=_text(held.get("name"), ""),
            language=language if isinstance(language, Language) else None,
            birth_date=born if isinstance(born, date) else None,
            tier=_text(held.get("tier"), _STANDARD),
            is_vulnerable=held.get(VULNERABLE) is True,
            events=tuple(
                fact.value for fact in self.settled.events if isinstance(fact.value, Event)
            ),
            preferences={
                name.removeprefix(PREFERENCE): _text(value, "")
                for name, value in held.items()
                if name.startswith(PREFERENCE)
            },
            missing=tuple(f"{one.source}: {one.why.value}" for one in self.missing),
        )


def identity_of(
    known: Caller | None, answers: Mapping[str, Answer], rules: Rules
) -> Identity | None:
    """The directory's word goes before any other; then sources in their order."""
    if known is not None:
        return Identity(customer_id=known.customer_id, subject=known.subject, source=DIRECTORY)
    for name in sorted(answers, key=lambda one: (rules.place(one), one)):
        answer = answers[name]
        if isinstance(answer, Told) and answer.customer_id and answer.subject:
            return Identity(customer_id=answer.customer_id, subject=answer.subject, source=name)
    return None


def profile_of(  # noqa: PLR0913 - who, by whose word, weighed how and when
    identity: Identity,
    known: Caller | None,
    answers: Mapping[str, Answer],
    *,
    promised: Mapping[str, tuple[str, ...]],
    rules: Rules,
    now: datetime,
) -> Profile:
    """`promised`: the names of the facts that each source is described to tell."""
    said, foreign, missing = list(facts_of(known, now) if known else ()), [], []
    for source, answer in sorted(answers.items()):
        match answer:
            case Failed():
                missing.append(_missing(source, answer.why, promised))
            case Told() if answer.customer_id not in (None, identity.customer_id):
                missing.append(_missing(source, Why.OTHER_CUSTOMER, promised))
                foreign += [Lost(fact=one, why=WhyLost.OTHER_CUSTOMER) for one in answer.facts]
            case Told():
                said += answer.facts
                if answer.unread:
                    unread = {source: answer.unread}
                    missing.append(_missing(source, Why.NOT_AS_DESCRIBED, unread))
    settled = settle(said, rules, now)
    lost = (*settled.lost, *sorted(foreign, key=lambda one: one.fact.key))
    return Profile(
        identity=identity,
        settled=Settled(facts=settled.facts, events=settled.events, lost=lost),
        missing=tuple(missing),
        at=now,
    )


def facts_of(known: Caller, now: datetime) -> Iterable[Fact]:
    """What the directory says. What it leaves at its default it does not say."""
    said: dict[str, Value | None] = {
        "name": known.name,
        "language": known.language,
        "birth_date": known.birth_date,
        "tier": known.tier if known.tier != _STANDARD else None,
        VULNERABLE: known.is_vulnerable or None,
        **{f"{PREFERENCE}{name}": value for name, value in known.preferences.items()},
    }
    for name, value in said.items():
        if value is not None:
            yield _fact(name, value, now, mention=may_mention(name))
    for event in known.events:
        yield _fact(EVENT, event, now, mention=event.may_mention)


def _fact(name: str, value: Value, now: datetime, *, mention: bool) -> Fact:
    return Fact(name=name, value=value, source=DIRECTORY, fetched_at=now, may_mention=mention)


def _missing(source: str, why: Why, promised: Mapping[str, tuple[str, ...]]) -> Missing:
    return Missing(source=source, why=why, facts=promised.get(source, ()))


def _text(value: Value | None, default: str) -> str:
    return value if isinstance(value, str) else default
