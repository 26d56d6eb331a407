"""Figures of calls for pages, with what the settings say of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from ivr.journal import questions
from ivr.journal.drift import Drift, drift
from ivr.journal.figures import Saved, Service
from ivr.journal.rises import Examples, Rise, Watch, rises, series_of, with_examples
from ivr.journal.tallies import Scope, Tallies

_DRIFT_OVER = timedelta(weeks=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Answers of one journal. Methods raise StoreUnavailable."""

    tallies: Tallies
    zone: ZoneInfo
    """Where the customers live."""

    answer_within_s: int
    by_questions_s: int
    drift_reference: timedelta
    watch: Watch
    examples: Examples
    """What callers said of a topic, masked; nothing where that is not kept."""

    def service(self, scope: Scope) -> Service:
        return questions.service(self.tallies, scope, answer_within_s=self.answer_within_s)

    def saved(self, scope: Scope) -> Saved:
        return questions.saved(self.tallies, scope, by_questions_s=self.by_questions_s)

    def drift(self, scope: Scope) -> tuple[Drift, ...]:
        """At least twelve weeks back, against the first of them."""
        long = replace(scope, since=min(scope.since, scope.until - _DRIFT_OVER))
        reference = replace(long, until=min(long.until, long.since + self.drift_reference))
        return drift(self.tallies, long, reference, self.zone)

    def rises(self, scope: Scope) -> tuple[Rise, ...]:
        """At the end of the scope; hours that are not over do not count."""
        series = series_of(self.tallies, scope, weeks=self.watch.weeks, zone=self.zone)
        return with_examples(rises(series, self.watch), self.examples)
