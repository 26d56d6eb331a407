"""Recordings of any format and rate, read or refused."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics import UnreadableRecording
from biometrics.recordings import read_recording


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.raw", "a.opus"])
@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_is_no_recording_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(UnreadableRecording):
        read_recording(file)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "absent.wav"):
        with pytest.raises(UnreadableRecording):
            read_recording(place)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg"])
@pytest.mark.parametrize("rate_hz", [8000, 44_100])
def test_channels_are_mixed_at_the_files_own_rate(
    tmp_path: Path, suffix: str, rate_hz: int
) -> None:
    file = tmp_path / f"a.{suffix}"
    soundfile.write(file, np.tile([0.5, 0.0], (rate_hz, 1)), rate_hz)

    sound = read_recording(file)

    assert (sound.rate_hz, sound.duration_ms) == (rate_hz, 1000)
    assert sound.samples.dtype == np.float32
    assert np.median(sound.samples) == pytest.approx(0.25, abs=0.01)


def test_only_the_beginning_is_read_where_that_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, np.zeros(16_000), 8000)

    assert read_recording(file, longest_ms=500).duration_ms == 500
    assert read_recording(file, longest_ms=5000).duration_ms == 2000
