"""The teacher's graph says what the network says, for every length."""

from pathlib import Path

import numpy as np
import pytest
import torch

from biometrics.encoders.campplus_network import CamPlusPlus
from biometrics.training.teacher import Teacher


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of chance: what is tested is the way through the graph."""
    torch.manual_seed(5)
    file = tmp_path_factory.mktemp("teacher") / "campplus.pt"
    torch.save(CamPlusPlus().state_dict(), file)
    return file


@pytest.mark.parametrize("milliseconds", [600, 1_000, 1_990, 2_000, 2_010, 3_700])
def test_short_and_long_sound_is_heard_alike(weights: Path, milliseconds: int) -> None:
    """Shorter than one segment of the context mask, exactly one, and more."""
    draw = np.random.default_rng(milliseconds)
    samples = (0.1 * draw.standard_normal(16 * milliseconds)).astype(np.float32)
    teacher = Teacher(weights, threads=1)
    network = CamPlusPlus()
    network.load_state_dict(torch.load(weights, weights_only=True))
    network.eval()

    lesson = teacher.listen(np.tile(samples, 6)[:48_000])
    lesson = teacher.listen(samples)

    with torch.inference_mode():
        voice = network(teacher.mels(samples).unsqueeze(0))[0].numpy()
    assert float(lesson.voice @ voice / np.linalg.norm(voice)) > 0.998
    assert len(lesson.frames) == pytest.approx(milliseconds / 20, abs=2)
