"""The port to how many calls have what in common. Every figure is made of such counts."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from ivr.journal.record import CallRecord

Value = str | int | bool | None
"""None where a call does not have it."""

Counts = Mapping[tuple[Value, ...], int]
"""Calls by their values, in the order in which the facets were asked for."""

_SECOND_MS = 1_000
_HOUR_S = 3_600


class Facet(StrEnum):
    """What calls are told apart by."""

    HOUR = "hour"
    """Whole hours since 1970, UTC, in which the call began."""

    BUSINESS = "business"
    GATEWAY = "gateway"
    LANGUAGE = "language"
    OUTCOME = "outcome"
    REASON = "reason"
    QUEUE = "queue"
    TOPIC = "topic"
    MOOD = "mood"
    IS_KNOWN = "is_known"
    VERIFICATION = "verification"
    IS_LOCKED = "is_locked"
    GUESS = "guess"
    GUESSED_RIGHT = "guessed_right"
    IS_ABANDONED = "is_abandoned"
    PERSON_RIGHT = "person_right"
    INTENT_RIGHT = "intent_right"
    SOLVED = "solved"
    SATISFACTION = "satisfaction"
    FALLBACKS = "fallbacks"
    MACHINE_S = "machine_s"
    """Whole seconds of the machine's part; as are those that follow."""

    WAITED_S = "waited_s"
    HANDLED_S = "handled_s"
    PROVEN_S = "proven_s"
    LLR_TENTHS = "llr_tenths"
    """Tenths of the natural-log likelihood ratio, rounded down."""

    HEARING_PERCENT = "hearing_percent"
    """Mean confidence of the recogniser, rounded down."""

    INTENT = "intent"
    """Every request that came up: such a call counts once for each."""

    SIGN = "sign"
    """Every sign of a recording or a machine, likewise."""


EACH = frozenset({Facet.INTENT, Facet.SIGN})
"""Facets of which a call has any number; one of them may be asked for at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which calls are meant; empty words leave none out."""

    since: datetime
    """Aware, as is the next; by the beginning of the call."""

    until: datetime
    """Not any more."""

    business: str = ""
    language: str = ""
    gateway: str = ""

    def __contains__(self, record: CallRecord) -> bool:
        named = zip(
            (self.business, self.language, self.gateway),
            (record.business, record.language, record.gateway),
            strict=True,
        )
        is_then = self.since <= record.began_at < self.until
        return is_then and all(wanted in ("", found) for wanted, found in named)


class Tallies(Protocol):
    """Counts of calls. Every thread and process may ask. Raises StoreUnavailable."""

    def tally(self, scope: Scope, *by: Facet) -> Counts:
        """How many calls of `scope` have each of the values that occur."""


def number(value: Value) -> int:
    """Of a facet that holds figures, where the call has one."""
    if not isinstance(value, int):
        raise TypeError("A facet of figures holds something else.")
    return value


def hour_of(moment: datetime) -> int:
    return int(moment.timestamp()) // _HOUR_S


def machine_s(record: CallRecord) -> int:
    return max(0, (record.ended_at - record.began_at) // timedelta(seconds=1))


def llr_tenths(record: CallRecord) -> int | None:
    return None if record.llr is None else math.floor(record.llr * 10)


def hearing_percent(record: CallRecord) -> int | None:
    return None if record.hearing is None else math.floor(record.hearing * 100)


_VALUES: Mapping[Facet, Callable[[CallRecord], Value]] = {
    Facet.HOUR: lambda one: hour_of(one.began_at),
    Facet.MACHINE_S: machine_s,
    Facet.WAITED_S: lambda one: _seconds(one.waited_ms),
    Facet.HANDLED_S: lambda one: _seconds(one.handled_ms),
    Facet.PROVEN_S: lambda one: _seconds(one.proven_after_ms),
    Facet.LLR_TENTHS: llr_tenths,
    Facet.HEARING_PERCENT: hearing_percent,
}
"""Others are fields of the record by the same name."""


def values_of(record: CallRecord, facet: Facet) -> tuple[Value, ...]:
    """One, unless a call may have any number of them."""
    if facet in EACH:
        return record.intents if facet is Facet.INTENT else record.signs
    if facet in _VALUES:
        return (_VALUES[facet](record),)
    value = getattr(record, facet)
    return (value.value if isinstance(value, StrEnum) else value,)


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else ms // _SECOND_MS
