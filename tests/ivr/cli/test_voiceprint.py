"""`ivr voiceprint` and `ivr audit`, on a database and keys of their own, without models."""

import json
import re
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from biometrics import (
    Collected,
    Collecting,
    ConsentTextUnknown,
    EncoderId,
    Learned,
    ProvenBy,
    SubjectId,
    SubjectOptedOut,
    Voiceprint,
    consent_texts,
)
from ivr.cli import app
from ivr.errors import BadCheckpoint, DiskReadOnly
from ivr.wiring import House

KLAUS = "s-7f3a"
AGREE = ["voiceprint", "consent", KLAUS, "recognition", "--text", "recognition-1", "--channel"]

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def enrolled(ivr: Ivr) -> Ivr:
    """The command line of a house that keeps one voice."""
    ivr(*AGREE, "phone")
    keep(enrolled_at=datetime.now(UTC))
    return ivr


def keep(*, enrolled_at: datetime) -> None:
    House.from_environment().voices.store.put(
        Voiceprint(
            subject=SubjectId(KLAUS),
            encoder=EncoderId("telephone-ecapa-0"),
            vector=np.array([0.6, -0.8], dtype=np.float32),
            net_speech_ms=12_000,
            recordings=3,
            enrolled_at=enrolled_at,
        )
    )


def status(ivr: Ivr) -> str:
    return str(json.loads(ivr("voiceprint", "export", KLAUS).output)["status"])


def test_nobody_agrees_to_words_that_are_not_there(ivr: Ivr) -> None:
    words = ["voiceprint", "consent", KLAUS, "recognition", "--channel", "web", "--text"]

    assert isinstance(ivr(*words, "recognition-99").exception, ConsentTextUnknown)
    assert ivr(*words).exit_code == 2
    assert ivr(*AGREE, "pigeon").exit_code == 2


def test_who_has_refused_must_lift_that_first(ivr: Ivr) -> None:
    ivr("voiceprint", "opt-out", KLAUS)
    assert isinstance(ivr(*AGREE, "phone").exception, SubjectOptedOut)

    assert ivr("voiceprint", "opt-in", KLAUS).output == "No refusal stands; it is no consent.\n"
    assert ivr(*AGREE, "phone").exit_code == 0


def test_a_consent_is_given_for_three_years_and_withdrawn(enrolled: Ivr) -> None:
    until = f"{datetime.now(UTC) + timedelta(days=1095):%Y-%m-%d}"
    again = enrolled(*AGREE, "phone")
    withdrawn = enrolled("voiceprint", "withdraw", KLAUS, "recognition")

    assert again.output == f"Agreed to recognition, recognition-1, until {until}.\n"
    assert withdrawn.output.startswith("Withdrawn: recognition.\ns-7f3a  ")
    assert "destroyed" in withdrawn.output
    assert status(enrolled) == "not_enrolled"


def test_an_erasure_prints_a_receipt_and_may_be_asked_again(enrolled: Ivr) -> None:
    receipt = json.loads(enrolled("voiceprint", "erase", KLAUS, "--json").output)
    again = enrolled("voiceprint", "erase", KLAUS).output

    assert (receipt["subject"], receipt["what"]) == (KLAUS, ["voiceprint", "key"])
    assert re.fullmatch("[0-9a-f]{64}", receipt["sha256"])
    assert again.startswith(f"{KLAUS}  ")
    assert status(enrolled) == "not_enrolled"


def test_an_operators_own_words_take_the_place_of_ours(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = ivr("voiceprint", "consent-texts").output.splitlines()
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "recognition-2026.de.txt").write_text("Was: Ihre Stimme.", "utf-8")
    monkeypatch.setenv("IVR_VERIFY__CONSENT_TEXTS", str(folder))
    theirs = ivr("voiceprint", "consent-texts", "--words").output

    assert ours == [f"{text.version}  {text.language}  {text.sha256}" for text in consent_texts()]
    assert theirs.startswith("recognition-2026  de  ")
    assert "Was: Ihre Stimme." in theirs
    assert isinstance(ivr(*AGREE, "phone").exception, ConsentTextUnknown)


