"""`ivr bulk` and enrolments from it, with the project's own voices and the real encoder."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import Result

from biometrics import Purpose, SubjectId
from biometrics.enrolment.enrol import Enrolling
from ivr.bulk.folder import folder_id, opened
from ivr.bulk.row import Row
from ivr.errors import BadBulkFolder, BadEnrolmentList, BadTestSet
from ivr.wiring import House
from ivr.wiring.bulk import Bulk

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
HEAD = "subject,file,consent_text,consent_language,consent_channel\n"
AGREED = "recognition-1,de,paper"

Ivr = Callable[..., Result]


def rows(subject: str, who: str, consent: str = AGREED) -> str:
    return "".join(f"{subject},{FIXTURES}/{who}-enrol-{n}.wav,{consent}\n" for n in (1, 2, 3))


def listed(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(HEAD + text, "utf-8")
    return path


def encode(ivr: Ivr, path: Path, into: Path, *more: object) -> Result:
    return ivr("bulk", "encode", path, "--into", into, "--workers", 1, "--shard-rows", 2, *more)


def kept(path: Path) -> list[Row]:
    folder = opened(path, Bulk(House.from_environment()).keys.find)
    return [row for shard in folder.shards() for row in shard]


def voices(path: Path) -> list[bytes]:
    return [
        row.heard.take.voice.tobytes()
        for row in kept(path)
        if row.heard and row.heard.take.voice is not None
    ]


def reported(path: Path) -> list[dict[str, str]]:
    with path.with_suffix(".report.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_list_that_cannot_be_read_begins_nothing(ivr: Ivr, tmp_path: Path) -> None:
    for text in ("", "s-1,a.wav,,,\ns-2\n"):
        done = encode(ivr, listed(tmp_path, text), tmp_path / "out")

        assert isinstance(done.exception, BadEnrolmentList)
        assert not (tmp_path / "out").exists()


def test_who_has_not_agreed_is_not_heard(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        rows("s-unasked", "erna", ",,")
        + rows("s-words", "erna", "recognition-99,de,paper")
        + rows("s-gone", "emily"),
    )
    house = House.from_environment()
    house.subjects.rights.opt_out(SubjectId("s-gone"), datetime.now(UTC))
    done = encode(ivr, path, tmp_path / "out")

    assert done.exit_code == 0
    assert [(row.code, row.heard) for row in kept(tmp_path / "out")] == [
        *[("consent_missing", None)] * 3,
        *[("consent_text_unknown", None)] * 3,
        *[("subject_opted_out", None)] * 3,
    ]


def test_a_consent_that_was_withdrawn_is_not_given_back(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(tmp_path, rows("s-klaus", "klaus"))
    ivr("enrol", "--csv", path)
    house = House.from_environment()
    house.subjects.rights.withdraw(SubjectId("s-klaus"), Purpose.RECOGNITION, datetime.now(UTC))
    encode(ivr, path, tmp_path / "out")

    assert {row.code for row in kept(tmp_path / "out")} == {"consent_missing"}


def test_another_list_line_or_encoder_is_refused(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = listed(tmp_path, rows("s-klaus", "klaus"))
    encode(ivr, path, tmp_path / "out")
    line = encode(ivr, path, tmp_path / "out", "--codec", "alaw")
    enrolled = ivr("enrol", "--csv", path, "--encoded", tmp_path / "out", "--codec", "alaw")
    monkeypatch.setenv("IVR_ENCODER", "telephone-ecapa-0")
    encoder = encode(ivr, path, tmp_path / "out")
    monkeypatch.delenv("IVR_ENCODER")
    other = encode(ivr, listed(tmp_path, rows("s-erna", "erna")), tmp_path / "out")

    told = [str(done.exception) for done in (line, enrolled, encoder, other)]
    assert all(isinstance(done.exception, BadBulkFolder) for done in (line, enrolled, encoder))
    assert ["another line" in told[0], "another line" in told[1]] == [True, True]
    assert ["another encoder" in told[2], "another list" in told[3]] == [True, True]
    assert len(voices(tmp_path / "out")) == 3


def test_enrolled_from_a_folder_the_print_is_the_same(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = []
    for n in (1, 2, 3):
        samples, _ = soundfile.read(FIXTURES / f"erna-enrol-{n}.wav")
        wide.append(tmp_path / f"wide-{n}.wav")
        soundfile.write(wide[-1], np.repeat(samples, 2), 16_000)
    mixed = f"{FIXTURES}/klaus-enrol-1.wav", f"{FIXTURES}/klaus-enrol-2.wav"
    path = listed(
        tmp_path,
        rows("s-klaus", "klaus")
        + f"s-klaus,{FIXTURES}/klaus-one-second.wav,{AGREED}\n"
        + "".join(f"s-wide,{file},{AGREED}\n" for file in wide)
        + "".join(f"s-two,{f},{AGREED}\n" for f in (*mixed, FIXTURES / "emily-enrol-1.wav"))
        + f"s-lost,{tmp_path}/none.wav,{AGREED}\n"
        + rows("s-unasked", "jana", ",,"),
    )
    plain = ivr("enrol", "--csv", path)
    told, before = reported(path), prints()
    (tmp_path / "people.report.csv.progress").unlink()
    encode(ivr, path, tmp_path / "out")

    def never(*_: object) -> None:
        raise AssertionError("It was heard again.")

    monkeypatch.setattr(Enrolling, "hear", never)
    again = ivr("enrol", "--csv", path, "--encoded", tmp_path / "out")

    assert (plain.exit_code, again.exit_code) == (1, 1)
    assert reported(path) == told
    assert [one["outcome"] for one in told] == ["enrolled", "enrolled", *["refused"] * 3]
    assert len(before) == 2
    assert prints() == before


def prints() -> list[bytes]:
    store = House.from_environment().voices.sealed
    found = (store.get(SubjectId(name)) for name in ("s-klaus", "s-wide"))
    return [one.vector.tobytes() for one in found if one is not None]  # type: ignore[union-attr]


def test_one_voice_or_another_setting_is_not_evaluated(ivr: Ivr, tmp_path: Path) -> None:
    encode(ivr, listed(tmp_path, rows("s-klaus", "klaus")), tmp_path / "out")

    assert isinstance(ivr("bulk", "evaluate", tmp_path / "none").exception, BadBulkFolder)
    assert isinstance(
        ivr("bulk", "evaluate", tmp_path / "out", "--codec", "alaw").exception, BadBulkFolder
    )
    assert isinstance(ivr("bulk", "evaluate", tmp_path / "out").exception, BadTestSet)


def test_voices_of_a_folder_are_told_apart(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        rows("s-klaus", "klaus")
        + f"s-klaus,{FIXTURES}/klaus-one-second.wav,{AGREED}\n"
        + rows("s-erna", "erna")
        + rows("s-emily", "emily", ",,"),
    )
    encode(ivr, path, tmp_path / "out")
    done = ivr("bulk", "evaluate", tmp_path / "out", "--json", tmp_path / "figures.json")
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))

    assert done.exit_code == 0
    assert (figures["target_trials"], figures["impostor_trials"]) == (6, 9)
    assert figures["eer"] == 0.0
    assert figures["speakers"] == 2


def test_a_file_that_was_changed_afterwards_is_heard_anew(ivr: Ivr, tmp_path: Path) -> None:
    for n in (1, 2, 3):
        (tmp_path / f"{n}.wav").write_bytes((FIXTURES / f"klaus-enrol-{n}.wav").read_bytes())
    path = listed(tmp_path, "".join(f"s-klaus,{n}.wav,{AGREED}\n" for n in (1, 2, 3)))
    encode(ivr, path, tmp_path / "out")
    (tmp_path / "3.wav").write_bytes((FIXTURES / "emily-enrol-1.wav").read_bytes())

    done = ivr("enrol", "--csv", path, "--encoded", tmp_path / "out")

    assert done.exit_code == 1
    assert reported(path)[0]["code"] == "samples_disagree"


def test_a_run_that_is_killed_goes_on_and_ends_the_same(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        "".join(rows(f"s-{who}", who) for who in ("klaus", "erna", "emily", "jana")) * 2
        + f"s-klaus,{FIXTURES}/not-audio.wav,{AGREED}\n",
    )
    words = ["bulk", "encode", path, "--into", tmp_path / "out", "--shard-rows", 2]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [
            *(sys.executable, "-c", "from ivr.cli import main; main()"),
            *map(str, words),
            *("--workers", "2"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    for _ in range(600):
        if list((tmp_path / "out").glob("*.shard")) or child.poll() is not None:
            break
        time.sleep(0.05)
    workers = children(child.pid)
    child.send_signal(signal.SIGKILL)
    child.wait()
    before = len(list((tmp_path / "out").glob("*.shard")))
    again = encode(ivr, path, tmp_path / "out")
    whole = encode(ivr, path, tmp_path / "whole")
    left = [pid for pid in workers if (Path("/proc") / str(pid)).exists() and not ended(pid)]

    assert 1 <= before < 13
    assert f"25 recordings in {tmp_path / 'out'}, {2 * before} of them from before." in (
        again.output
    )
    assert (again.exit_code, whole.exit_code) == (0, 0)
    assert len(voices(tmp_path / "whole")) == 24
    assert voices(tmp_path / "out") == voices(tmp_path / "whole")
    assert len(workers) >= 2
    assert left == []


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
    return [int(one) for one in listed.split()]


def ended(pid: int) -> bool:
    """Nobody waits for orphans in a container without an init."""
    return ") Z " in Path(f"/proc/{pid}/stat").read_text("utf-8")


def test_forgetting_destroys_the_key_of_every_copy(ivr: Ivr, tmp_path: Path) -> None:
    path = listed(tmp_path, rows("s-klaus", "klaus"))
    encode(ivr, path, tmp_path / "out")
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in (tmp_path / "out").iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    assert folder_id(copy) == folder_id(tmp_path / "out")

    done = ivr("bulk", "forget", tmp_path / "out")

    assert done.output == "The key is destroyed, and 2 shards are removed.\n"
    assert not (tmp_path / "out").exists()
    with pytest.raises(BadBulkFolder, match="key was destroyed"):
        kept(copy)
    for refused in (
        encode(ivr, path, copy),
        ivr("enrol", "--csv", path, "--encoded", copy),
    ):
        assert isinstance(refused.exception, BadBulkFolder)
