"""Encoders side by side: each as it would work in this house."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from biometrics import Calibration
from ivr.errors import ModelMissing
from ivr.evaluate.voices import Contestant
from ivr.wiring.encoder import chosen_encoder
from ivr.wiring.judging import calibration_file, calibration_of
from ivr.wiring.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Who takes part, and who does not."""

    present: Mapping[str, Contestant]
    absent: Mapping[str, str]
    """How each can be had."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The likelihood ratios from which voices are accepted, of those that are calibrated."""
        return {
            name: own.calibration.threshold
            for name, own in self.present.items()
            if own.calibration is not None
        }


def contestants(places: Places, names: Sequence[str]) -> Field:
    """The named encoders; where none is named, the one that calls use.

    Raises:
        BadSettings: there is no encoder of a name.
        EncoderUnusable: an encoder's files are damaged.
        CalibrationUnusable: an encoder's calibration does not fit it.
        ModelMissing: not one of them is installed.
    """
    wanted = dict.fromkeys(names or [places.settings.encoder])
    absent: dict[str, str] = {}
    present = dict(_found(places, wanted, absent))
    if not present:
        raise ModelMissing(" ".join(absent.values()))
    return Field(present=present, absent=absent)


def _found(
    places: Places, wanted: Mapping[str, None], absent: dict[str, str]
) -> Iterator[tuple[str, Contestant]]:
    for name in wanted:
        try:
            yield name, _contestant(Places(replace(places.settings, encoder=name)))
        except ModelMissing as missing:
            absent[name] = missing.sentence


def _contestant(places: Places) -> Contestant:
    encoder, folder = chosen_encoder(places)
    own = calibration_file(places.settings, encoder.id)
    is_calibrated = own.exists() or (folder / "calibration.json").exists()
    calibration: Calibration | None = None
    if is_calibrated:
        calibration = calibration_of(
            encoder.id,
            encoder.weights_sha256,
            shipped=folder / "calibration.json",
            settings=places.settings,
        )
    return Contestant(encoder=encoder, calibration=calibration)
