"""Counts that several pictures of a page are made of, asked for once."""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

from ivr.journal.tallies import Counts, Facet, Scope, Tallies, Value

Group = tuple[Facet, ...]

GROUPS: tuple[Group, ...] = (
    (Facet.HOUR, Facet.OUTCOME, Facet.REASON, Facet.QUEUE),
    (Facet.HOUR, Facet.WAITED_S, Facet.IS_ABANDONED),
    (Facet.MACHINE_S, Facet.SATISFACTION),
    (Facet.GUESS, Facet.GUESSED_RIGHT, Facet.INTENT_RIGHT, Facet.SOLVED),
    (Facet.HOUR, Facet.VERIFICATION, Facet.IS_LOCKED, Facet.PERSON_RIGHT),
    (Facet.BUSINESS, Facet.LANGUAGE, Facet.GATEWAY),
)
"""What one look into the database answers together; anything else is asked for by itself."""

_KEEP_S, _KEEP_LONG_S = 30, 300
"""For so long a figure may be old, and one over more than _LONG: whoever turns pages does not ask
the database again."""

_LONG = timedelta(days=8)

_REMEMBERED = 64


@dataclass(frozen=True)
class Gathered:
    """Tallies that remember what they were asked. Every thread may ask."""

    tallies: Tallies
    clock_s: Callable[[], float]
    _found: OrderedDict[tuple[Scope, Group], tuple[float, Counts]] = field(
        default_factory=OrderedDict, init=False
    )
    _lock: Lock = field(default_factory=Lock, init=False)

    def tally(self, scope: Scope, *by: Facet) -> Counts:
        group = next((one for one in GROUPS if set(by) <= set(one)), by)
        return _projected(self._counts(scope, group), group, by)

    def _counts(self, scope: Scope, group: Group) -> Counts:
        now_s, key = self.clock_s(), (scope, group)
        keep_s = _KEEP_S if scope.until - scope.since <= _LONG else _KEEP_LONG_S
        with self._lock:
            known = self._found.get(key)
        if known is not None and now_s - known[0] < keep_s:
            return known[1]
        counts = self.tallies.tally(scope, *group)
        with self._lock:
            self._found[key] = (now_s, counts)
            self._found.move_to_end(key)
            while len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return counts


def _projected(counts: Counts, group: Group, by: Group) -> Counts:
    if group == by:
        return counts
    places = [group.index(facet) for facet in by]
    found: Counter[tuple[Value, ...]] = Counter()
    for values, calls in counts.items():
        found[tuple(values[place] for place in places)] += calls
    return found
