"""A calibration as a file: written whole, read only if it fits and makes sense."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from biometrics.calibration.calibration import AGAIN, Calibration
from biometrics.calibration.cohort import read_cohort
from biometrics.calibration.profile import Coefficients, Profile, rises
from biometrics.calibration.strangers import Strangers
from biometrics.errors import CalibrationUnusable
from biometrics.voiceprint import EncoderId

COHORT_FILE = "cohort.npz"
"""Beside the calibration, where it has one."""

_FORMAT = 2
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""Whatever reading JSON of another shape ends with; Infinity is a number there."""

_NOT_KEPT = frozenset({"cohort", "strangers", "notes"})
"""Loaded from elsewhere, or follows from the profile in use."""


def read_calibration(file: Path, *, encoder: EncoderId, weights_sha256: str) -> Calibration:
    """The calibration in `file`, if it was made for exactly this encoder.

    Raises:
        CalibrationUnusable: the file is absent, damaged, of an older kind, or for another encoder
            or other weights; or the cohort it needs is.
    """
    calibration = _read(file)
    calibration.check_fits(encoder)
    if calibration.weights_sha256 != weights_sha256:
        raise CalibrationUnusable(
            f"The calibration is for other weights of the encoder {encoder}; {AGAIN}"
        )
    if not calibration.cohort_sha256:
        return calibration
    cohort = read_cohort(
        file.with_name(COHORT_FILE),
        sha256=calibration.cohort_sha256,
        encoder=encoder,
        weights_sha256=weights_sha256,
    )
    return replace(calibration, cohort=cohort)


def write_calibration(calibration: Calibration, file: Path) -> None:
    """Keep `calibration` in `file`; nothing half-written is left behind. A cohort is kept apart.

    Raises:
        CalibrationUnusable: the file cannot be written.
    """
    kept = {"format": _FORMAT} | {
        name: value
        for name, value in asdict(replace(calibration, cohort=None)).items()
        if name not in _NOT_KEPT
    }
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        draft.write_text(_compact(kept) + "\n", encoding="utf-8")
        draft.replace(file)
    except OSError as err:
        draft.unlink(missing_ok=True)
        raise CalibrationUnusable(
            "The calibration could not be written; check the folder and the space left."
        ) from err


def _compact(kept: Mapping[str, Any]) -> str:
    """A line for each field, so that a change of one is seen as one."""
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in kept.items())
    return f"{{\n{lines}\n}}"


def _read(file: Path) -> Calibration:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(found, dict) and "encoder" in found and found.get("format") != _FORMAT:
            raise CalibrationUnusable(f"The calibration is of another version; {AGAIN}")
        calibration = _parsed(found)
    except FileNotFoundError as err:
        raise CalibrationUnusable(f"The encoder has no calibration; {AGAIN}") from err
    except _UNREADABLE as err:
        raise CalibrationUnusable(f"The calibration is damaged; {AGAIN}") from err
    if not _is_sane(calibration):
        raise CalibrationUnusable(f"The calibration contradicts itself; {AGAIN}")
    return calibration


def _parsed(found: dict[str, Any]) -> Calibration:
    profiles = tuple(_profile(each) for each in found["profiles"])
    channel = str(found["channel"])
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
        channel=channel,
        usual_snr_db=float(found["usual_snr_db"]),
        strangers=next((each.strangers for each in profiles if each.channel == channel), ()),
        profiles=profiles,
        cohort_sha256=str(found["cohort_sha256"]),
    )


def _profile(found: dict[str, Any]) -> Profile:
    return Profile(
        channel=str(found["channel"]),
        coefficients=_coefficients(found["coefficients"]),
        pair_coefficients=_coefficients(found["pair_coefficients"]),
        usual_snr_db=float(found["usual_snr_db"]),
        strangers=tuple(_strangers(each) for each in found["strangers"]),
        reject_below=float(found["reject_below"]),
        disagree_below=float(found["disagree_below"]),
        target_trials=int(found["target_trials"]),
        impostor_trials=int(found["impostor_trials"]),
    )


def _coefficients(found: dict[str, Any]) -> Coefficients:
    return Coefficients(**{part.name: float(found[part.name]) for part in fields(Coefficients)})


def _strangers(found: dict[str, Any]) -> Strangers:
    return Strangers(
        net_ms=int(found["net_ms"]),
        trials=int(found["trials"]),
        pairs=int(found["pairs"]),
        places=tuple(int(place) for place in found["places"]),
        llrs=tuple(float(llr) for llr in found["llrs"]),
    )


def _is_sane(calibration: Calibration) -> bool:
    """Whether a higher score always means more, and accepting needs more than rejecting."""
    limits = (calibration.threshold, calibration.reject_below, calibration.disagree_below)
    if not 0 < calibration.shortest_net_ms <= calibration.longest_net_ms:
        return False
    if not (all(map(math.isfinite, limits)) and 0 < calibration.fmr < 1):
        return False
    if not calibration.reject_below <= calibration.threshold:
        return False
    rules = [calibration.coefficients, calibration.pair_coefficients]
    for profile in calibration.profiles:
        rules += [profile.coefficients, profile.pair_coefficients]
    tables = [table for profile in calibration.profiles for table in profile.strangers]
    return all(_rises(rule, calibration) for rule in rules) and all(map(_is_table, tables))


def _rises(rule: Coefficients, calibration: Calibration) -> bool:
    """At every corner of what can be asked; in between it is linear."""
    log_nets = [
        math.log(net_ms / 1000)
        for net_ms in (calibration.shortest_net_ms, calibration.longest_net_ms)
    ]
    return rises(rule, log_nets)


def _is_table(table: Strangers) -> bool:
    places, llrs = table.places, table.llrs
    return (
        0 < len(places) == len(llrs)
        and places[0] == 0
        and table.pairs > 0
        and places[-1] < table.trials
        and all(map(math.isfinite, llrs))
        and list(places) == sorted(set(places))
        and list(llrs) == sorted(llrs, reverse=True)
    )
