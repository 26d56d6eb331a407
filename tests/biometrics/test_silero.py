"""The speech detector, on real speech where there is some."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from biometrics import DetectorUnusable, SpanSettings, Waveform, find_speech
from biometrics.recordings import read_recording
from biometrics.silero import Silero, load_silero

SPEECH = Path(__file__).parents[3] / "shared" / "speech" / "eval" / "librispeech_test-other"


@pytest.fixture(scope="module")
def silero() -> Silero:
    return load_silero()


@pytest.fixture(scope="module")
def sentence() -> Waveform:
    files = sorted(SPEECH.glob("*/*.opus"))
    if not files:
        pytest.skip("No real speech beside the checkout: ../shared/speech is missing.")
    return read_recording(files[0])


def noise(ms: int, level: float) -> Waveform:
    samples = np.random.default_rng(3).normal(0, level, ms * 8).astype(np.float32)
    return Waveform(samples=samples, rate_hz=8000)


def test_a_missing_file_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(DetectorUnusable, match="install silero-vad again"):
        Silero(tmp_path / "absent.onnx")


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x08" * 100])
def test_a_damaged_file_is_unusable(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "damaged.onnx"
    file.write_bytes(content)

    with pytest.raises(DetectorUnusable, match="install silero-vad again"):
        Silero(file)


def test_an_absent_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biometrics.silero.find_spec", lambda _: None)

    with pytest.raises(DetectorUnusable, match="is not installed; install silero-vad"):
        load_silero()


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (1, 0), (255, 0), (256, 1), (8000, 31)])
def test_only_whole_frames_are_judged(silero: Silero, samples: int, frames: int) -> None:
    silence = Waveform(samples=np.zeros(samples, dtype=np.float32), rate_hz=8000)

    assert silero.probabilities(silence).shape == (frames,)
    assert silero.frame_ms == 32


def test_silence_and_noise_are_no_speech(silero: Silero) -> None:
    silence = Waveform(samples=np.zeros(24_000, dtype=np.float32), rate_hz=8000)

    for sound in (silence, noise(3000, 0.001), noise(3000, 0.2)):
        assert find_speech(sound, silero, SpanSettings()).spans == ()


def test_a_sentence_is_speech(silero: Silero, sentence: Waveform) -> None:
    speech = find_speech(sentence, silero, SpanSettings())

    assert 0.6 < speech.net_ms / sentence.duration_ms <= 1.0


def test_speech_is_found_where_it_is(silero: Silero, sentence: Waveform) -> None:
    first = sentence.cut(0, 3000).samples
    around = np.zeros(2 * sentence.rate_hz, dtype=np.float32)
    sound = Waveform(samples=np.concatenate([around, first, around]), rate_hz=sentence.rate_hz)

    spans = find_speech(sound, silero, SpanSettings()).spans

    assert 1900 < spans[0].start_ms < 2900
    assert 4000 < spans[-1].end_ms < 5300


def test_one_recording_does_not_touch_the_next(silero: Silero, sentence: Waveform) -> None:
    short = sentence.cut(0, 2000)
    before = silero.probabilities(short).tolist()
    silero.probabilities(noise(2000, 0.3))

    assert silero.probabilities(short).tolist() == before


def test_threads_share_one_detector(silero: Silero, sentence: Waveform) -> None:
    parts = [sentence.cut(start, start + 1500) for start in range(0, 2000, 500)] * 2
    alone = [silero.probabilities(part).tolist() for part in parts]

    with ThreadPoolExecutor(max_workers=4) as threads:
        together = [found.tolist() for found in threads.map(silero.probabilities, parts)]

    assert together == alone
