"""Facts out of what a source answered, each of the kind that its name promises."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from biometrics import SubjectId
from ivr.call import CustomerId, Event, Language
from ivr.identify.described import IDENTITY, Described, Events, Taken
from ivr.identify.fact import (
    EVENT,
    Answer,
    Fact,
    Failed,
    Told,
    Value,
    Why,
    frozen,
    is_truth,
    may_mention,
)

Look = Callable[[str], object]
"""What stands at a place of a record; None where nothing does."""

_LONGEST = 200
"""Characters of a fact."""

_MOST_EVENTS = 100
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TIER = re.compile(r"[A-Za-z0-9._-]{1,32}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d($|[T ])")
_OLDEST = date(1900, 1, 1)


class _Make(Protocol):
    """Makes facts that share their source and their times."""

    def __call__(self, name: str, value: Value, *, mention: bool | None) -> Fact: ...


class _Unreadable(Exception):  # noqa: N818 - an error is named after what happened
    """A value is nothing that a fact of its name can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One record of a source, and the moment it came."""

    record: Look
    events: tuple[Look, ...] = ()
    at: datetime
    """Aware, UTC."""


def told_of(name: str, described: Described, read: Read) -> Answer:
    """What a record tells. What cannot be read is named; without whose it is, nothing is told."""
    unread: list[str] = []
    taken = described.facts
    values = dict(_values(taken, read, unread))
    if described.identifies and any(wanted not in values for wanted in IDENTITY):
        return Failed(why=Why.NOT_AS_DESCRIBED)
    if "customer_id" in unread:
        return Failed(why=Why.NOT_AS_DESCRIBED)
    make = _maker(name, described, read, unread)
    customer, subject = values.pop("customer_id", None), values.pop("subject", None)
    return Told(
        customer_id=CustomerId(str(customer)) if customer is not None else None,
        subject=SubjectId(str(subject)) if subject is not None else None,
        facts=(
            *(make(one, value, mention=taken[one].may_mention) for one, value in values.items()),
            *(
                make(EVENT, one, mention=one.may_mention)
                for one in _events(described, read, unread)
            ),
        ),
        unread=tuple(dict.fromkeys(unread)),
    )


def _values(
    facts: Mapping[str, Taken], read: Read, unread: list[str]
) -> Iterator[tuple[str, Value]]:
    for name, taken in facts.items():
        try:
            value = _value(name, _taken(taken, read.record), read.at)
        except _Unreadable:
            unread.append(name)
            continue
        if value is not None:
            yield name, value


def _maker(source: str, described: Described, read: Read, unread: list[str]) -> _Make:
    as_of = _time("as_of", described.as_of, read.record, unread)
    valid_until = _time("valid_until", described.valid_until, read.record, unread)
    if "valid_until" in unread:
        # Nobody knows until when it held, so it does not.
        valid_until = read.at

    def make(name: str, value: Value, *, mention: bool | None) -> Fact:
        return Fact(
            name=name,
            value=value,
            source=source,
            fetched_at=read.at,
            fresh_until=read.at + timedelta(seconds=described.fresh_s),
            # What is said to hold from tomorrow on is no newer than now.
            as_of=min(as_of, read.at) if as_of else None,
            valid_until=valid_until,
            may_mention=may_mention(name) if mention is None else mention,
        )

    return make


def _time(name: str, taken: Taken | None, record: Look, unread: list[str]) -> datetime | None:
    try:
        found = _taken(taken, record) if taken else None
        return None if found is None else _moment(found)
    except _Unreadable:
        unread.append(name)
        return None


def _events(described: Described, read: Read, unread: list[str]) -> Iterator[Event]:
    if described.events is None:
        return
    for look in read.events[:_MOST_EVENTS]:
        try:
            yield _event(described.events, look)
        except _Unreadable:
            unread.append(EVENT)


def _event(events: Events, look: Look) -> Event:
    kind = _matching(_KIND, _taken(events.kind, look))
    facts = {name: _taken(taken, look) for name, taken in events.facts.items()}
    return Event(
        kind=kind,
        at=_moment(_taken(events.when, look)),
        facts=frozen({name: _text(value) for name, value in facts.items() if value is not None}),
        may_mention=kind in events.may_mention,
    )


def _taken(taken: Taken, look: Look) -> object:
    """What stands there, in our words where there are some; None where nothing does."""
    found = look(taken.at)
    if found is None or not taken.words:
        return found
    word = _word(found)
    if word not in taken.words:
        raise _Unreadable
    return taken.words[word]


def _word(found: object) -> str:
    return str(found).lower() if isinstance(found, bool) else str(found).strip()


def _value(name: str, found: object, now: datetime) -> Value | None:
    """`found` as what `name` is; None where nothing was said."""
    if found is None:
        return None
    match name:
        case "customer_id" | "subject":
            return _matching(_ID, found)
        case "tier":
            return _matching(_TIER, found)
        case _ if is_truth(name):
            return _truth(found)
        case "birth_date":
            return _birth_date(found, now)
        case "language":
            return _language(found)
        case _:
            return _text(found)


def _matching(shape: re.Pattern[str], found: object) -> str:
    text = _text(found)
    if not shape.fullmatch(text):
        raise _Unreadable
    return text


def _truth(found: object) -> bool:
    """True and false, and 1 and 0, which is what databases make of them."""
    if found in (True, False) and isinstance(found, bool | int):
        return bool(found)
    raise _Unreadable


def _language(found: object) -> Language:
    try:
        return Language(_text(found).lower())
    except ValueError as err:
        raise _Unreadable from err


def _birth_date(found: object, now: datetime) -> date:
    born = _moment(found).date() if isinstance(found, datetime) else _day(found)
    if not _OLDEST <= born <= now.date():
        raise _Unreadable
    return born


def _day(found: object) -> date:
    if isinstance(found, date):
        return found
    if not isinstance(found, str) or not _DAY.match(found):
        raise _Unreadable
    try:
        return date.fromisoformat(found[:10])
    except ValueError as err:
        raise _Unreadable from err


def _moment(found: object) -> datetime:
    """Without a zone it is UTC; a day is its first moment."""
    match found:
        case datetime():
            moment = found
        case date():
            moment = datetime(found.year, found.month, found.day, tzinfo=UTC)
        case str():
            try:
                moment = datetime.fromisoformat(found.strip())
            except ValueError as err:
                raise _Unreadable from err
        case _:
            raise _Unreadable
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(found: object) -> str:
    match found:
        case bool():
            return "true" if found else "false"
        case str() | int() | float() | Decimal() | date():
            text = " ".join(str(found).split())
        case _:
            raise _Unreadable
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise _Unreadable
    return text


def records_of(found: object) -> Iterable[object]:
    """One record, or those of a list."""
    return found if isinstance(found, list) else () if found is None else (found,)
