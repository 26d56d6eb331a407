"""Makes the model of angry voices: `scripts/train-mood`."""

import argparse
import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from biometrics import SpeechDetector
from biometrics.silero import load_silero
from ivr.evaluate.mood_figures import false_alarms, learned, with_figures
from ivr.evaluate.mood_material import Recording, Surroundings, berlin, calm, examples
from ivr.evaluate.mood_training import Taught, taught
from ivr.understand.baseline import MANNER
from ivr.understand.mood_voice import Curve, VoiceMood

_SEED = 7
_LINES = 3
"""Calls in which each of the actors is heard."""

_LEARNED: Mapping[str, int] = {
    "speech_commands": 300,
    "speechocean762": 500,
    "arabic_speech_commands": 150,
    "picovoice_intent": 200,
    "librispeech": 140,
}
_TESTED: Mapping[str, int] = {
    "speech_commands": 200,
    "speechocean762": 400,
    "kerstin": 150,
    "librispeech_test-other": 100,
    "librispeech_cohort": 248,
}
_CHILD = 13
_TALKING = 40
"""Recordings of whom some talk behind the callers."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn, test on other people, and write weights, figures and the tables of the card."""
    options = _options(arguments)
    detector, chance = load_silero(), np.random.default_rng(_SEED)
    read = calm(options.manifest, part="train", most=_LEARNED)
    material = [
        *examples(berlin(options.berlin), detector, chance, lines=_LINES),
        *examples(read, detector, chance),
    ]
    alone, compared = (taught(material, is_compared=one) for one in (False, True))
    model = VoiceMood(alone=alone.curve, compared=compared.curve)
    options.out.mkdir(parents=True, exist_ok=True)
    _write(options.out / "model.json", _content(model))
    figures = _figures(alone, compared, model, options.manifest, detector)
    _write(options.out / "evaluation.json", figures)
    card = options.out / "MODEL_CARD.md"
    if card.exists():
        card.write_text(with_figures(card.read_text(encoding="utf-8"), figures), encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("berlin", type=Path, help="folder with the Berlin database's wav files")
    parser.add_argument("manifest", type=Path, help="manifest.csv of calm recordings")
    parser.add_argument("out", type=Path, help="folder for weights, figures and model card")
    return parser.parse_args(arguments)


def _figures(
    alone: Taught, compared: Taught, model: VoiceMood, manifest: Path, detector: SpeechDetector
) -> dict[str, Any]:
    tested = calm(manifest, part="eval", most=_TESTED)
    children = _children(manifest)
    places = {
        "5 dB of noise": Surroundings(snr_db=5.0),
        "people talking, 10 dB below": Surroundings(talk=tuple(r.path for r in tested[:_TALKING])),
    }
    groups: dict[str, list[Recording]] = {
        name: [one for one in tested if one.set == name] for name in _TESTED
    }
    groups["children of speechocean762"] = [
        one for one in tested if one.set == "speechocean762" and one.speaker in children
    ]
    found = {
        name: false_alarms(model, examples(group, detector, np.random.default_rng(_SEED)))
        for name, group in groups.items()
    }
    for name, place in places.items():
        chance = np.random.default_rng(_SEED)
        heard = examples(tested[::3], detector, chance, surroundings=place)
        found[f"every third of all, {name}"] = false_alarms(model, heard)
    return {"alone": learned(alone), "compared": learned(compared), "calm": found}


def _children(manifest: Path) -> frozenset[str]:
    """Speakers of speechocean762 who are under thirteen, as its list beside the manifest says."""
    with (manifest.parent / "speechocean762_age_sex.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return frozenset(f"speechocean762/{row['speaker']}" for row in rows if int(row["age"]) < _CHILD)


def _content(model: VoiceMood) -> dict[str, Any]:
    parts = {"alone": model.alone, "compared": model.compared}
    return {"traits": list(MANNER), **{name: _part(curve) for name, curve in parts.items()}}


def _part(curve: Curve) -> dict[str, Any]:
    lines = {"mean": curve.mean, "spread": curve.spread, "weights": curve.weights}
    return {
        **{name: [round(float(value), 5) for value in line] for name, line in lines.items()},
        "bias": round(curve.bias, 5),
        "threshold": round(curve.threshold, 4),
    }


def _write(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
