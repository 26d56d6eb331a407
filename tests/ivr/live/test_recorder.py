"""Both sides of a call, next to each other and as long as the call."""

import wave
from pathlib import Path

import numpy as np
import pytest
from fakes.small_files import no_file_beyond

from ivr.live.recorder import Recorder

FRAME = np.full(160, 1_000, dtype="<i2").tobytes()


def test_a_side_that_is_silent_is_filled_up_never_cut(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call.wav")
    for step in range(100):
        if step >= 50:
            recorder.heard(FRAME)
        recorder.said(FRAME)
    recorder.close()

    with wave.open(str(tmp_path / "call.wav")) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8_000)
        sides = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    left, right = sides[:, 0], sides[:, 1]
    assert len(right) >= 100 * 160
    assert np.count_nonzero(right) == 100 * 160
    assert np.count_nonzero(left) == 50 * 160
    assert abs(int(np.flatnonzero(left)[0]) - 50 * 160) <= 10 * 160


def test_a_recording_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    Recorder(tmp_path / "deep" / "call.wav").close()

    assert (tmp_path / "deep" / "call.wav").stat().st_mode & 0o077 == 0


def test_a_full_disk_ends_the_recording_and_not_the_call(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder(tmp_path / "a.wav")
    with no_file_beyond(4_000):
        for _ in range(200):
            recorder.heard(FRAME)
            recorder.said(FRAME)
        recorder.close()

    assert [one.message for one in caplog.records] == ["a recording ends early"]
    assert (tmp_path / "a.wav").stat().st_size <= 4_000
