"""`ivr enrol`, of one person and of a list, with the project's own voices and the real encoder."""

import csv
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner, Result

from biometrics import (
    ConsentMissing,
    Lookalike,
    Purpose,
    SamplesDisagree,
    StoreUnavailable,
    SubjectId,
    TooLittleSpeech,
)
from ivr.cli import app
from ivr.errors import BadEnrolmentList
from ivr.verify.enrol_many import Done
from ivr.wiring import House
from ivr.wiring.voices import Voices

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
AGREED = ["--consent-text", "recognition-1", "--consent-channel", "paper"]
HEAD = "subject,file,consent_text,consent_language,consent_channel\n"

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, ["enrol", *map(str, words)])


def recordings(who: str) -> list[Path]:
    return [FIXTURES / f"{who}-enrol-{n}.wav" for n in (1, 2, 3)]


def row(subject: str, file: Path | str, consent: str = "recognition-1,de,paper") -> str:
    return f"{subject},{file},{consent}\n"


def rows(subject: str, who: str, consent: str = "recognition-1,de,paper") -> str:
    return "".join(row(subject, file, consent) for file in recordings(who))


def listed(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(HEAD + text, "utf-8")
    return path


def reported(path: Path) -> list[dict[str, str]]:
    with path.with_suffix(".report.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcomes(path: Path) -> list[tuple[str, str, str]]:
    return [(one["subject"], one["outcome"], one["code"]) for one in reported(path)]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["s-1"],
        ["s-1", "a.wav", "--csv", "people.csv"],
        ["s-1", "a.wav", "--report", "report.csv"],
        ["s-1", "a.wav", "--codec", "mp3"],
    ],
)
def test_what_is_neither_one_person_nor_a_list_is_refused(ivr: Ivr, words: list[str]) -> None:
    assert ivr(*words).exit_code == 2


def test_without_consent_nobody_is_listened_to(ivr: Ivr) -> None:
    done = ivr("s-1", *recordings("klaus"))

    assert isinstance(done.exception, ConsentMissing)
    assert "klaus" not in done.output


def test_a_take_of_another_voice_is_named_with_its_file(ivr: Ivr) -> None:
    done = ivr("s-1", *recordings("klaus")[:2], recordings("emily")[0], *AGREED)

    assert isinstance(done.exception, SamplesDisagree)
    assert done.exception.sentence.startswith("Recording 3")
    assert "klaus-enrol-1.wav: 6.9 s.\n" in done.output
    assert "emily-enrol-1.wav: 5.6 s, not used. It does not sound like" in done.output
    assert "66 %, 12.6 of 10.0 s of speech. 1 more recording is needed.\n" in done.output


def test_only_what_is_not_fit_is_left_out(ivr: Ivr) -> None:
    done = ivr("s-1", FIXTURES / "klaus-one-second.wav", *recordings("klaus"), *AGREED)

    assert done.exit_code == 0
    assert "klaus-one-second.wav: 0.8 s, not used. It holds 0.8 s of speech" in done.output
    assert "Please speak a little longer." in done.output
    assert "100 %, 18.4 of 10.0 s of speech. Enough was heard.\n" in done.output
    assert "Enrolled s-1 from 3 recordings, 18.4 s of speech" in done.output


def test_one_recording_three_times_is_one_recording(ivr: Ivr) -> None:
    done = ivr("s-1", *[recordings("klaus")[0]] * 3, *AGREED)

    assert isinstance(done.exception, TooLittleSpeech)
    assert done.output.count("the same recording again, which tells nothing more.") == 2


def test_a_studio_recording_is_heard_as_over_a_telephone(ivr: Ivr, tmp_path: Path) -> None:
    wide = []
    for file in recordings("klaus"):
        samples, _ = soundfile.read(file)
        # Each sample held twice mirrors the band of the telephone above 4 kHz.
        wide.append(tmp_path / file.name)
        soundfile.write(wide[-1], np.repeat(samples, 2), 16_000)

    done = ivr("s-1", *wide, *AGREED, "--codec", "alaw")

    assert done.exit_code == 0
    assert "klaus-enrol-1.wav: 6.9 s as over a telephone.\n" in done.output


def test_who_sounds_alike_is_told_and_enrolled(ivr: Ivr, monkeypatch: pytest.MonkeyPatch) -> None:
    alike = (Lookalike(subject=SubjectId("s-9"), llr=7.25),)
    monkeypatch.setattr(Voices, "lookalikes", property(lambda _voices: lambda _print: alike))

    done = ivr("s-1", *recordings("klaus"), *AGREED)

    assert "Warning: s-9 sounds like this subject (log-likelihood ratio 7.2)" in done.output
    assert "Enrolled s-1" in done.output


