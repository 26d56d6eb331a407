"""Makes the detector of synthetic voices: `scripts/train-detector`.

What was prepared is kept in the working folder, so that an interrupted run goes on.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.liveness.examine import Material, examined, taught, threshold_of, with_figures
from biometrics.liveness.learn import Lesson
from biometrics.liveness.material import (
    Entry,
    Source,
    human_sources,
    prepare,
    read_material,
    spoken_sources,
    vocoded_sources,
)
from biometrics.liveness.synthetic import save_synthetic
from biometrics.liveness.traits import traits

_SEED = 20_260
_BPCER = 0.01
"""Share of the people set aside whom the threshold stops."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare, learn, examine, and write weights, figures and the tables of the model card."""
    options = _options(arguments)
    material = _material(options.manifest, options.attacks, options.work)
    lesson = Lesson(seed=_SEED)
    network = taught(material, lesson)
    threshold = threshold_of(network, material, _BPCER)
    figures = examined(material, network, threshold, lesson, bpcer=_BPCER)
    is_sure = figures["bpcer"]["limits"][1] <= _BPCER  # type: ignore[index]
    config = {
        "id": options.out.name,
        "threshold": threshold,
        "chosen_at_bpcer": _BPCER,
        "may_gate": is_sure,
        "lesson": asdict(lesson),
    }
    save_synthetic(network, options.out, config)
    text = json.dumps(figures, indent=1)
    (options.out / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    card = options.out / "MODEL_CARD.md"
    if card.exists():
        told = with_figures(card.read_text(encoding="utf-8"), figures)  # type: ignore[arg-type]
        card.write_text(told, encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, help="manifest.csv of recordings of people")
    parser.add_argument("attacks", type=Path, help="folder with a folder a kind of synthetic voice")
    parser.add_argument("out", type=Path, help="folder for weights, figures and model card")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is prepared")
    return parser.parse_args(arguments)


def _material(manifest: Path, attacks: Path, work: Path) -> Material:
    people = list(human_sources(manifest, seed=_SEED))
    batches = {
        "people": people,
        "vocoded": list(vocoded_sources(people, seed=_SEED + 1)),
        "spoken": list(spoken_sources(attacks)),
    }
    entries: list[Entry] = []
    found: list[NDArray[np.float32]] = []
    for place, (name, sources) in enumerate(batches.items()):
        prepared, known = _batch(sources, work / name, seed=_SEED + place)
        entries += [replace(entry, first=0) for entry in prepared]
        found.append(known)
    return Material(entries=entries, found=np.concatenate(found))


def _batch(
    sources: Sequence[Source], folder: Path, *, seed: int
) -> tuple[list[Entry], NDArray[np.float32]]:
    if not (folder / "index.json").exists():
        prepare(sources, folder, seed=seed, progress=_progress(f"{folder.name}: lines"))
    entries, sound = read_material(folder)
    file = folder / "traits.npy"
    if not file.exists():
        report = _progress(f"{folder.name}: traits")
        found = []
        for place, entry in enumerate(entries):
            samples = sound[entry.first : entry.first + entry.length].astype(np.float32)
            found.append(traits(samples / np.float32(32_768)))
            report(place + 1, len(entries))
        np.save(file, np.stack(found))
    return entries, np.load(file)


def _progress(what: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            sys.stderr.write(f"\r{what} {done} of {total}" + ("\n" if done == total else ""))

    return tell


if __name__ == "__main__":
    main()
