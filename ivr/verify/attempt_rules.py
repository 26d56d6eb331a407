"""How many failures close the door, and for how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.settings import AttemptSettings
from ivr.verify.attempt_labels import Labels
from ivr.verify.attempts import Allowed, Locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Failures in a row, since the last success or since a person set them to nothing."""

    failures: int
    last_at: datetime
    """Of the latest failure by the clock that was furthest ahead; aware."""


def deciding(counts: Mapping[str, Count], labels: Labels) -> list[Count]:
    """Of the counts by label those that decide: on a way that is known, its own alone."""
    known = [labels.way] if labels.way in counts else labels.shared.values()
    return [counts[label] for label in known if label in counts]


def permission(
    counts: Iterable[Count], settings: AttemptSettings, now: datetime
) -> Allowed | Locked:
    """Whether a try may be made now: the strictest count decides.

    NIST SP 800-63B, 5.2.3: after 5 failures in a row at least 30 s before each further try, after
    50 none until a person acts. The wait doubles each time and is counted from the failure, so
    that a clock that was set back only makes it longer.
    """
    many = [count for count in counts if count.failures >= settings.free_failures]
    if any(count.failures >= settings.most_failures for count in many):
        return Locked(until=None)
    ends = [count.last_at + _wait(count.failures, settings) for count in many]
    latest = max(ends, default=now)
    return Locked(until=latest) if latest > now else Allowed()


def may_be_cleared(count: Count, settings: AttemptSettings) -> bool:
    """A success starts a count anew, save one that a person has to look at."""
    return count.failures < settings.most_failures


def window_start(settings: AttemptSettings, now: datetime) -> datetime:
    """What failed before it says nothing about speed."""
    return now - timedelta(hours=settings.window_h)


def is_hasty(
    settings: AttemptSettings,
    *,
    subjects_of_number: int,
    subjects_of_source: int,
    numbers_of_subject: int,
) -> bool:
    """Somebody goes through voices, or through numbers, within one window."""
    return (
        subjects_of_number > settings.subjects_per_number
        or subjects_of_source > settings.subjects_per_source
        or numbers_of_subject > settings.numbers_per_subject
    )


def _wait(failures: int, settings: AttemptSettings) -> timedelta:
    wait_s = settings.first_wait_s * 2 ** (failures - settings.free_failures)
    return timedelta(seconds=min(wait_s, settings.longest_wait_s))
