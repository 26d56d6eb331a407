"""The second opinion: its file is checked, and its answer is a probability."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from biometrics import Speech, Waveform
from biometrics.errors import SpoofDetectorUnusable
from biometrics.liveness.aasist import FILE, load_aasist

WEIGHTS = Path(__file__).parents[4] / "shared" / "models" / "aasist"
needs_weights = pytest.mark.skipif(
    not (WEIGHTS / FILE).is_file(), reason="AASIST's weights are not beside the checkout"
)

UPSTREAM = (8.5318985, -9.5440645)
"""What github.com/clovaai/aasist at a04c9863 gives for the sound below: machine, person."""

Turn = Callable[[str], Speech]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpoofDetectorUnusable, match="ivr models pull aasist"):
        load_aasist(tmp_path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"This is a letter." * 100)

    with pytest.raises(SpoofDetectorUnusable):
        load_aasist(tmp_path)


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(3)}, tmp_path / FILE)

    with pytest.raises(SpoofDetectorUnusable):
        load_aasist(tmp_path)


@needs_weights
def test_it_gives_a_probability_and_never_gates(turn: Turn) -> None:
    detector = load_aasist(WEIGHTS)
    speech = turn("klaus-flight")

    found = detector.score(speech)
    opinion = detector.judge(speech)

    assert found is not None
    assert 0.0 <= found <= 1.0
    assert opinion is not None
    assert opinion.is_spoof == (found >= 0.5)
    assert not detector.may_gate


@needs_weights
def test_it_answers_as_the_published_network_does() -> None:
    detector = load_aasist(WEIGHTS)
    samples = np.sin(np.arange(64_600) ** 1.2 * 0.01).astype(np.float32) * 0.3

    told = detector.outputs(samples)

    np.testing.assert_allclose(told, UPSTREAM, rtol=1e-4)


@needs_weights
def test_silence_and_broken_sound_are_not_judged(turn: Turn) -> None:
    detector = load_aasist(WEIGHTS)
    speech = turn("klaus-flight")
    broken = np.full_like(speech.waveform.samples, np.nan)

    assert detector.judge(Speech(waveform=speech.waveform, spans=())) is None
    broken_speech = replace(speech, waveform=Waveform(samples=broken, rate_hz=8_000))
    assert detector.judge(broken_speech) is None
