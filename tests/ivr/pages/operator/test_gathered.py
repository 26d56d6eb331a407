"""What is remembered of counts is the same as what would be counted."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from fakes.operator_pages import NOW, filled

from ivr.journal.tallies import Counts, Facet, Scope, Tallies
from ivr.pages.operator.gathered import GROUPS, Gathered

SCOPE = Scope(since=NOW - timedelta(days=7), until=NOW)
LONG = Scope(since=NOW - timedelta(days=60), until=NOW)
JOURNAL = filled(600)


@dataclass
class Counting:
    """Counts how often it is asked."""

    tallies: Tallies
    asked: list[tuple[Facet, ...]] = field(default_factory=list)

    def tally(self, scope: Scope, *by: Facet) -> Counts:
        self.asked.append(by)
        return self.tallies.tally(scope, *by)


class FakeClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


PARTS = [
    *((facet,) for facet in Facet),
    *(group[:2] for group in GROUPS),
    (Facet.OUTCOME, Facet.HOUR),
    (Facet.HOUR, Facet.TOPIC),
]


@pytest.mark.parametrize("by", PARTS, ids=str)
def test_any_part_of_a_group_is_counted_rightly(by: tuple[Facet, ...]) -> None:
    gathered = Gathered(JOURNAL, clock_s=FakeClock())

    assert dict(gathered.tally(SCOPE, *by)) == dict(JOURNAL.tally(SCOPE, *by))


def test_several_questions_are_one_look() -> None:
    counting = Counting(JOURNAL)
    gathered = Gathered(counting, clock_s=FakeClock())
    gathered.tally(SCOPE, Facet.OUTCOME, Facet.REASON)
    gathered.tally(SCOPE, Facet.OUTCOME, Facet.QUEUE)
    gathered.tally(SCOPE, Facet.HOUR, Facet.OUTCOME)

    assert len(counting.asked) == 1


@pytest.mark.parametrize(("scope", "keeps_s"), [(SCOPE, 30), (LONG, 300)])
def test_old_figures_are_asked_for_anew(scope: Scope, keeps_s: float) -> None:
    counting, clock = Counting(JOURNAL), FakeClock()
    gathered = Gathered(counting, clock_s=clock)
    for moment in (0.0, keeps_s - 1, keeps_s + 1):
        clock.now_s = moment
        gathered.tally(scope, Facet.OUTCOME)

    assert len(counting.asked) == 2


def test_other_calls_are_other_counts() -> None:
    gathered = Gathered(JOURNAL, clock_s=FakeClock())
    german = Scope(since=SCOPE.since, until=SCOPE.until, language="de")

    assert gathered.tally(german, Facet.LANGUAGE).keys() == {("de",)}
    assert gathered.tally(SCOPE, Facet.LANGUAGE).keys() == {("de",), ("en",)}
