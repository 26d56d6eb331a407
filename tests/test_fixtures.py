"""The fixtures are what their manifest says."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from ivr.listen.wav import read_wav
from ivr.rehearsal import read_script
from ivr.settings import ListenSettings
from ivr.studio import Recording, read_manifest

FOLDER = Path(__file__).parents[1] / "audio_fixtures"
MANIFEST = read_manifest(FOLDER)
LARGEST_BYTES = 64_000

recordings = pytest.mark.parametrize("recording", MANIFEST.recordings, ids=lambda one: one.file)


def test_no_file_is_unlisted_and_none_is_missing() -> None:
    listed = {recording.file for recording in MANIFEST.recordings}

    assert {path.name for path in FOLDER.iterdir()} == {*listed, "manifest.toml"}


def test_everything_has_an_origin_and_a_licence() -> None:
    assert MANIFEST.origin.startswith("synthetic")
    assert MANIFEST.licence == "as the project"


@recordings
def test_a_recording_is_the_one_that_was_made(recording: Recording) -> None:
    data = (FOLDER / recording.file).read_bytes()

    assert hashlib.sha256(data).hexdigest() == recording.sha256
    assert len(data) <= LARGEST_BYTES


@pytest.mark.parametrize(
    "recording",
    [one for one in MANIFEST.recordings if one.speaker != "letter"],
    ids=lambda one: one.file,
)
def test_a_recording_is_what_a_telephone_brings(recording: Recording) -> None:
    data = (FOLDER / recording.file).read_bytes()
    mulaw = 7

    assert int.from_bytes(data[20:22], "little") == mulaw
    assert read_wav(data, ListenSettings()).rate_hz == 8_000


def test_every_recording_is_used_and_every_use_is_recorded() -> None:
    script = read_script(FOLDER)
    used = {turn.recording for call in script.calls for turn in call.turns}
    used |= {file for enrolment in script.enrolments for file in enrolment.recordings}

    assert used == {recording.file for recording in MANIFEST.recordings}


def test_every_enrolled_voice_belongs_to_a_customer() -> None:
    callers = tomllib.loads((FOLDER / "manifest.toml").read_text("utf-8"))["callers"]
    subjects = {caller["subject"] for caller in callers}

    assert {enrolment.subject for enrolment in read_script(FOLDER).enrolments} <= subjects
