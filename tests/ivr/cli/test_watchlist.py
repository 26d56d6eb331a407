"""`ivr watchlist`, with the real encoder on the fixtures where a voice is needed."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics import (
    Channel,
    ConsentMissing,
    LegalBasis,
    Purpose,
    Said,
    StoreUnavailable,
    SubjectId,
    UnknownWatchlist,
    WatchlistUnusable,
)
from ivr.cli import app
from ivr.errors import WatchlistsOff
from ivr.wiring import House

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
KLAUS = [str(FIXTURES / f"klaus-enrol-{n}.wav") for n in (1, 2, 3)]
DECIDED = ["--legal-basis", "Art. 6 (1) f GDPR", "--decided-by", "the board"]
FRAUD = ["watchlist", "create", "March", "--purpose", "fraud"]
DUPLICATES = ["watchlist", "create", "twins", "--purpose", "duplicates"]

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def on(ivr: Ivr, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_WATCHLIST__ENABLED", "true")
    return ivr


def trail(ivr: Ivr) -> list[str]:
    lines = ivr("audit", "show", "--last", "100").output.splitlines()
    return [" ".join(line.split()[3:5]) for line in lines if "  watchlist_" in line]


def enrol(subject: str, *files: str, purposes: tuple[Purpose, ...]) -> None:
    house, now = House.from_environment(), datetime.now(UTC)
    for purpose in (Purpose.RECOGNITION, *purposes):
        said = Said(text=f"{purpose}-1", language="de", channel=Channel.PAPER)
        house.subjects.rights.grant(SubjectId(subject), purpose, said, now)
    recordings = [house.places.read_recording(FIXTURES / file) for file in files]
    house.voices.enrol(SubjectId(subject), recordings, now=now)


@pytest.mark.parametrize(
    "words",
    [
        [*FRAUD, *DECIDED],
        ["watchlist", "decide", "March", *DECIDED],
        ["watchlist", "add", "March", *KLAUS],
        ["watchlist", "search", "March", *KLAUS],
    ],
)
def test_nothing_is_made_filled_or_searched_while_it_is_off(ivr: Ivr, words: list[str]) -> None:
    assert isinstance(ivr(*words).exception, WatchlistsOff)


def test_while_it_is_off_nobody_is_looked_for_and_the_house_is_as_before(ivr: Ivr) -> None:
    watching = House.from_environment().voices.watching

    assert (watching.look, watching.lookalikes) == (None, None)


def test_what_is_kept_can_be_destroyed_while_it_is_off(
    on: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(*FRAUD, *DECIDED)
    monkeypatch.setenv("IVR_WATCHLIST__ENABLED", "false")

    assert "1 entries" not in on("watchlist", "lists").output
    assert " destroyed, records sha256 " in on("watchlist", "delete", "March").output
    assert on("watchlist", "lists").output == "There are no watchlists.\n"


def test_without_a_legal_basis_a_list_is_of_no_use(on: Ivr) -> None:
    made = on(*FRAUD)

    assert made.output.splitlines()[1].startswith("No legal basis is recorded")
    for words in (["add", "March", *KLAUS], ["search", "March", *KLAUS]):
        assert isinstance(on("watchlist", *words).exception, WatchlistUnusable)
    assert isinstance(
        on(*FRAUD[:2], "other", *FRAUD[3:], "--decided-by", "us").exception, WatchlistUnusable
    )


def test_a_legal_basis_says_who_decided_and_when_it_ends(on: Ivr) -> None:
    on(*FRAUD)
    on("watchlist", "decide", "March", *DECIDED, "--retention-days", "90")

    until = f"{datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}"
    told = on("watchlist", "lists").output.splitlines()[1]
    assert "Art. 6 (1) f GDPR (decided by the board on " in told
    assert told.endswith(f"ends on {until})")


def test_what_is_not_there_cannot_be_named(on: Ivr) -> None:
    for words in (["delete", "x"], ["remove", "x", "y"], ["review", "x", "--confirm"]):
        assert isinstance(on("watchlist", *words).exception, UnknownWatchlist)


def test_a_list_whose_time_is_over_goes_on_the_day(on: Ivr) -> None:
    on(*FRAUD)
    desk = House.from_environment().voices.watching.desk("operator")
    long_ago = datetime.now(UTC) - timedelta(days=40)
    desk.decide(
        desk.find("March"),
        LegalBasis(text="t", decided_by="w", decided_at=long_ago, retention_days=30),
    )

    assert isinstance(on("watchlist", "add", "March", *KLAUS).exception, WatchlistUnusable)
    assert on("watchlist", "expire").output.startswith("Destroyed: 1.\n")
    assert on("watchlist", "expire").output == "Destroyed: 0.\n"


def test_a_store_that_is_gone_is_an_error_and_never_nobody(on: Ivr, tmp_path: Path) -> None:
    on(*FRAUD, *DECIDED)
    with sqlite3.connect(tmp_path / "rufwerk.db") as database:
        database.execute("DROP TABLE watchlist_entries")
        database.execute("CREATE VIEW watchlist_entries AS SELECT 1 AS entry")

    done = on("watchlist", "search", "March", *KLAUS)

    assert isinstance(done.exception, StoreUnavailable)
    assert "Nobody" not in done.output


def test_a_fraudster_is_found_again_a_stranger_is_not_and_a_person_decides(on: Ivr) -> None:
    on(*FRAUD, *DECIDED)
    entry = on("watchlist", "add", "March", *KLAUS).output.split()[-1].rstrip(".")

    again = on("watchlist", "search", "March", str(FIXTURES / "klaus-flight.wav"))
    stranger = on("watchlist", "search", "March", str(FIXTURES / "erna-baggage.wav"))

    assert "With 1 voices, at most 0.01 false alarms a search are promised." in again.output
    assert f"\n{entry}  likelihood ratio " in again.output
    assert stranger.output.endswith("\nNobody was found.\n")

    review = again.output.split()[-1].rstrip(".")
    waiting = on("watchlist", "hits").output
    assert f"{review}  " in waiting
    assert "open  March  a recording" in waiting
    assert on("watchlist", "review", review, "--dismiss").output == f"{review}  dismissed\n"
    assert isinstance(on("watchlist", "review", review, "--confirm").exception, WatchlistUnusable)
    assert on("watchlist", "hits").output == "No hit waits for a review.\n"

    assert " destroyed, records sha256 " in on("watchlist", "remove", "March", entry).output
    after = on("watchlist", "search", "March", str(FIXTURES / "klaus-flight.wav"))
    assert after.output.endswith("\nNobody was found.\n")
    assert trail(on) == [
        "operator watchlist_changed",
        "operator watchlist_changed",
        "operator watchlist_loaded",
        "operator watchlist_searched",
        "operator watchlist_hit",
        "operator watchlist_loaded",
        "operator watchlist_searched",
        "operator watchlist_reviewed",
        "operator watchlist_reviewed",
        "operator watchlist_changed",
        "operator watchlist_searched",
    ]


def test_one_voice_enrolled_twice_is_told_to_whoever_enrols_it(on: Ivr) -> None:
    on(*DUPLICATES, *DECIDED)
    files = [f"klaus-enrol-{n}.wav" for n in (1, 2, 3)]
    enrol("s-first", *files, purposes=(Purpose.WATCHLIST,))
    enrol("s-erna", *[f"erna-enrol-{n}.wav" for n in (1, 2, 3)], purposes=(Purpose.WATCHLIST,))
    enrol("s-silent", *files, purposes=())
    enrol("s-second", *files, purposes=(Purpose.WATCHLIST,))

    found = on("watchlist", "search", "twins", "--subject", "s-second").output

    assert "s-first  likelihood ratio" in found
    assert "s-erna" not in found
    assert "s-silent" not in found
    refused = on("watchlist", "search", "twins", "--subject", "s-silent")
    assert isinstance(refused.exception, ConsentMissing)
