"""Figures of calls, with what the settings say of them, put together for pages and commands."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from ivr.journal import questions
from ivr.journal.buckets import Bucket, Steps
from ivr.journal.drift import Drift, drift
from ivr.journal.figures import Saved, Service
from ivr.journal.journal import Journal
from ivr.journal.record import OUT_OF_SCOPE
from ivr.journal.rises import Rise, Watch, rises, series_of, with_examples
from ivr.journal.tallies import Scope, Tallies
from ivr.review.groups import grouped
from ivr.review.sentence import Sentence, Why
from ivr.review.sentences import Sentences
from ivr.settings import Settings

_MOST_EXAMPLES = 3


class Counted(Journal, Tallies, Protocol):
    """A journal that counts what it holds."""


@dataclass(frozen=True)
class Journalling:
    """What the journal tells. Methods raise StoreUnavailable."""

    settings: Settings
    journal: Counted
    sentences: Callable[[], Sentences] | None = None
    """Sentences that were not understood, where they are collected."""

    @property
    def zone(self) -> ZoneInfo:
        """Where the customers live."""
        return ZoneInfo(self.settings.reach.zone)

    def steps(self, bucket: Bucket) -> Steps:
        return Steps(bucket=bucket, zone=self.zone)

    def service(self, scope: Scope) -> Service:
        within_s = self.settings.journal.answer_within_s
        return questions.service(self.journal, scope, answer_within_s=within_s)

    def saved(self, scope: Scope) -> Saved:
        by_questions_s = self.settings.journal.identification_by_questions_s
        return questions.saved(self.journal, scope, by_questions_s=by_questions_s)

    def drift(self, scope: Scope) -> tuple[Drift, ...]:
        """The first weeks of the scope are what the others are compared with."""
        weeks = timedelta(weeks=self.settings.journal.drift_reference_weeks)
        reference = replace(scope, until=min(scope.until, scope.since + weeks))
        return drift(self.journal, scope, reference, self.zone)

    def rises(self, scope: Scope) -> tuple[Rise, ...]:
        """At the end of the scope, of its business; hours that are not over do not count."""
        chosen = self.settings.journal
        watch = Watch(
            weeks=chosen.rise_weeks,
            least_calls=chosen.rise_least_calls,
            false_share=chosen.rise_false_share,
        )
        series = series_of(self.journal, scope, weeks=watch.weeks, zone=self.zone)
        found = rises(series, watch)
        return with_examples(found, lambda topic, since: self.said(scope.business, topic, since))

    def said(self, business: str, topic: str, since: datetime) -> tuple[str, ...]:
        """Sentences about a topic that were kept since then, masked; what is said most first."""
        if self.sentences is None:
            return ()
        day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        kept = [one for one in self.sentences().of(business) if one.at >= day]
        groups = grouped(one for one in kept if _is_about(one, topic))
        return tuple(group.first.text for group in groups[:_MOST_EXAMPLES])

    def tidy(self, now: datetime) -> int:
        """Delete what is too old. How many records there were."""
        return self.journal.forget_before(now - timedelta(days=self.settings.journal.keep_days))


def _is_about(sentence: Sentence, topic: str) -> bool:
    if topic == OUT_OF_SCOPE:
        return sentence.why is Why.OUT_OF_SCOPE and not sentence.suggested
    return topic == (sentence.label or next(iter(sentence.taken_for), ""))
