"""What a simulated day came to, by the same questions that pages ask."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ivr.journal import questions
from ivr.journal.buckets import Bucket
from ivr.journal.figures import Count, Feedback, Guessed, Satisfaction, Saved, Service, Share
from ivr.journal.rises import Rise
from ivr.journal.tallies import Facet, Scope
from ivr.wiring.journalling import Journalling

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A topic that was flagged, and when whoever looks every hour would have seen it first."""

    at: datetime
    rise: Rise


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Figures of one day."""

    contained: Share
    outcomes: tuple[Count, ...]
    verification: tuple[Count, ...]
    queues: tuple[Count, ...]
    topics: tuple[Count, ...]
    guesses: tuple[Guessed, ...]
    service: Service
    satisfaction: Satisfaction
    saved: Saved
    feedback: Feedback
    noticed: tuple[Noticed, ...]


def summary(figures: Journalling, scope: Scope) -> Summary:
    journal, days = figures.journal, figures.steps(Bucket.DAY)

    def by(facet: Facet) -> tuple[Count, ...]:
        found = questions.over_time(journal, scope, days, facet)
        return tuple(Count(code=code, calls=sum(line)) for code, line in found.lines.items())

    return Summary(
        contained=questions.containment(journal, scope, days).overall,
        outcomes=by(Facet.OUTCOME),
        verification=by(Facet.VERIFICATION),
        queues=questions.transfers(journal, scope, Facet.QUEUE),
        topics=by(Facet.TOPIC),
        guesses=questions.guesses(journal, scope),
        service=figures.service(scope),
        satisfaction=questions.satisfaction(journal, scope),
        saved=figures.saved(scope),
        feedback=questions.feedback(journal, scope),
        noticed=tuple(_noticed(figures, scope)),
    )


def _noticed(figures: Journalling, scope: Scope) -> Iterator[Noticed]:
    seen: set[str] = set()
    at = scope.since + _HOUR
    while at <= scope.until:
        for rise in figures.rises(replace(scope, until=at)):
            if rise.topic not in seen:
                seen.add(rise.topic)
                yield Noticed(at=at, rise=rise)
        at += _HOUR
