"""Figures against calls that can be counted by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes.filled_journal import fill

from ivr.journal import questions
from ivr.journal.buckets import Bucket, Steps
from ivr.journal.figures import (
    Count,
    Feedback,
    Guessed,
    Handled,
    OverTime,
    Satisfaction,
    Service,
    Share,
    Spread,
)
from ivr.journal.memory_journal import MemoryJournal
from ivr.journal.record import CallRecord, Outcome, RecordId
from ivr.journal.sql_journal import SqlJournal
from ivr.journal.tallies import Facet, Scope

DAY = datetime(2026, 11, 24, 23, tzinfo=UTC)
"""Midnight in Berlin."""

SCOPE = Scope(since=DAY, until=DAY + timedelta(days=2))
DAYS = Steps(bucket=Bucket.DAY, zone=ZoneInfo("Europe/Berlin"))
STARTS = (DAY, DAY + timedelta(days=1))
CALL = CallRecord(
    id=RecordId("r"),
    began_at=DAY + timedelta(hours=9),
    ended_at=DAY + timedelta(hours=9, seconds=60),
    business="airline",
    gateway="rest",
    language="de",
    turns=2,
    unheard=0,
    not_understood=0,
    intents=("refund",),
    outcome=Outcome.SERVED,
)


def journal(*calls: CallRecord) -> MemoryJournal:
    kept = MemoryJournal()
    kept.write_all(replace(one, id=RecordId(f"r-{place}")) for place, one in enumerate(calls))
    return kept


def on_next_day(call: CallRecord) -> CallRecord:
    later = timedelta(days=1)
    return replace(call, began_at=call.began_at + later, ended_at=call.ended_at + later)


HANDED = replace(
    CALL, outcome=Outcome.HANDED_OVER, reason="refund is done by people", queue="bookings"
)


def test_without_calls_no_figure_is_made_up() -> None:
    empty = journal()

    assert questions.containment(empty, SCOPE, DAYS).overall.rate is None
    assert questions.service(empty, SCOPE, answer_within_s=20).waited == Spread()
    assert questions.satisfaction(empty, SCOPE).mean is None
    assert questions.saved(empty, SCOPE, by_questions_s=45).saved_s == 0
    assert questions.calls(empty, SCOPE, DAYS).totals == (0, 0)
    assert [one.confidence for one in questions.hearing(empty, SCOPE, DAYS)] == [None, None]


def test_calls_are_counted_by_day_and_outcome() -> None:
    kept = journal(CALL, CALL, HANDED, on_next_day(HANDED))

    found = questions.calls(kept, SCOPE, DAYS)

    assert found == OverTime(starts=STARTS, lines={"handed_over": (1, 1), "served": (2, 0)})
    assert found.totals == (3, 1)


def test_what_the_machine_ended_by_itself_is_contained() -> None:
    hung_up = replace(CALL, outcome=Outcome.HUNG_UP)
    found = questions.containment(journal(CALL, HANDED, hung_up, on_next_day(CALL)), SCOPE, DAYS)

    assert found.shares == (Share(part=1, whole=3), Share(part=1, whole=1))
    assert found.overall.rate == 0.5


def test_only_calls_that_were_handed_over_have_a_reason_and_a_queue() -> None:
    failed = replace(CALL, outcome=Outcome.FAILED, reason="failure", queue="agents")
    kept = journal(CALL, HANDED, HANDED, failed)

    assert questions.transfers(kept, SCOPE, Facet.QUEUE) == (
        Count(code="bookings", calls=2),
        Count(code="agents", calls=1),
    )
    assert questions.transfers(kept, SCOPE, Facet.REASON) == (
        Count(code="refund is done by people", calls=2),
        Count(code="failure", calls=1),
    )


def test_a_call_is_about_its_last_request_and_mentions_all() -> None:
    both = replace(CALL, intents=("flight_status", "refund"))
    lost = replace(CALL, intents=(), not_understood=2)
    silent = replace(CALL, intents=())
    kept = journal(both, lost, on_next_day(silent))

    assert questions.over_time(kept, SCOPE, DAYS, Facet.TOPIC).lines == {
        "out_of_scope": (1, 0),
        "refund": (1, 0),
    }
    assert questions.over_time(kept, SCOPE, DAYS, Facet.INTENT).lines == {
        "flight_status": (1, 0),
        "refund": (1, 0),
    }


def test_wrong_guesses_are_told_by_kind() -> None:
    guess = replace(CALL, guess="refund_due")
    kept = journal(
        CALL, guess, replace(guess, guessed_right=True), replace(guess, guessed_right=False)
    )

    assert questions.guesses(kept, SCOPE) == (
        Guessed(kind="refund_due", offered=3, right=1, wrong=1),
    )


def test_whoever_left_the_queue_was_not_served_in_time() -> None:
    waits = (5_000, 19_999, 20_000, 90_000)
    served = [replace(HANDED, waited_ms=ms) for ms in waits]
    left = replace(HANDED, waited_ms=3_000, is_abandoned=True)
    elsewhere = replace(HANDED, waited_ms=None)

    assert questions.service(
        journal(*served, left, elsewhere), SCOPE, answer_within_s=20
    ) == Service(
        waited=Spread(count=5, mean=27.4, median=19.0, p90=90.0),
        in_time=Share(part=2, whole=5),
        abandoned=Share(part=1, whole=5),
        answer_within_s=20,
    )


def test_the_machine_and_the_person_are_timed_apart() -> None:
    kept = journal(CALL, replace(HANDED, handled_ms=240_000))

    assert questions.handling(kept, SCOPE) == Handled(
        machine=Spread(count=2, mean=60.0, median=60.0, p90=60.0),
        person=Spread(count=1, mean=240.0, median=240.0, p90=240.0),
    )


def test_time_is_saved_only_where_a_voice_was_accepted() -> None:
    proven = replace(CALL, verification="accepted", proven_after_ms=8_000)
    kept = journal(
        proven, proven, replace(proven, verification="rejected"), replace(CALL, language="en")
    )

    found = questions.saved(kept, SCOPE, by_questions_s=45)

    assert (found.verified, found.took_s, found.saved_s) == (2, 16, 74)


def test_satisfaction_is_of_those_who_answered() -> None:
    kept = journal(CALL, *(replace(CALL, satisfaction=mark) for mark in (1, 5, 5, 4)))

    assert questions.satisfaction(kept, SCOPE) == Satisfaction(
        answers=4, mean=3.75, marks=(1, 0, 0, 1, 2)
    )


def test_signs_and_lock_outs_are_told_over_time() -> None:
    signs = replace(CALL, signs=("exact_replay", "synthetic"))
    kept = journal(CALL, signs, on_next_day(signs), on_next_day(replace(CALL, is_locked=True)))

    assert questions.over_time(kept, SCOPE, DAYS, Facet.SIGN).lines == {
        "exact_replay": (1, 1),
        "synthetic": (1, 1),
    }
    assert questions.over_time(kept, SCOPE, DAYS, Facet.IS_LOCKED).lines == {"locked": (0, 1)}


def test_how_well_was_heard_is_told_by_step() -> None:
    kept = journal(
        replace(CALL, hearing=0.9, fallbacks=2),
        replace(CALL, hearing=0.7),
        on_next_day(replace(CALL, fallbacks=1)),
    )

    first, second = questions.hearing(kept, SCOPE, DAYS)

    assert (first.calls, first.confidence, first.fallbacks) == (2, pytest.approx(0.8), 2)
    assert (second.calls, second.confidence, second.fallbacks) == (0, None, 1)


def test_an_accepted_voice_that_was_somebody_elses_is_a_false_accept() -> None:
    accepted = replace(HANDED, verification="accepted")
    kept = journal(
        accepted,
        replace(accepted, person_right=True, intent_right=True),
        replace(accepted, person_right=False, intent_right=False, solved=True),
        replace(HANDED, verification="not_enrolled", person_right=False),
    )

    assert questions.feedback(kept, SCOPE) == Feedback(
        person=Share(part=1, whole=3),
        false_accepts=Share(part=1, whole=2),
        intent=Share(part=1, whole=2),
        solved=Share(part=1, whole=1),
    )


def test_a_rate_of_few_calls_is_uncertain() -> None:
    low, high = Share(part=1, whole=2).bounds
    assert (round(low, 2), round(high, 2)) == (0.09, 0.91)
    assert Share(part=0, whole=0).bounds == (0.0, 1.0)


def test_a_database_answers_as_memory_does(tmp_path: Path) -> None:
    twins = MemoryJournal(), SqlJournal(f"sqlite:///{tmp_path / 'journal.db'}")
    for twin in twins:
        fill(twin, calls=300, days=2, until=SCOPE.until)

    memory, database = (
        (
            questions.calls(twin, SCOPE, DAYS),
            questions.guesses(twin, SCOPE),
            questions.service(twin, SCOPE, answer_within_s=20),
            questions.handling(twin, SCOPE),
            questions.saved(twin, SCOPE, by_questions_s=45),
            questions.hearing(twin, SCOPE, DAYS),
            questions.feedback(twin, SCOPE),
        )
        for twin in twins
    )

    assert memory == database
