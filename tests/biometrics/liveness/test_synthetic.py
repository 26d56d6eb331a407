"""The detector of synthetic voices: what it learns, keeps and refuses to load."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import biometrics
from biometrics import Speech, Waveform
from biometrics.errors import SpoofDetectorUnusable
from biometrics.liveness.learn import Lesson, learn
from biometrics.liveness.network import Network, network_from, score
from biometrics.liveness.synthetic import load_synthetic, save_synthetic
from biometrics.liveness.traits import COUNT, SHORTEST, traits

SHIPPED = Path(biometrics.__file__).with_name("weights") / "telephone-spoof-0"
LESSON = Lesson(copies=2, hidden=4, rounds=30, batch=16)

Turn = Callable[[str], Speech]


def _taught(seed: int = 1) -> tuple[Network, np.ndarray, np.ndarray]:
    """People and machines that differ in a few traits of many."""
    chance = np.random.default_rng(seed)
    found = chance.standard_normal((200, COUNT)).astype(np.float32)
    is_machine = np.arange(200) % 2 == 1
    found[is_machine, 7:27] += 2
    network = learn(found, is_machine, ["all"] * 200, LESSON)
    return network, found, is_machine


def _saved(folder: Path, **changed: object) -> Path:
    save_synthetic(_taught()[0], folder, {"threshold": 0.5, "may_gate": False, **changed})
    return folder


def test_what_tells_machines_apart_is_learned() -> None:
    network, _, _ = _taught()
    _, found, is_machine = _taught(seed=2)

    told = network.told(found)

    assert np.mean((told > 0) == is_machine) > 0.9


def test_the_same_seed_gives_the_same_weights() -> None:
    first, second = _taught()[0], _taught()[0]

    np.testing.assert_array_equal(first.hidden, second.hidden)
    np.testing.assert_array_equal(first.out, second.out)


def test_another_seed_gives_other_weights() -> None:
    _, found, is_machine = _taught()
    other = learn(found, is_machine, ["all"] * 200, replace(LESSON, seed=2))

    assert not np.array_equal(_taught()[0].hidden, other.hidden)


def test_traits_are_finite_for_any_sound(turn: Turn) -> None:
    chance = np.random.default_rng(1)
    sounds = [
        turn("klaus-flight").waveform.samples,
        np.zeros(SHORTEST, np.float32),
        chance.standard_normal(SHORTEST).astype(np.float32),
        np.ones(8_000, np.float32),
        np.sin(np.arange(8_000) * 0.3).astype(np.float32),
    ]

    for sound in sounds:
        found = traits(sound)
        assert found.shape == (COUNT,)
        assert np.isfinite(found).all()


def test_loudness_is_no_trait(turn: Turn) -> None:
    samples = turn("klaus-flight").waveform.samples

    np.testing.assert_allclose(traits(samples * 0.1), traits(samples), rtol=1e-3, atol=1e-3)


def test_a_long_sound_is_judged_in_pieces(turn: Turn) -> None:
    network = _taught()[0]
    samples = turn("klaus-flight").waveform.samples
    long = np.tile(samples, 4)

    assert np.isfinite(score(network, long))
    assert score(network, samples[:SHORTEST]) == pytest.approx(
        float(network.told(traits(samples[:SHORTEST])[np.newaxis])[0])
    )


def test_what_was_saved_says_the_same(tmp_path: Path, turn: Turn) -> None:
    detector = load_synthetic(_saved(tmp_path))

    speech = turn("klaus-flight")
    assert detector.score(speech) is not None
    assert detector.score(speech) == load_synthetic(tmp_path).score(speech)
    assert (detector.threshold, detector.may_gate) == (0.5, False)


def test_too_little_or_broken_speech_is_not_judged(tmp_path: Path, turn: Turn) -> None:
    detector = load_synthetic(_saved(tmp_path))
    broken = turn("klaus-flight")
    samples = broken.waveform.samples.copy()
    samples[100] = np.nan
    broken = replace(broken, waveform=Waveform(samples=samples, rate_hz=8_000))

    assert detector.judge(turn("klaus-flight").cut(0, 900)) is None
    assert detector.judge(broken) is None


def test_the_threshold_stands_at_a_risk_of_one_half(tmp_path: Path, turn: Turn) -> None:
    found = load_synthetic(_saved(tmp_path)).score(turn("klaus-flight"))
    at = load_synthetic(_saved(tmp_path, threshold=found)).judge(turn("klaus-flight"))
    above = load_synthetic(_saved(tmp_path, threshold=found + 1e-3)).judge(turn("klaus-flight"))

    assert at is not None
    assert above is not None
    assert (at.is_spoof, above.is_spoof) == (True, False)
    assert at.risk == pytest.approx(0.5)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_a_missing_file_is_refused(tmp_path: Path, file: str) -> None:
    (_saved(tmp_path) / file).unlink()

    with pytest.raises(SpoofDetectorUnusable, match="install Rufwerk again"):
        load_synthetic(tmp_path)


def test_weights_of_another_threshold_are_refused(tmp_path: Path) -> None:
    weights = (_saved(tmp_path) / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(weights[:-4] + b"\0\0\0\0")

    with pytest.raises(SpoofDetectorUnusable):
        load_synthetic(tmp_path)


@pytest.mark.parametrize("threshold", [None, "high", float("nan")])
def test_a_threshold_that_is_no_number_is_refused(tmp_path: Path, threshold: object) -> None:
    _saved(tmp_path, threshold=threshold)

    with pytest.raises(SpoofDetectorUnusable):
        load_synthetic(tmp_path)


def test_weights_of_another_shape_are_refused() -> None:
    network = _taught()[0]
    names = ("mean", "spread", "hidden", "hidden_offset", "out", "out_offset")
    weights = {name: getattr(network, name) for name in names}

    with pytest.raises(ValueError, match="another network"):
        network_from({**weights, "mean": weights["mean"][:-1]})
    with pytest.raises(ValueError, match="not a number"):
        network_from({**weights, "out": np.full_like(weights["out"], np.nan)})


@pytest.mark.skipif(not SHIPPED.is_dir(), reason="no detector is shipped")
def test_the_shipped_detector_may_gate_only_where_it_stops_one_in_a_hundred() -> None:
    detector = load_synthetic(SHIPPED)
    figures = json.loads((SHIPPED / "evaluation.json").read_text("utf-8"))
    size = sum(file.stat().st_size for file in SHIPPED.iterdir() if file.suffix == ".safetensors")

    assert size <= 1_000_000
    assert detector.may_gate == (figures["bpcer"]["limits"][1] <= 0.01)
