"""What a score means: from cosine and length of speech to a likelihood ratio and a decision."""

import json
import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from biometrics.errors import CalibrationUnusable
from biometrics.voiceprint import EncoderId

_AGAIN = "make one with scripts/calibrate."


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """llr = score * cosine + score_log_net * cosine * log(net s) + log_net * log(net s) + offset.

    Linear logistic regression with a duration term: Mandasari, Saeidi, McLaren, van Leeuwen,
    "Quality measure functions for calibration of speaker recognition systems in various duration
    conditions", IEEE TASLP 21 (2013).
    """

    score: float
    score_log_net: float
    log_net: float
    offset: float

    def llr(self, score: float, log_net: float) -> float:
        slope = self.score + self.score_log_net * log_net
        return slope * score + self.log_net * log_net + self.offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the scores of one encoder mean, learned from labelled telephone speech."""

    encoder: EncoderId
    weights_sha256: str
    """Of the encoder's weights; other weights make other scores."""

    coefficients: Coefficients
    """For an enrolled voice, of at least three recordings and ten seconds, against speech."""

    pair_coefficients: Coefficients
    """For one recording against one other, whose cosines are lower."""

    shortest_net_ms: int
    """Least speech of a call it was learned from; less cannot be judged."""

    longest_net_ms: int
    """Most speech of a call it was learned from; more counts as this much."""

    fmr: float
    """Share of strangers who are accepted at `threshold`, 0 to 1."""

    threshold: float
    """The llr from which a voice is accepted."""

    reject_below: float
    """The llr under which a voice is rejected: at most 1 % of genuine trials fall there."""

    disagree_below: float
    """The llr under which a recording does not belong to the others of an enrolment."""

    target_trials: int
    impostor_trials: int
    speakers: int
    codec: str
    data: str
    """The recordings it was learned from, in words."""

    def llr(self, score: float, net_ms: int) -> float:
        """Natural-log likelihood ratio of an enrolled voice being the one in `net_ms` of speech."""
        return self.coefficients.llr(score, self._log_net(net_ms))

    def pair_llr(self, score: float, net_ms: int) -> float:
        """The same for two single recordings, `net_ms` of speech in the shorter."""
        return self.pair_coefficients.llr(score, self._log_net(net_ms))

    def _log_net(self, net_ms: int) -> float:
        return math.log(min(max(net_ms, self.shortest_net_ms), self.longest_net_ms) / 1000)

    def check_fits(self, encoder: EncoderId) -> None:
        """Refuse to judge scores of another encoder.

        Raises:
            CalibrationUnusable: it was made for another one.
        """
        if self.encoder != encoder:
            raise CalibrationUnusable(
                f"The calibration is for the encoder {self.encoder}, not for {encoder}; {_AGAIN}"
            )


def read_calibration(file: Path, *, encoder: EncoderId, weights_sha256: str) -> Calibration:
    """The calibration in `file`, if it was made for exactly this encoder.

    Raises:
        CalibrationUnusable: the file is absent, damaged, or for another encoder or other weights.
    """
    calibration = _read(file)
    calibration.check_fits(encoder)
    if calibration.weights_sha256 != weights_sha256:
        raise CalibrationUnusable(
            f"The calibration is for other weights of the encoder {encoder}; {_AGAIN}"
        )
    return calibration


def write_calibration(calibration: Calibration, file: Path) -> None:
    """Keep `calibration` in `file`; nothing half-written is left behind.

    Raises:
        CalibrationUnusable: the file cannot be written.
    """
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        draft.write_text(json.dumps(asdict(calibration), indent=1) + "\n", encoding="utf-8")
        draft.replace(file)
    except OSError as err:
        draft.unlink(missing_ok=True)
        raise CalibrationUnusable(
            "The calibration could not be written; check the folder and the space left."
        ) from err


def _read(file: Path) -> Calibration:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        calibration = _parsed(found)
    except FileNotFoundError as err:
        raise CalibrationUnusable(f"The encoder has no calibration; {_AGAIN}") from err
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise CalibrationUnusable(f"The calibration is damaged; {_AGAIN}") from err
    if not _is_sane(calibration):
        raise CalibrationUnusable(f"The calibration contradicts itself; {_AGAIN}")
    return calibration


def _parsed(found: dict[str, Any]) -> Calibration:
    return Calibration(
        encoder=EncoderId(str(found["encoder"])),
        weights_sha256=str(found["weights_sha256"]),
        coefficients=_coefficients(found["coefficients"]),
        pair_coefficients=_coefficients(found["pair_coefficients"]),
        shortest_net_ms=int(found["shortest_net_ms"]),
        longest_net_ms=int(found["longest_net_ms"]),
        fmr=float(found["fmr"]),
        threshold=float(found["threshold"]),
        reject_below=float(found["reject_below"]),
        disagree_below=float(found["disagree_below"]),
        target_trials=int(found["target_trials"]),
        impostor_trials=int(found["impostor_trials"]),
        speakers=int(found["speakers"]),
        codec=str(found["codec"]),
        data=str(found["data"]),
    )


def _coefficients(found: dict[str, Any]) -> Coefficients:
    return Coefficients(
        score=float(found["score"]),
        score_log_net=float(found["score_log_net"]),
        log_net=float(found["log_net"]),
        offset=float(found["offset"]),
    )


def _is_sane(calibration: Calibration) -> bool:
    """Whether a higher score always means more, and accepting needs more than rejecting."""
    limits = (calibration.threshold, calibration.reject_below, calibration.disagree_below)
    if not 0 < calibration.shortest_net_ms <= calibration.longest_net_ms:
        return False
    if not (all(map(math.isfinite, limits)) and 0 < calibration.fmr < 1):
        return False
    rises = all(
        llr(1.0, net_ms) > llr(0.0, net_ms)
        for llr in (calibration.llr, calibration.pair_llr)
        for net_ms in (calibration.shortest_net_ms, calibration.longest_net_ms)
    )
    return rises and calibration.reject_below <= calibration.threshold
