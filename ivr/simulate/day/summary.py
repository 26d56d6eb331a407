"""What a simulated day came to, by the same questions that pages ask."""

from dataclasses import dataclass

from ivr.journal import questions
from ivr.journal.buckets import Bucket
from ivr.journal.figures import Count, Feedback, Guessed, Satisfaction, Saved, Service, Share
from ivr.journal.rises import Rise
from ivr.journal.tallies import Facet, Scope
from ivr.wiring.journalling import Journalling


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
    rises: tuple[Rise, ...]
    """At the end of the day."""


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
        rises=figures.rises(scope),
    )
