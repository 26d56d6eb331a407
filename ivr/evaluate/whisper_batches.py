"""Several turns in one go by Whisper, to measure whether it pays. Calls do not do it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from biometrics import Waveform, resampled
from ivr.understand.whisper_model import COMPUTE

_RATE_HZ = 16_000
_FRAMES = 1_000
"""The window of a turn of up to nine seconds."""

_BEAM = 5
_MOST_TOKENS = 120


def turns_in_one_go(
    folder: Path,
    sounds: Sequence[Waveform],
    *,
    threads: int,
    at_once: int = 1,
    device: Literal["cpu", "cuda"] = "cpu",
) -> Callable[[Sequence[int]], object]:
    """Recognises the sounds at some places together, in a window that is the same for all."""
    model = WhisperModel(
        str(folder),
        device=device,
        compute_type=COMPUTE[device],
        cpu_threads=threads,
        num_workers=at_once,
        local_files_only=True,
    )
    tokenizer = Tokenizer(model.hf_tokenizer, multilingual=True, task="transcribe", language="de")
    prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    features = [_features(model, sound) for sound in sounds]

    def recognise(places: Sequence[int]) -> object:
        together = np.concatenate([features[place] for place in places])
        encoded = model.model.encode(ctranslate2.StorageView.from_array(together))
        prompts = [prompt] * len(places)
        return model.model.generate(encoded, prompts, beam_size=_BEAM, max_length=_MOST_TOKENS)

    return recognise


def _features(model: WhisperModel, sound: Waveform) -> NDArray[np.float32]:
    """Shape (1, mels, frames)."""
    found = model.feature_extractor(resampled(sound, _RATE_HZ).samples)[:, :_FRAMES]
    return np.pad(found, ((0, 0), (0, _FRAMES - found.shape[1])))[None].astype(np.float32)
