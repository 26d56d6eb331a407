"""Folders of recordings, one folder a person."""

from collections.abc import Callable
from pathlib import Path

import pytest

from biometrics import Codec, Listening, SpeechDetector, TooFewTrials, UnreadableRecording
from biometrics.labelled import labelled_recordings


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooFewTrials, match="is missing"):
        labelled_recordings([tmp_path / "absent"])


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()

    with pytest.raises(TooFewTrials, match="is missing"):
        labelled_recordings([tmp_path / "a.wav"])


def test_one_person_is_not_enough(tmp_path: Path) -> None:
    (tmp_path / "klaus").mkdir()
    (tmp_path / "klaus" / "a.wav").touch()

    with pytest.raises(TooFewTrials, match="at least two folders"):
        labelled_recordings([tmp_path])


def test_recordings_lie_in_the_folder_of_their_person_however_deep(tmp_path: Path) -> None:
    for name in ("b/2.flac", "a/day/1.OPUS", "a/notes.txt", "loose.wav", "b/1.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    found = labelled_recordings([tmp_path])

    assert [(entry.person, entry.file.name) for entry in found] == [
        (f"{tmp_path}/a", "1.OPUS"),
        (f"{tmp_path}/b", "1.wav"),
        (f"{tmp_path}/b", "2.flac"),
    ]


def test_the_same_name_in_two_folders_is_two_persons(tmp_path: Path) -> None:
    for name in ("x/0001/a.wav", "y/0001/a.wav"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()

    found = labelled_recordings([tmp_path / "x", tmp_path / "y"])

    assert len({entry.person for entry in found}) == 2


def test_listening_hears_the_beginning_over_the_telephone(
    detector: SpeechDetector, folder_of_voices: Callable[..., Path]
) -> None:
    file = folder_of_voices(1, 1) / "p00" / "00.wav"

    speech = Listening(detector=detector, codec=Codec.GSM, longest_ms=1600)(file)

    assert speech.waveform.rate_hz == 8000
    assert speech.waveform.duration_ms == 1600
    assert speech.net_ms == 1600


def test_listening_refuses_what_is_no_recording(detector: SpeechDetector, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")

    with pytest.raises(UnreadableRecording):
        Listening(detector=detector, codec=Codec.MULAW)(tmp_path / "a.wav")
