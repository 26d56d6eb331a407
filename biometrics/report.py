"""`python -m biometrics.report NAME=DIR... --out FILE`: measure an encoder with its calibration.

Each DIR holds one folder a person, with recordings of any rate, of people whose voices the
calibration was not learned from. What is written is what the model card quotes.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from biometrics.calibrate import OWN, load_encoder, show
from biometrics.calibration import Calibration, read_calibration
from biometrics.card import with_figures
from biometrics.ecapa import Ecapa
from biometrics.errors import VoiceProblem
from biometrics.labelled import Listening, labelled_recordings
from biometrics.measure import measure_voices
from biometrics.silero import load_silero
from biometrics.telephone import Codec
from biometrics.trials import Trials, TrialSettings, enrolled_trials, heard_persons

_LONGEST_MS = 3_000
_FEWEST_GENUINE = 20
"""With fewer genuine trials a rate would say nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        encoder = load_encoder(options.encoder)
        calibration = read_calibration(
            options.encoder / "calibration.json",
            encoder=encoder.id,
            weights_sha256=encoder.weights_sha256,
        )
        found = {
            name: _measured(folder, options.codec, encoder, calibration)
            for name, folder in options.sets
        }
    except VoiceProblem as err:
        sys.stderr.write(f"{err.sentence}\n")
        return 1
    document = {"encoder": encoder.id, "codec": options.codec, "sets": found}
    options.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    card = options.encoder / "MODEL_CARD.md"
    if card.is_file():
        card.write_text(with_figures(card.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0


def _measured(
    folder: Path, codec: Codec, encoder: Ecapa, calibration: Calibration
) -> Mapping[str, object]:
    pairs = measure_voices(
        folder,
        Listening(detector=load_silero(), codec=codec, longest_ms=_LONGEST_MS),
        encoder=encoder,
        calibration=calibration,
        progress=show,
    )
    return {
        "first_3_s_all_pairs": asdict(pairs),
        "enrolled": _enrolled(folder, codec, encoder, calibration),
    }


def _enrolled(
    folder: Path, codec: Codec, encoder: Ecapa, calibration: Calibration
) -> list[Mapping[str, float]]:
    settings = TrialSettings()
    persons = heard_persons(
        labelled_recordings([folder]),
        Listening(detector=load_silero(), codec=codec),
        encoder,
        settings=settings,
        progress=show,
    )
    return [
        _decisions(trials, len(persons), calibration)
        for trials in enrolled_trials(persons, settings)
        if len(trials.target) >= _FEWEST_GENUINE
    ]


def _decisions(trials: Trials, persons: int, calibration: Calibration) -> Mapping[str, float]:
    """How often callers and strangers are accepted and rejected; the rest is inconclusive."""
    target, impostor = (
        np.array([calibration.llr(cosine, trials.net_ms) for cosine in cosines.tolist()])
        for cosines in (trials.target, trials.impostor)
    )
    return {
        "net_ms": trials.net_ms,
        "persons": persons,
        "target_trials": len(target),
        "impostor_trials": len(impostor),
        "target_accepted": float(np.mean(target >= calibration.threshold)),
        "target_rejected": float(np.mean(target < calibration.reject_below)),
        "impostor_accepted": float(np.mean(impostor >= calibration.threshold)),
        "impostor_rejected": float(np.mean(impostor < calibration.reject_below)),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="report", description="Measure an encoder.")
    parser.add_argument("sets", nargs="+", type=_named, metavar="NAME=DIR")
    parser.add_argument("--out", type=Path, default=OWN / "evaluation.json")
    parser.add_argument("--encoder", type=Path, default=OWN, help="folder of the encoder")
    parser.add_argument("--codec", type=Codec, choices=list(Codec), default=Codec.MULAW)
    return parser


def _named(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not folder:
        raise argparse.ArgumentTypeError("must be NAME=DIR")
    return name, Path(folder)


if __name__ == "__main__":
    sys.exit(main())
