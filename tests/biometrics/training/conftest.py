"""Small lessons for every test of training."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biometrics.training.crops import Shelf, open_shelf
from biometrics.training.lessons import HINTS

PEOPLE = [0, 0, 1, 1, 2, -1]
"""Who speaks in each of the recordings; -1 is somebody unknown."""


@pytest.fixture
def shelf(tmp_path: Path) -> Callable[[int], Shelf]:
    """Makes the lessons of one variant from tones and chance."""

    def made(variant: int) -> Shelf:
        folder = tmp_path / f"0-{variant}"
        folder.mkdir()
        _write(folder, np.random.default_rng(variant))
        return open_shelf(folder, variant, speakers=PEOPLE, shares=[1.0] * len(PEOPLE))

    return made


def _write(folder: Path, draw: np.random.Generator) -> None:
    lengths = [8_000 * (2 + place % 3) for place in range(len(PEOPLE))]
    moments = [length // 160 - 1 for length in lengths]
    sound = [
        np.sin(2 * np.pi * (150 + 60 * person) * np.arange(length) / 8_000)
        + 0.1 * draw.standard_normal(length)
        for person, length in zip(PEOPLE, lengths, strict=True)
    ]
    index = [
        {
            "recording": place,
            "sound": sum(lengths[:place]),
            "samples": lengths[place],
            "hints": sum(moments[:place]),
            "moments": moments[place],
        }
        for place in range(len(PEOPLE))
    ]
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    (folder / "sound.i16").write_bytes((8_000 * np.concatenate(sound)).astype(np.int16).tobytes())
    hints = draw.integers(-40, 40, (sum(moments), HINTS)).astype(np.int8)
    (folder / "hints.i8").write_bytes(hints.tobytes())
    voices = draw.standard_normal((len(PEOPLE), 192)).astype(np.float32)
    np.save(folder / "voices.npy", voices / np.linalg.norm(voices, axis=1, keepdims=True))
