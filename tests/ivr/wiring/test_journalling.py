"""Figures with what the settings say of them; on a real database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.filled_journal import records

from biometrics.storage.database import open_engine
from ivr.call import Language
from ivr.journal.journal import Journal
from ivr.journal.record import RecordId
from ivr.journal.sql_journal import SqlJournal
from ivr.journal.tallies import Facet, Scope
from ivr.review.memory_sentences import MemorySentences
from ivr.review.sentence import Sentence, SentenceId, Why
from ivr.settings import JournalSettings, Settings
from ivr.wiring.journalling import Journalling

NOW = datetime(2026, 11, 26, 11, tzinfo=UTC)
"""A Thursday noon."""

WEEKS = timedelta(weeks=10)
SCOPE = Scope(since=NOW - WEEKS, until=NOW, business="airline")


def sentence(number: int, text: str, **more: object) -> Sentence:
    values: dict[str, object] = {
        "id": SentenceId(f"s-{number}"),
        "business": "airline",
        "text": text,
        "language": Language.GERMAN,
        "why": Why.LOW_CONFIDENCE,
        "at": datetime(2026, 11, 26, tzinfo=UTC),
        "taken_for": ("refund",),
    }
    return Sentence(**{**values, **more})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    engine = open_engine(f"sqlite:///{tmp_path / 'journal.db'}")
    journal = SqlJournal(engine)
    journal.write_all(records(calls=4_000, seed=2, days=70, until=NOW))
    yield journal
    engine.dispose()


def refunds_rise(journal: Journal) -> None:
    refund = next(
        one for one in records(calls=500, seed=3, days=1, until=NOW) if one.topic == "refund"
    )
    journal.write_all(
        replace(refund, id=RecordId(f"new-{n}"), began_at=NOW - timedelta(minutes=4 * n + 1))
        for n in range(25)
    )


def test_in_usual_weeks_nothing_rises(journal: SqlJournal) -> None:
    assert Journalling(Settings(), journal).rises(SCOPE) == ()


def test_another_business_knows_nothing_of_a_rise(journal: SqlJournal) -> None:
    refunds_rise(journal)

    assert Journalling(Settings(), journal).rises(replace(SCOPE, business="bank")) == ()


def test_a_rise_is_told_with_what_callers_said_of_it(journal: SqlJournal) -> None:
    refunds_rise(journal)
    sentences = MemorySentences()
    for one in (
        sentence(1, "Wo bleibt mein Geld für den Streik"),
        sentence(2, "Wo bleibt mein Geld für den Streik?"),
        sentence(3, "Bekomme ich etwas zurück"),
        sentence(4, "Mein Koffer fehlt", taken_for=("baggage_lost",)),
        sentence(5, "Das war früher schon so", at=NOW - timedelta(days=3)),
        sentence(6, "Von einer anderen Bank", business="bank"),
        sentence(7, "Wann öffnen Sie", label="flight_status"),
        sentence(8, "Das war alles", taken_for=("goodbye",), suggested="refund"),
    ):
        sentences.add(one, most=100)

    (rise,) = Journalling(Settings(), journal, lambda: sentences).rises(SCOPE)

    assert (rise.topic, rise.observed >= 25) == ("refund", True)
    assert rise.examples == ("Wo bleibt mein Geld für den Streik", "Bekomme ich etwas zurück")
    assert "Geld" not in repr(rise)


def test_without_sentences_a_rise_has_no_examples(journal: SqlJournal) -> None:
    refunds_rise(journal)

    (rise,) = Journalling(Settings(), journal).rises(SCOPE)

    assert rise.examples == ()


def test_what_nobody_understood_is_shown_only_for_itself(journal: SqlJournal) -> None:
    sentences = MemorySentences()
    for one in (
        sentence(1, "Fliegen Sie auch zum Mond", why=Why.OUT_OF_SCOPE),
        sentence(2, "Gilt der Gutschein noch", why=Why.OUT_OF_SCOPE, suggested="refund"),
    ):
        sentences.add(one, most=100)
    told = Journalling(Settings(), journal, lambda: sentences)

    assert told.said("airline", "out_of_scope", NOW) == ("Fliegen Sie auch zum Mond",)


def test_what_is_too_old_is_deleted(journal: SqlJournal) -> None:
    settings = Settings(journal=JournalSettings(keep_days=7))

    deleted = Journalling(settings, journal).tidy(NOW)

    left = sum(journal.tally(replace(SCOPE, business="")).values())
    assert deleted + left == 4_000
    assert journal.tally(replace(SCOPE, until=NOW - timedelta(days=7)), Facet.TOPIC) == {}
    assert left > 0


def test_assumptions_are_those_of_the_settings(journal: SqlJournal) -> None:
    settings = Settings(
        journal=JournalSettings(identification_by_questions_s=60, answer_within_s=30)
    )
    told = Journalling(settings, journal)

    assert told.saved(SCOPE).by_questions_s == 60
    assert told.service(SCOPE).answer_within_s == 30
    assert told.saved(SCOPE).saved_s == 60 * told.saved(SCOPE).verified - told.saved(SCOPE).took_s


def test_scores_are_compared_with_the_first_weeks(journal: SqlJournal) -> None:
    weeks = Journalling(Settings(), journal).drift(SCOPE)

    assert len(weeks) == 11
    assert not any(week.is_flagged for week in weeks)
    assert sum(week.accepted for week in weeks) > 500
