"""Learn what scores mean from an operator's own recordings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from biometrics import Calibration, CalibrationUnusable, Codec, Listening
from biometrics.calibration.calibrate import Taught, Teaching, calibrate, write_learned
from biometrics.calibration.learn import Origin
from biometrics.calibration.proof import Costs, Errors, Proof
from ivr.errors import BadSettings
from ivr.models.disk import disk_refusals
from ivr.wiring.judging import calibration_file
from ivr.wiring.voices import Voices


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an operator asks for."""

    folders: tuple[Path, ...]
    codecs: tuple[str, ...] = ("mulaw",)
    profile: str | None = None
    """Name of the line, where it is not that of the codec."""

    fmr: float | None = None
    """None takes the settings'."""

    half: Literal["a", "b"] | None = None
    cohort: tuple[Path, ...] = ()
    data: str = ""
    """What the recordings are, in words."""

    out: Path | None = None
    """None keeps it where the house looks for it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibrated:
    """What came of it."""

    taught: Taught
    calibration: Calibration
    file: Path | None
    """Where it is kept; None where the one in use did as well on the same people."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the operator should know."""
        found, taught = self.calibration, self.taught
        trials = (
            f"{found.speakers} people, {found.target_trials} comparisons of the same person and "
            f"{found.impostor_trials} of strangers."
        )
        limits = (
            f"At a false match rate of {found.fmr:g} a voice is accepted from a likelihood ratio "
            f"of {found.threshold:.2f} on and rejected below {found.reject_below:.2f}."
        )
        return (
            trials,
            *([] if taught.proof is None else _proven(taught.proof)),
            *(_of_folder(name, costs) for name, costs in taught.pairs_left_out.items()),
            taught.learned.normalisation.sentence,
            limits,
        )


def calibrate_house(wish: Wish, voices: Voices, progress: Callable[[int, int], None]) -> Calibrated:
    """Learn a calibration, keep it, and tell what it is worth.

    Raises:
        BadSettings: a codec is none, or one profile is asked of several codecs.
        TooFewTrials: too few people or recordings; says how many are needed.
        CalibrationUnusable: it cannot be written.
    """
    settings = voices.places.settings
    encoder = voices.encoder
    fmr = wish.fmr or settings.verify.fmr or 0.01
    origin = Origin(weights_sha256=encoder.weights_sha256, data=wish.data, fmr=fmr)
    taught = calibrate(
        Teaching(
            folders=wish.folders,
            lines=_lines(wish, voices),
            half=wish.half,
            cohort=wish.cohort,
        ),
        encoder,
        origin,
        before=_in_use(voices),
        progress=progress,
    )
    if wish.out is None and not _is_gain(taught.proof):
        return Calibrated(taught=taught, calibration=taught.learned.calibration, file=None)
    file = wish.out or calibration_file(settings, encoder.id)
    with disk_refusals(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    return Calibrated(taught=taught, calibration=write_learned(taught.learned, file), file=file)


def _is_gain(proof: Proof | None) -> bool:
    """Whether people held out are judged better than by the calibration in use, if there is one."""
    if proof is None or proof.before is None:
        return True
    return proof.after.cllr < proof.before.cllr


def _lines(wish: Wish, voices: Voices) -> dict[str, Listening]:
    codecs = [_codec(name) for name in wish.codecs]
    if wish.profile is not None and len(codecs) > 1:
        raise BadSettings("A profile has one codec; calibrate each line by itself.")
    names: Sequence[str] = [wish.profile] if wish.profile else [codec.value for codec in codecs]
    return {
        name: Listening(detector=voices.detector, codec=codec)
        for name, codec in zip(names, codecs, strict=True)
    }


def _codec(name: str) -> Codec:
    try:
        return Codec(name)
    except ValueError as err:
        raise BadSettings(f"The codec must be one of {', '.join(Codec)}.") from err


def _in_use(voices: Voices) -> Calibration | None:
    try:
        return voices.calibration
    except CalibrationUnusable:
        return None


def _proven(proof: Proof) -> list[str]:
    before = [] if proof.before is None else [f"Before: {_told(proof.before)}."]
    return [
        *before,
        f"After, on people held out: {_told(proof.after)}.",
        *map(_of_length, proof.errors),
    ]


def _of_length(errors: Errors) -> str:
    return (
        f"{errors.net_ms / 1000:.1f} s of speech: {errors.false_rejects:.1%} of callers are not "
        f"accepted ({errors.target_trials} trials), {errors.false_accepts:.2%} of strangers are "
        f"({errors.impostor_trials})."
    )


def _of_folder(name: str, costs: Costs) -> str:
    return (
        f"{name}, single recordings, learned from the other folders only: {_told(costs)}, "
        f"actDCF {costs.act_dcf:.3f}, minDCF {costs.min_dcf:.3f}."
    )


def _told(costs: Costs) -> str:
    return f"Cllr {costs.cllr:.3f}, of which {costs.cllr - costs.min_cllr:.3f} is bad calibration"