def test_the_vector_is_exported_only_where_it_is_asked_for(enrolled: Ivr) -> None:
    plain = json.loads(enrolled("voiceprint", "export", KLAUS).output)
    whole = json.loads(enrolled("voiceprint", "export", KLAUS, "--with-template").output)

    assert plain["voiceprint"]["template"] is None
    assert whole["voiceprint"]["template"] == "mpkZP83MTL8="
    assert [one["details"] for one in whole["audit"] if one["kind"] == "exported"] == [
        {"template": "left_out"},
        {"template": "included"},
    ]


def test_how_a_voiceprint_stands_is_shown_in_codes(enrolled: Ivr) -> None:
    assert enrolled("voiceprint", "show", "s-nobody").output == "status=not_enrolled\n"

    lines = enrolled("voiceprint", "show", KLAUS).output.splitlines()
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert lines[:2] == ["status=enrolled", "encoder=telephone-ecapa-0 weights=unknown"]
    assert lines[2].startswith(f"enrolled={today} recordings=3 speech_ms=12000 expires=")
    assert len(lines) == 3


def test_what_calls_taught_is_shown_and_exported_and_one_step_back_destroys_it(
    enrolled: Ivr,
) -> None:
    def taught(kept: Learned) -> Learned:
        later = np.array([0.8, 0.6], dtype=np.float32)
        call = Collected(
            vector=later, net_ms=4_000, at=datetime.now(UTC), proven_by=ProvenBy.EARLIER_ENCODER
        )
        return Learned(
            following=replace(kept.following, later=later, later_net_ms=6_000, calls=2, share=0.3),
            collecting=Collecting(
                subject=SubjectId(KLAUS),
                expired=EncoderId("telephone-ecapa-0"),
                encoder=EncoderId("telephone-ecapa-1"),
                weights_sha256="ab" * 32,
                calls=(call,),
            ),
        )

    House.from_environment().voices.sealed.learn(SubjectId(KLAUS), taught)

    shown = enrolled("voiceprint", "show", KLAUS).output.splitlines()[3:]
    assert shown == [
        "followed_calls=2 speech_ms=6000 share=0.30",
        "collecting_for=telephone-ecapa-1 calls=1 speech_ms=4000",
    ]
    plain = json.loads(enrolled("voiceprint", "export", KLAUS).output)["voiceprint"]
    whole = json.loads(enrolled("voiceprint", "export", KLAUS, "--with-template").output)
    assert (plain["following"]["calls"], plain["following"]["template"]) == (2, None)
    assert plain["collecting"]["calls"][0]["template"] is None
    assert whole["voiceprint"]["template"] == "mpkZP83MTL8="
    assert whole["voiceprint"]["following"]["template"]
    assert whole["voiceprint"]["collecting"]["calls"][0]["proven_by"] == "earlier_encoder"

    back = enrolled("voiceprint", "revert", KLAUS).output
    assert back == "One step back: the earlier voiceprint is compared again.\n"
    assert enrolled("voiceprint", "revert", KLAUS).output == "There is no earlier one.\n"
    assert len(enrolled("voiceprint", "show", KLAUS).output.splitlines()) == 3


def test_an_export_is_written_for_its_owner_alone_and_over_nothing(
    enrolled: Ivr, tmp_path: Path
) -> None:
    out = tmp_path / "klaus.json"

    assert enrolled("voiceprint", "export", KLAUS, "--out", str(out)).exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text("utf-8"))["subject"] == KLAUS
    again = enrolled("voiceprint", "export", KLAUS, "--out", str(out))
    assert isinstance(again.exception, DiskReadOnly)


def test_what_is_still_in_use_does_not_expire(enrolled: Ivr) -> None:
    assert enrolled("voiceprint", "expire", "--all").output == "Destroyed: 0.\n"
    assert status(enrolled) == "enrolled"


