"""Everything that makes one training run differ from another."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A run. The same recipe and lessons give the same weights on the same kind of machine."""

    id: str = "telephone-ecapa-1"
    channels: int = 384
    n_mels: int = 64
    hop_ms: int = 12
    steps: int = 5_000
    crops: int = 64
    """In each batch of short crops; long ones are fewer, so that all batches cost about as much."""
    short_ms: int = 2_000
    long_ms: int = 4_000
    long_from: float = 0.5
    """Share of the run after which every second batch is of long crops."""
    rate: float = 2e-3
    """Greatest learning rate, reached after the warm-up."""
    muon_share: float = 10.0
    """Rate of the trunk's matrices, which Muon changes, as a multiple of `rate`."""
    warm_up: int = 60
    decay: float = 2e-5
    """Weight decay."""
    likeness: float = 1.0
    relations: float = 5.0
    hints: float = 0.3
    margin_loss: float = 0.08
    margin: float = 0.2
    scale: float = 30.0
    averaged: float = 0.998
    """Of the running mean of weights that is shipped."""
    save_every: int = 100
    """Steps from one checkpoint to the next."""
    seed: int = 20_261

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Of SpeechBrain's ECAPA_TDNN."""
        width = self.channels
        return {
            "input_size": self.n_mels,
            "channels": [width, width, width, width, 3 * width],
            "kernel_sizes": [5, 3, 3, 3, 1],
            "dilations": [1, 2, 3, 4, 1],
            "attention_channels": 128,
            "lin_neurons": 192,
        }

    @property
    def features(self) -> Mapping[str, Any]:
        """As config.json has them."""
        return {
            "class": "speechbrain.lobes.features.Fbank",
            "sample_rate_hz": 8_000,
            "n_mels": self.n_mels,
            "n_fft": 256,
            "win_length_ms": 25,
            "hop_length_ms": self.hop_ms,
            "f_min_hz": 100,
            "f_max_hz": 3_900,
            "then": "subtract the mean over time of the utterance (no variance)",
        }

    def plan(self) -> list[tuple[int, int]]:
        """Crops and milliseconds of every batch."""
        few = max(self.crops * self.short_ms // self.long_ms // 2 * 2, 2)
        return [
            (few, self.long_ms)
            if step >= self.steps * self.long_from and step % 2
            else (self.crops, self.short_ms)
            for step in range(self.steps)
        ]

    def rate_at(self, step: int) -> float:
        """A linear warm-up and half a cosine."""
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        gone = (step - self.warm_up) / max(self.steps - self.warm_up, 1)
        return self.rate * (0.005 + 0.995 * (1 + math.cos(math.pi * min(gone, 1.0))) / 2)
