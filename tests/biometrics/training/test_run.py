"""A run can be stopped, resumed and repeated."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics.encoders.ecapa import load_own
from biometrics.training.crops import Shelf
from biometrics.training.recipe import Recipe
from biometrics.training.run import Run
from biometrics.waveform import Waveform

SMALL = Recipe(
    id="tiny", channels=32, steps=6, crops=8, short_ms=1_000, long_ms=2_000, warm_up=2, save_every=2
)


def curve(folder: Path) -> list[dict[str, str]]:
    with (folder / "losses.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def quiet(*_: object) -> None: ...


class KilledError(Exception):
    """The power went."""


def dies_after(step: int) -> Callable[..., None]:
    def progress(done: int, _: object) -> None:
        if done == step:
            raise KilledError

    return progress


def test_the_same_seed_gives_the_same_curve(shelf: Callable[[int], Shelf], tmp_path: Path) -> None:
    shelves = [shelf(0), shelf(1)]

    for name in ("first", "second"):
        Run(SMALL, shelves, tmp_path / name).learn(quiet, compiled=False, workers=0)

    assert len(curve(tmp_path / "first")) == 6
    assert curve(tmp_path / "first") == curve(tmp_path / "second")


def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    shelf: Callable[[int], Shelf], tmp_path: Path
) -> None:
    shelves = [shelf(0)]
    Run(SMALL, shelves, tmp_path / "whole").learn(quiet, compiled=False, workers=0)

    with pytest.raises(KilledError):
        Run(SMALL, shelves, tmp_path / "killed").learn(dies_after(5), compiled=False, workers=0)
    Run(SMALL, shelves, tmp_path / "killed").learn(quiet, compiled=False, workers=0)

    assert curve(tmp_path / "whole") == curve(tmp_path / "killed")
    whole, killed = (
        (tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "killed")
    )
    assert whole == killed


def test_what_a_run_leaves_is_an_encoder(shelf: Callable[[int], Shelf], tmp_path: Path) -> None:
    Run(SMALL, [shelf(0)], tmp_path / "run").learn(quiet, compiled=False, workers=0)

    encoder = load_own(tmp_path / "run")

    noise = np.random.default_rng(1).standard_normal(16_000).astype(np.float32) * 0.1
    vector = encoder.encode(Waveform(samples=noise, rate_hz=8_000))
    assert encoder.id == "tiny"
    assert vector.shape == (192,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


def test_a_run_can_begin_as_an_encoder_of_its_size(
    shelf: Callable[[int], Shelf], tmp_path: Path
) -> None:
    shelves = [shelf(0)]
    Run(SMALL, shelves, tmp_path / "first").learn(quiet, compiled=False, workers=0)
    none_left = replace(SMALL, steps=0)

    Run(none_left, shelves, tmp_path / "second", begins_as=tmp_path / "first").export()

    first, second = (load_own(tmp_path / name).weights_sha256 for name in ("first", "second"))
    assert first == second


def test_a_run_cannot_begin_as_an_encoder_of_another_size(
    shelf: Callable[[int], Shelf], tmp_path: Path
) -> None:
    shelves = [shelf(0)]
    Run(replace(SMALL, steps=0), shelves, tmp_path / "small").export()

    with pytest.raises(RuntimeError, match="size mismatch"):
        Run(
            replace(SMALL, channels=48),
            shelves,
            tmp_path / "wide",
            begins_as=tmp_path / "small",
        )
