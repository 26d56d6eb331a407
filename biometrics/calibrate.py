"""`python -m biometrics.calibrate DIR... --out FILE`: learn a calibration from labelled speech.

Each DIR holds one folder a person, with recordings of any rate.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from biometrics.calibration import Calibration, write_calibration
from biometrics.ecapa import Ecapa, load_own, load_spkrec
from biometrics.errors import VoiceProblem
from biometrics.labelled import Listening, Progress, labelled_recordings
from biometrics.learn import Origin, learn
from biometrics.silero import load_silero
from biometrics.telephone import Codec
from biometrics.trials import TrialSettings, heard_persons

OWN = Path(__file__).parent / "weights" / "telephone-ecapa-0"


def calibrate(  # noqa: PLR0913 - the command's options, one each
    folders: Sequence[Path],
    listening: Listening,
    *,
    encoder: Ecapa,
    fmr: float,
    data: str,
    progress: Progress,
) -> Calibration:
    """The calibration of `encoder` that the persons in `folders` teach.

    Raises:
        TooFewTrials: fewer than two persons say enough.
    """
    settings = TrialSettings()
    recordings = labelled_recordings(folders)
    persons = heard_persons(recordings, listening, encoder, settings=settings, progress=progress)
    origin = Origin(
        weights_sha256=encoder.weights_sha256, codec=listening.codec, data=data, fmr=fmr
    )
    return learn(persons, encoder, origin, settings)


def load_encoder(folder: Path) -> Ecapa:
    """Our own kind of encoder, or the upstream one, by what the folder holds.

    Raises:
        EncoderUnusable: it is neither.
    """
    is_upstream = (folder / "embedding_model.ckpt").exists()
    return load_spkrec(folder) if is_upstream else load_own(folder)


def show(done: int, total: int) -> None:
    """One line that counts up, on the terminal's error stream."""
    sys.stderr.write(f"\r{done} of {total}" + ("\n" if done == total else ""))
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        encoder = load_encoder(options.encoder)
        calibration = calibrate(
            options.folders,
            Listening(detector=load_silero(), codec=options.codec),
            encoder=encoder,
            fmr=options.fmr,
            data=options.data,
            progress=show,
        )
        write_calibration(calibration, options.out or options.encoder / "calibration.json")
    except VoiceProblem as err:
        sys.stderr.write(f"{err.sentence}\n")
        return 1
    sys.stdout.write(
        f"{calibration.speakers} speakers, {calibration.target_trials} genuine and "
        f"{calibration.impostor_trials} impostor trials; a voice is accepted from a likelihood "
        f"ratio of {calibration.threshold:.2f} on and rejected below "
        f"{calibration.reject_below:.2f}.\n"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="calibrate", description="Learn a calibration from labelled speech."
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, help="default: calibration.json beside the encoder")
    parser.add_argument("--encoder", type=Path, default=OWN, help="folder of the encoder")
    parser.add_argument("--codec", type=Codec, choices=list(Codec), default=Codec.MULAW)
    parser.add_argument("--fmr", type=_share, default=0.01, help="strangers to accept, 0 to 1")
    parser.add_argument("--data", default="", help="what the recordings are, in words")
    return parser


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError("must lie between 0 and 1")
    return share


if __name__ == "__main__":
    sys.exit(main())
