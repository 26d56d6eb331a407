"""Errors of a detector on folders of recordings."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from biometrics import Speech, Waveform
from biometrics.liveness import Opinion, Rate
from ivr.errors import BadTestSet
from ivr.evaluate.liveness import Ears, evaluate_liveness, rows


class PitchDetector:
    """Takes whoever speaks high for a machine."""

    name = "pitch"
    threshold = 1_000.0
    may_gate = False

    def score(self, speech: Speech) -> float | None:
        if speech.net_ms < 500:
            return None
        samples = speech.waveform.samples
        return float(np.abs(np.fft.rfft(samples)).argmax() * 8_000 / len(samples))

    def judge(self, speech: Speech) -> Opinion | None:
        raise NotImplementedError


class LoudnessDetector:
    """Takes whatever is loud for speech."""

    frame_ms = 32

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        width = waveform.rate_hz * self.frame_ms // 1000
        whole = waveform.samples[: len(waveform.samples) // width * width]
        peaks = np.abs(whole).reshape(-1, width).max(axis=1)
        return np.asarray(np.minimum(peaks * 4, 1), dtype=np.float32)


EARS = Ears(detector=PitchDetector(), speech=LoudnessDetector())


def _tones(folder: Path, *hertz: int, seconds: float = 2.0) -> Path:
    folder.mkdir(parents=True)
    for place, hz in enumerate(hertz):
        wave = 0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * 16_000)) / 16_000)
        soundfile.write(folder / f"{place}.wav", wave.astype(np.float32), 16_000)
    return folder


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    people = _tones(tmp_path / "people", 300)

    with pytest.raises(BadTestSet, match="no folder that can be read"):
        evaluate_liveness(people, [tmp_path / "absent"], EARS)


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "attacks").mkdir()

    with pytest.raises(BadTestSet, match="holds no recordings"):
        evaluate_liveness(_tones(tmp_path / "people", 300), [tmp_path / "attacks"], EARS)


def test_a_file_that_is_no_recording_is_refused_by_name(tmp_path: Path) -> None:
    people, attacks = _tones(tmp_path / "people", 300), _tones(tmp_path / "attacks", 2_000)
    (attacks / "letter.wav").write_text("This is a letter.")

    with pytest.raises(BadTestSet, match=r"letter\.wav"):
        evaluate_liveness(people, [attacks], EARS)


def test_an_unknown_codec_is_refused(tmp_path: Path) -> None:
    people, attacks = _tones(tmp_path / "people", 300), _tones(tmp_path / "attacks", 2_000)
    ears = Ears(detector=EARS.detector, speech=EARS.speech, codec="mp3")

    with pytest.raises(BadTestSet, match="codec must be one of"):
        evaluate_liveness(people, [attacks], ears)


def test_only_recordings_too_short_to_judge_are_refused(tmp_path: Path) -> None:
    people = _tones(tmp_path / "people", 300, seconds=0.2)
    attacks = _tones(tmp_path / "attacks", 2_000)

    with pytest.raises(BadTestSet, match="can be judged"):
        evaluate_liveness(people, [attacks], EARS)


@pytest.mark.parametrize("codec", ["mulaw", "alaw", "gsm", "none"])
def test_errors_are_told_kind_by_kind(tmp_path: Path, codec: str) -> None:
    people = _tones(tmp_path / "people", 300, 400, 500, 2_500)
    _tones(tmp_path / "attacks" / "vocoder", 2_000, 2_100, 600)
    _tones(tmp_path / "attacks" / "voice", 2_000)
    done: list[tuple[int, int]] = []
    ears = Ears(detector=EARS.detector, speech=EARS.speech, codec=codec)

    figures = evaluate_liveness(
        people, [tmp_path / "attacks"], ears, progress=lambda *at: done.append(at)
    )

    assert figures.bpcer == Rate(errors=1, trials=4)
    assert figures.apcer == {
        "vocoder": Rate(errors=1, trials=3),
        "voice": Rate(errors=0, trials=1),
    }
    assert done[-1] == (8, 8)


def test_one_folder_is_one_kind_and_short_ones_are_counted(tmp_path: Path) -> None:
    people = _tones(tmp_path / "people", 300)
    attacks = _tones(tmp_path / "robots", 2_000)
    _tones(tmp_path / "short", 2_000, seconds=0.2)
    (tmp_path / "short" / "0.wav").rename(attacks / "9.wav")

    figures = evaluate_liveness(people, [attacks], EARS)

    assert list(figures.apcer) == ["robots"]
    assert figures.unanswered == 1


def test_people_read_the_worst_kind_first(tmp_path: Path) -> None:
    people = _tones(tmp_path / "people", 300)
    _tones(tmp_path / "attacks" / "a-caught", 2_000)
    _tones(tmp_path / "attacks" / "b-passing", 300)

    figures = evaluate_liveness(people, [tmp_path / "attacks"], EARS)

    told = list(rows(figures))
    assert told[0] == ("people stopped (BPCER)", "0.0 %", "0.0 to 100.0 %", "0 of 1")
    assert [row[0] for row in told[1:3]] == ["b-passing passed (APCER)", "a-caught passed (APCER)"]
    assert json.loads(json.dumps(figures.as_json()))["worst_apcer"] == 1.0
