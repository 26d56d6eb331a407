"""What lies between a person and the encoder does what it says."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics import Codec, SpeechDetector, UnreadableRecording
from biometrics.evaluation.condition import Condition, Ear
from biometrics.evaluation.noise import Noises, active_level, noises_from, with_noise
from biometrics.labelled import labelled_recordings


def test_samples_that_are_not_numbers_are_no_recording(
    tmp_path: Path, detector: SpeechDetector
) -> None:
    samples = np.full(8000, np.nan, dtype=np.float32)
    soundfile.write(tmp_path / "nan.wav", samples, 8000, subtype="FLOAT")
    ear = Ear(detector=detector, noises=Noises())

    with pytest.raises(UnreadableRecording):
        ear.hear(tmp_path / "nan.wav", Condition(codec=Codec.NONE), person="p", seed=1)


@pytest.mark.parametrize("snr_db", [20, 5])
def test_noise_lies_as_far_below_speech_as_asked(
    detector: SpeechDetector, folder_of_voices: Callable[..., Path], snr_db: int
) -> None:
    file = folder_of_voices(1, 1) / "p00" / "00.wav"
    ear = Ear(detector=detector, noises=Noises())
    clean, noisy = (
        ear.hear(file, Condition(codec=Codec.NONE, snr_db=snr), person="p", seed=3).waveform.samples
        for snr in (None, snr_db)
    )

    ratio = np.mean(clean**2) / np.mean((noisy - clean) ** 2)
    assert 10 * np.log10(ratio) == pytest.approx(snr_db, abs=0.1)


def test_the_level_of_speech_is_not_that_of_its_pauses() -> None:
    tone = 0.5 * np.sin(np.arange(8000) / 3)
    samples = np.concatenate([tone, np.full(24_000, 1e-3)]).astype(np.float32)

    assert active_level(samples, rate_hz=8000) == pytest.approx(0.5 / 2**0.5, rel=0.02)
    assert active_level(np.zeros(100, dtype=np.float32), rate_hz=8000) == 0.0


def test_nobody_murmurs_beside_themselves() -> None:
    voices = tuple((f"p{n}", np.full(100, n + 1, dtype=np.float32)) for n in range(6))
    noises = Noises(voices=voices)

    for seed in range(20):
        noise = noises.beside("p5", 50, seed=seed)
        assert noise.shape == (50,)
        assert np.sqrt(np.mean(noise**2)) == pytest.approx(1.0, abs=1e-4)
    assert np.array_equal(noises.beside("p5", 50, seed=1), noises.beside("p5", 50, seed=1))


def test_a_murmur_is_made_of_everybody_s_speech(folder_of_voices: Callable[..., Path]) -> None:
    folder = folder_of_voices(3, 2)
    (folder / "p00" / "00.wav").write_bytes(b"no sound")
    (folder / "p00" / "01.wav").write_bytes(b"no sound")

    noises = noises_from(labelled_recordings([folder]), most=10, seed=1)

    assert sorted(name.rsplit("/", 1)[1] for name, _ in noises.voices) == ["p01", "p02"]
    assert all(np.mean(voice**2) == pytest.approx(1, rel=1e-3) for _, voice in noises.voices)


def test_silence_stays_silent() -> None:
    silence = np.zeros(80, dtype=np.float32)

    assert not with_noise(silence, np.ones(80, dtype=np.float32), snr_db=5, level=0.0).any()
