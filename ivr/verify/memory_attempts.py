"""Counts of failures for as long as the process lives."""

from dataclasses import replace
from datetime import datetime
from threading import Lock

from ivr.settings import AttemptSettings
from ivr.verify.attempt_labels import Labels, label_of, labels_of
from ivr.verify.attempt_rules import (
    Count,
    deciding,
    is_hasty,
    may_be_cleared,
    permission,
    window_start,
)
from ivr.verify.attempts import Allowed, AttemptKeys, Kind, Locked, Standing, Whose


class MemoryAttempts:
    """A count that no other process sees. Every thread may use it."""

    def __init__(self, *, key: bytes, settings: AttemptSettings) -> None:
        self._key = key
        self._settings = settings
        self._counts: dict[str, Count] = {}
        self._kinds: dict[str, Kind] = {}
        self._belongs: dict[str, frozenset[str]] = {}
        self._met: dict[tuple[str, str], datetime] = {}
        self._lock = Lock()

    def may_try(self, keys: AttemptKeys, now: datetime) -> Allowed | Locked:
        labels = labels_of(keys, self._key)
        with self._lock:
            return permission(deciding(self._counts, labels), self._settings, now)

    def failed(self, keys: AttemptKeys, now: datetime) -> None:
        labels = labels_of(keys, self._key)
        with self._lock:
            if labels.way in self._counts:
                self._add(labels.way, Kind.WAY, now)
            else:
                for kind, label in labels.shared.items():
                    self._add(label, kind, now)
            if self._is_hasty(labels, now):
                self._add(labels.source, Kind.SOURCE, now)

    def succeeded(self, keys: AttemptKeys, now: datetime) -> None:
        labels = labels_of(keys, self._key)
        with self._lock:
            if isinstance(permission(deciding(self._counts, labels), self._settings, now), Locked):
                return  # others closed the door while this voice was compared
            is_new = labels.way not in self._counts
            cleared = labels.every if is_new else (labels.way, labels.source)
            if is_new:
                self._counts[labels.way] = Count(failures=0, last_at=now)
                self._kinds[labels.way] = Kind.WAY
                self._belongs[labels.way] = frozenset({labels.subject, labels.number})
            for label in cleared:
                count = self._counts.get(label)
                if count is not None and may_be_cleared(count, self._settings):
                    self._counts[label] = replace(count, failures=0)

    def standing(self, whose: Whose, now: datetime) -> tuple[Standing, ...]:
        with self._lock:
            found = [(label, self._counts[label]) for label in self._of(whose)]
        return tuple(self._told(label, count, now) for label, count in found)

    def closed(self, now: datetime) -> tuple[Standing, ...]:
        with self._lock:
            found = sorted(self._counts.items())
        told = [self._told(label, count, now) for label, count in found]
        return tuple(one for one in told if isinstance(one.permission, Locked))

    def reset(self, whose: Whose) -> bool:
        with self._lock:
            found = self._of(whose)
            for label in found:
                self._counts[label] = replace(self._counts[label], failures=0)
        return bool(found)

    def _add(self, label: str, kind: Kind, now: datetime) -> None:
        before = self._counts.get(label, Count(failures=0, last_at=now))
        self._counts[label] = Count(failures=before.failures + 1, last_at=max(before.last_at, now))
        self._kinds[label] = kind

    def _is_hasty(self, labels: Labels, now: datetime) -> bool:
        since = window_start(self._settings, now)
        subject, number, source = labels.subject, labels.number, labels.source
        for pair in ((number, subject), (source, subject), (subject, number)):
            self._met[pair] = max(self._met.get(pair, now), now)
        self._met = {pair: at for pair, at in self._met.items() if at > since}

        def met(one: str) -> int:
            return sum(first == one for first, _ in self._met)

        return is_hasty(
            self._settings,
            subjects_of_number=met(number),
            subjects_of_source=met(source),
            numbers_of_subject=met(subject),
        )

    def _of(self, whose: Whose) -> list[str]:
        label = label_of(whose, self._key)
        own = [label] if label in self._counts else []
        return own + sorted(way for way, of in self._belongs.items() if label in of)

    def _told(self, label: str, count: Count, now: datetime) -> Standing:
        return Standing(
            kind=self._kinds[label],
            label=label,
            failures=count.failures,
            permission=permission([count], self._settings, now),
        )