def test_what_nobody_used_for_three_years_is_destroyed(ivr: Ivr) -> None:
    ivr(*AGREE, "phone")
    keep(enrolled_at=datetime.now(UTC) - timedelta(days=1095))

    gone = ivr("voiceprint", "expire").output

    assert gone.startswith("Destroyed: 1.\ns-7f3a  key ")
    assert status(ivr) == "not_enrolled"
    (told,) = [line for line in ivr("audit", "show").output.splitlines() if "expired" in line]
    assert "  retention  voiceprint_expired  " in told


def test_the_trail_is_shown_without_naming_anybody(enrolled: Ivr) -> None:
    shown = enrolled("audit", "show").output
    lines = shown.splitlines()

    assert [line.split("  ")[3] for line in lines] == [
        "voiceprint_read",
        "consent_granted",
        "voiceprint_kept",
    ]
    assert "purpose=recognition" in lines[1]
    assert KLAUS not in shown
    assert enrolled("audit", "show", "--subject", KLAUS).output == shown
    assert enrolled("audit", "show", "--subject", "s-nobody").output == ""
    assert enrolled("audit", "show", "--last", "1").output.splitlines() == lines[-1:]


def test_a_trail_that_nobody_touched_is_intact(enrolled: Ivr, tmp_path: Path) -> None:
    file = str(tmp_path / "elsewhere")
    assert enrolled("audit", "checkpoint", "--file", file).output == (
        f"Entry 3 is vouched for in {file}.\n"
    )
    enrolled("voiceprint", "opt-out", KLAUS)
    enrolled("audit", "checkpoint", "--file", file)

    assert enrolled("audit", "verify").output.startswith("Intact: ")
    assert enrolled("audit", "verify", "--file", file).output.endswith(", 2 checkpoints.\n")


def test_the_first_changed_entry_is_named(enrolled: Ivr, tmp_path: Path) -> None:
    tamper(
        tmp_path,
        "DROP TRIGGER audit_no_UPDATE;"
        "UPDATE audit_entries SET kind = 'exported' WHERE sequence = 2;",
    )

    found = enrolled("audit", "verify")

    assert (found.exit_code, found.output.startswith("Broken at entry 2: ")) == (1, True)


def test_a_shortened_trail_is_found_by_a_checkpoint(enrolled: Ivr, tmp_path: Path) -> None:
    file = str(tmp_path / "elsewhere")
    enrolled("audit", "checkpoint", "--file", file)
    tamper(
        tmp_path,
        "DROP TRIGGER audit_no_DELETE; DELETE FROM audit_entries WHERE sequence = 3;"
        "UPDATE audit_head SET sequence = 2,"
        " digest = (SELECT digest FROM audit_entries WHERE sequence = 2);",
    )

    assert enrolled("audit", "verify").exit_code == 0
    found = enrolled("audit", "verify", "--file", file)
    assert (found.exit_code, found.output) == (
        1,
        "Broken at entry 3: the end of the trail is missing.\n",
    )


@pytest.mark.parametrize("text", [None, "", "a letter\n", "{}\n"])
def test_a_file_without_checkpoints_vouches_for_nothing(
    ivr: Ivr, tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "elsewhere"
    if text is not None:
        file.write_text(text, "utf-8")

    found = ivr("audit", "verify", "--file", str(file))

    assert isinstance(found.exception, BadCheckpoint)


def test_what_is_not_allowed_to_be_kept_in_readable_form_is_not(
    enrolled: Ivr, tmp_path: Path
) -> None:
    """The ledger names subjects; the trail and the prints do not, and nobody holds the vector."""
    vector = np.array([0.6, -0.8], dtype="<f4").tobytes()
    data = b"".join(file.read_bytes() for file in tmp_path.glob("rufwerk.db*"))

    assert vector not in data
    connection = sqlite3.connect(tmp_path / "rufwerk.db")
    trail = repr(connection.execute("SELECT * FROM audit_entries").fetchall())
    connection.close()
    assert KLAUS not in trail


def tamper(home: Path, statements: str) -> None:
    connection = sqlite3.connect(home / "rufwerk.db")
    connection.executescript(statements)
    connection.close()