def test_a_list_that_cannot_be_read_enrols_nobody(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(tmp_path, rows("s-1", "klaus") + "s-2\n")
    done = ivr("--csv", path)

    assert isinstance(done.exception, BadEnrolmentList)
    assert done.exception.sentence.startswith("Line 5:")
    assert not (tmp_path / "people.report.csv").exists()


def test_one_bad_row_loses_nothing_else(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        rows("s-unasked", "erna", ",,")
        + row("s-lost", tmp_path / "none.wav")
        + row("+4989123456", "a.wav")
        + "".join(row("s-two", file) for file in [*recordings("erna")[:2], recordings("emily")[0]])
        + rows("s-words", "erna", "recognition-99,de,paper")
        + rows("s-klaus", "klaus"),
    )
    done = ivr("--csv", path)
    kept = House.from_environment().voices.sealed

    assert done.exit_code == 1
    assert done.output.endswith(
        f"Enrolled: 1, refused: 5, skipped: 0. The report is {tmp_path / 'people.report.csv'}.\n"
    )
    assert outcomes(path) == [
        ("s-unasked", "refused", "consent_missing"),
        ("s-lost", "refused", "unreadable_audio"),
        ("s-two", "refused", "samples_disagree"),
        ("s-words", "refused", "consent_text_unknown"),
        ("s-klaus", "enrolled", ""),
        ("", "refused", "bad_enrolment_list"),
    ]
    assert reported(path)[-1]["reason"].startswith("Line 6: the subject is not of")
    assert (reported(path)[4]["recordings"], reported(path)[4]["net_speech_ms"]) == ("3", "18368")
    assert kept.get(SubjectId("s-klaus")) is not None
    assert kept.get(SubjectId("s-two")) is None


def test_who_is_enrolled_from_the_same_files_is_skipped(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(tmp_path, rows("s-klaus", "klaus"))
    first, again = ivr("--csv", path), ivr("--csv", path)
    path.write_text(HEAD + rows("s-klaus", "erna"), "utf-8")
    other_files = ivr("--csv", path)
    lines = (tmp_path / "people.report.csv.progress").read_text("utf-8").splitlines()
    kept = [json.loads(line) for line in lines]

    assert [first.exit_code, again.exit_code, other_files.exit_code] == [0, 0, 0]
    assert again.output.strip().startswith("Enrolled: 0, refused: 0, skipped: 1.")
    assert other_files.output.strip().startswith("Enrolled: 1, refused: 0, skipped: 0.")
    assert [list(one) for one in kept] == [["subject", "digest"]] * 2
    assert [one["subject"] for one in kept] == ["s-klaus"] * 2
    assert {len(one["digest"]) for one in kept} == {64}
    for name in ("people.report.csv", "people.report.csv.progress"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_list_does_not_give_back_a_consent_that_was_withdrawn(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(tmp_path, rows("s-klaus", "klaus"))
    ivr("--csv", path)
    house = House.from_environment()
    house.subjects.rights.withdraw(SubjectId("s-klaus"), Purpose.RECOGNITION, datetime.now(UTC))

    again = ivr("--csv", path)

    assert again.exit_code == 1
    assert outcomes(path) == [("s-klaus", "refused", "consent_missing")]
    assert "withdrawn" in reported(path)[0]["reason"]


def test_who_sounds_alike_is_in_the_report(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike = (Lookalike(subject=SubjectId("s-9"), llr=7.25),)
    monkeypatch.setattr(Voices, "lookalikes", property(lambda _voices: lambda _print: alike))
    path = listed(tmp_path, rows("s-klaus", "klaus"))

    assert ivr("--csv", path).exit_code == 0
    assert reported(path)[0]["warnings"].startswith("s-9 sounds like this subject")


def test_a_store_that_is_gone_ends_the_run_and_loses_nothing(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = listed(tmp_path, rows("s-klaus", "klaus") + rows("s-erna", "erna"))
    real = House.many_room

    def gone_for_erna(house: House, clock: Callable[[], datetime]) -> object:
        room = real(house, clock)
        agree = room.agree

        def agreed(subject: SubjectId, *rest: object) -> object:
            if subject == "s-erna":
                raise StoreUnavailable("The store is gone.")
            return agree(subject, *rest)  # type: ignore[arg-type]

        object.__setattr__(room, "agree", agreed)
        return room

    monkeypatch.setattr(House, "many_room", gone_for_erna)
    broken = ivr("--csv", path)
    told = outcomes(path)
    monkeypatch.setattr(House, "many_room", real)
    again = ivr("--csv", path)

    assert isinstance(broken.exception, StoreUnavailable)
    assert told == [("s-klaus", "enrolled", "")]
    assert again.exit_code == 0
    assert outcomes(path) == [("s-klaus", "skipped", ""), ("s-erna", "enrolled", "")]


def test_a_run_that_is_killed_goes_on_where_it_stopped(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(
        tmp_path, rows("s-klaus", "klaus") + "".join(rows(f"s-erna-{n}", "erna") for n in range(6))
    )
    run = subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", "from ivr.cli import main; main()", "enrol", "--csv", path],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    progress = tmp_path / "people.report.csv.progress"
    for _ in range(600):
        if progress.exists() or run.poll() is not None:
            break
        time.sleep(0.1)
    run.send_signal(signal.SIGKILL)
    run.wait()
    done_before = progress.read_text("utf-8").count("\n")

    again = ivr("--csv", path)
    told = [outcome for _, outcome, _ in outcomes(path)]

    assert 1 <= done_before < 7
    assert again.exit_code == 0
    assert told == ["skipped"] * done_before + ["enrolled"] * (7 - done_before)


def test_a_progress_file_of_something_else_is_refused(tmp_path: Path) -> None:
    for text in ("no json", "no json\n", "[]\n", "7\n", '{"enrolled": []}\n', '{"subject": "s"}\n'):
        (tmp_path / "done").write_text(text, "utf-8")

        with pytest.raises(BadEnrolmentList, match="remove it to begin again"):
            Done(tmp_path / "done")


def test_a_line_that_was_being_written_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "done"
    Done(path).add(SubjectId("s-1"), "a" * 64)
    whole = path.read_bytes()
    for cut in range(1, len(whole)):
        path.write_bytes(whole + whole[:cut])
        done = Done(path)
        done.add(SubjectId("s-2"), "b" * 64)

        again = Done(path)
        assert again.has(SubjectId("s-1"), "a" * 64)
        assert again.has(SubjectId("s-2"), "b" * 64)
