"""`python -m biometrics.evaluation.report NAME=DIR...`: measure an encoder with its calibration.

Each DIR holds one folder a person, with recordings of any rate, of people whose voices the
calibration was not learned from. Writes evaluation.json beside the encoder's weights, and the
tables of its model card.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from biometrics.calibration.calibration_file import read_calibration
from biometrics.encoders.known import load_encoder, own_encoders
from biometrics.errors import VoiceProblem
from biometrics.evaluation.bootstrap import Resampling
from biometrics.evaluation.card import with_figures
from biometrics.evaluation.lists import all_pairs
from biometrics.evaluation.measure import MOST_TRIALS
from biometrics.evaluation.people import read_people
from biometrics.evaluation.run import Contestant, Found, Plan, evaluate
from biometrics.labelled import labelled_recordings
from biometrics.silero import load_silero
from biometrics.speech import SpeechDetector
from biometrics.telephone import Codec

_SEED = 20_260


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        encoder = load_encoder(options.encoder)
        calibration = read_calibration(
            options.encoder / "calibration.json",
            encoder=encoder.id,
            weights_sha256=encoder.weights_sha256,
        )
        contestant = Contestant(encoder=encoder, calibration=calibration)
        plan = _plan(options)
        found = {
            name: _measured(name, folder, plan, contestant, load_silero())
            for name, folder in options.sets
        }
    except VoiceProblem as err:
        sys.stderr.write(f"{err.sentence}\n")
        return 1
    document = {
        "encoder": encoder.id,
        "weights_sha256": encoder.weights_sha256,
        "codec": options.codec,
        "most_recordings_by_codec_and_noise": plan.most_tests,
        "sets": found,
    }
    out = options.out or options.encoder / "evaluation.json"
    out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    card = options.encoder / "MODEL_CARD.md"
    if card.is_file():
        card.write_text(with_figures(card.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0


def _measured(
    name: str, folder: Path, plan: Plan, contestant: Contestant, detector: SpeechDetector
) -> Mapping[str, Any]:
    trials = all_pairs(labelled_recordings([folder]), most=MOST_TRIALS, seed=_SEED)
    evaluation = evaluate(
        name,
        trials,
        plan,
        detector=detector,
        contestants={name: contestant},
        progress=lambda done, total: _show(name, done, total),
    )
    return {"first_3_s_all_pairs": _document(evaluation.by_encoder[name])}


def _document(found: Found) -> Mapping[str, Any]:
    return asdict(found.figures) | {"parts": [asdict(part) for part in found.parts]}


def _plan(options: argparse.Namespace) -> Plan:
    few = options.quick
    return Plan(
        codec=options.codec,
        breaks_down=True,
        people=read_people(options.people) if options.people else {},
        most_tests=40 if few else 120,
        most_persons=16 if few else 48,
        resampling=Resampling(times=100 if few else 300),
        resampling_of_parts=Resampling(times=50 if few else 100),
        workers=options.workers,
        seed=_SEED,
    )


def _show(name: str, done: int, total: int) -> None:
    """One line that counts up, on the terminal's error stream."""
    sys.stderr.write(f"\r{name}: {done} of {total}" + ("\n" if done == total else ""))
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="report", description="Measure an encoder.")
    parser.add_argument("sets", nargs="+", type=_named, metavar="NAME=DIR")
    parser.add_argument(
        "--encoder", type=Path, default=_latest(), help="its folder; default: our latest"
    )
    parser.add_argument("--out", type=Path, help="default: evaluation.json beside the encoder")
    parser.add_argument("--codec", type=Codec, choices=list(Codec), default=Codec.MULAW)
    parser.add_argument("--people", type=Path, help="CSV of speaker, age, sex")
    parser.add_argument("--quick", action="store_true", help="fewer recordings in the breakdowns")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser


def _latest() -> Path:
    """Our own encoders are numbered."""
    return list(own_encoders().values())[-1]


def _named(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not folder:
        raise argparse.ArgumentTypeError("must be NAME=DIR")
    return name, Path(folder)


if __name__ == "__main__":
    sys.exit(main())
