"""One training run: resumable, repeatable, and willing to say how far it is."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.utils.data import DataLoader, Subset

from biometrics.encoders.torchaudio_stand_in import make_torchaudio_importable
from biometrics.training import losses
from biometrics.training.crops import Batch, Crops, Shelf
from biometrics.training.lessons import HINTS
from biometrics.training.optimiser import Optimiser
from biometrics.training.recipe import Recipe
from biometrics.training.student import Student
from biometrics.training.variants import VARIANTS

make_torchaudio_importable()

from speechbrain.lobes.features import Fbank  # noqa: E402 - importable only after the line above

Progress = Callable[[int, dict[str, float]], None]
"""Told how many steps are done, and the losses of the last."""

_SPEAKERS = 4_096
"""Room for the speakers of every corpus; fixed, so that a corpus can join a run later."""
_LONGEST_GRADIENT = 5.0


class Run:
    """A run in `folder`: checkpoint.pt, losses.csv, and in the end model.safetensors."""

    def __init__(
        self,
        recipe: Recipe,
        shelves: Sequence[Shelf],
        folder: Path,
        *,
        begins_as: Path | None = None,
    ) -> None:
        """`begins_as` is the folder of an encoder of the same size, whose weights are learned on.

        Raises:
            RuntimeError: its weights do not fit the recipe.
        """
        torch.manual_seed(recipe.seed)
        self._recipe = recipe
        self._folder = folder
        self._crops = Crops(shelves, plan=recipe.plan(), seed=recipe.seed)
        self._student = Student(recipe.arguments, hints=HINTS)
        if begins_as is not None:
            weights = load_file(begins_as / "model.safetensors")
            self._student.ecapa.load_state_dict(weights)
        self._margin = losses.Margin(
            torch.from_numpy(_class_voices(shelves)), margin=recipe.margin, scale=recipe.scale
        )
        self._features = _features(recipe)
        self._optimiser = Optimiser(
            self._student, self._margin, muon_share=recipe.muon_share, decay=recipe.decay
        )
        self._mean = {k: v.clone().float() for k, v in self._student.ecapa.state_dict().items()}
        self._step = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    def learn(self, progress: Progress, *, compiled: bool, workers: int) -> None:
        """Every step that is left."""
        forward = torch.compile(self._student) if compiled else self._student
        left = Subset(self._crops, range(self._step, self._recipe.steps))
        loader = DataLoader(
            left, batch_size=None, num_workers=workers, prefetch_factor=6 if workers else None
        )
        for batch in loader:
            found = self._one_step(forward, batch)
            progress(self._step, found)
            if self._step % self._recipe.save_every == 0:
                self._save()
        self._save()
        self.export()

    def export(self) -> None:
        """Write the running mean of the weights, in half precision, and config.json."""
        recipe = self._recipe
        weights = {
            name: (value.half() if value.is_floating_point() else value).contiguous()
            for name, value in _typed(self._mean, self._student.ecapa.state_dict()).items()
        }
        save_file(weights, self._folder / "model.safetensors")
        config = {
            "id": recipe.id,
            "network": "speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN",
            "arguments": recipe.arguments,
            "features": recipe.features,
            "embedding": "192 values, length-normalised, compared by cosine",
            "input": "mono float waveform in [-1, 1], 8 kHz",
        }
        text = json.dumps(config, indent=1)
        (self._folder / "config.json").write_text(text + "\n", encoding="utf-8")

    def _one_step(
        self, forward: Callable[[Tensor], tuple[Tensor, Tensor]], batch: Batch
    ) -> dict[str, float]:
        recipe, rate = self._recipe, self._recipe.rate_at(self._step)
        self._student.train()
        with torch.no_grad():
            mels = self._features(batch.sound)
            mels = mels - mels.mean(dim=1, keepdim=True)
        with torch.autocast("cpu", torch.bfloat16):
            voices, hints = forward(mels)
        voices, hints = voices.float(), hints.float()
        found = {
            "likeness": losses.likeness(voices, batch.voices),
            "relations": losses.relations(voices, batch.voices),
            "hints": losses.hints(hints, batch.hints),
            "margin_loss": self._margin(voices, batch.speakers),
        }
        total = losses.mixed(found, {name: getattr(recipe, name) for name in found})
        total.backward()  # type: ignore[no-untyped-call]  # torch's own
        torch.nn.utils.clip_grad_norm_(self._student.parameters(), _LONGEST_GRADIENT)
        self._optimiser.step(rate)
        self._average()
        self._step += 1
        row = {"step": float(self._step), "rate": rate, "total": float(total.detach())}
        row |= {name: float(loss.detach()) for name, loss in found.items()}
        self._note(row)
        return row

    def _average(self) -> None:
        # Early weights are forgotten sooner.
        share = min(self._recipe.averaged, (1 + self._step) / (10 + self._step))
        with torch.no_grad():
            for name, value in self._student.ecapa.state_dict().items():
                self._mean[name].lerp_(value.float(), 1 - share)

    def _note(self, row: dict[str, float]) -> None:
        file = self._folder / "losses.csv"
        is_new = not file.exists()
        with file.open("a", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, row)
            if is_new:
                writer.writeheader()
            writer.writerow({name: f"{value:.6g}" for name, value in row.items()})

    def _save(self) -> None:
        draft = self._folder / "checkpoint.part"
        state: dict[str, Any] = {
            "step": self._step,
            "student": self._student.state_dict(),
            "margin": self._margin.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "mean": self._mean,
            "recipe": asdict(self._recipe),
        }
        torch.save(state, draft)
        draft.replace(self._folder / "checkpoint.pt")

    def _resume(self) -> None:
        file = self._folder / "checkpoint.pt"
        if not file.exists():
            (self._folder / "losses.csv").unlink(missing_ok=True)
            return
        state = torch.load(file, map_location="cpu", weights_only=True)
        self._step = int(state["step"])
        self._student.load_state_dict(state["student"])
        self._margin.load_state_dict(state["margin"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._mean = state["mean"]
        self._forget_losses_after(self._step)

    def _forget_losses_after(self, step: int) -> None:
        """Steps since the checkpoint are done again and must not be listed twice."""
        file = self._folder / "losses.csv"
        if file.exists():
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            file.write_text("".join(lines[: step + 1]), encoding="utf-8")


def _typed(mean: dict[str, Tensor], like: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.to(like[name].dtype) for name, value in mean.items()}


def _features(recipe: Recipe) -> torch.nn.Module:
    found = recipe.features
    features: torch.nn.Module = Fbank(
        sample_rate=found["sample_rate_hz"],
        n_mels=found["n_mels"],
        n_fft=found["n_fft"],
        win_length=found["win_length_ms"],
        hop_length=found["hop_length_ms"],
        f_min=found["f_min_hz"],
        f_max=found["f_max_hz"],
    )
    return features.eval()


def _class_voices(shelves: Sequence[Shelf]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The teacher's mean voice of every speaker and variant; chance directions for the rest."""
    draw = np.random.default_rng(1)
    classes = draw.standard_normal((_SPEAKERS * len(VARIANTS), 192)).astype(np.float32)
    for shelf in shelves:
        for speaker in np.unique(shelf.speakers[shelf.speakers >= 0]):
            mean = shelf.voices[shelf.speakers == speaker].mean(axis=0)
            classes[int(speaker) * len(VARIANTS) + shelf.variant] = mean
    return np.asarray(classes / np.linalg.norm(classes, axis=1, keepdims=True), dtype=np.float32)
