"""Encoders that were in use before, for the prints they made. Loaded when such a print turns up."""

import logging
from dataclasses import dataclass, field
from threading import Lock

from biometrics import Comparer, EncoderId, Voiceprint, VoiceProblem
from ivr.wiring.encoder import earlier_encoder
from ivr.wiring.judging import calibration_of
from ivr.wiring.places import Places

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EarlierEncoders:
    """Each with its own calibration, as strict as the one in use. One house, one of these."""

    places: Places
    _loaded: dict[EncoderId, Comparer | None] = field(default_factory=dict)
    _loading: Lock = field(default_factory=Lock)

    def comparer_for(self, found: Voiceprint) -> Comparer | None:
        """What compares with this print; None where its encoder is not here, or has changed."""
        with self._loading:
            if found.encoder not in self._loaded:
                self._loaded[found.encoder] = self._load(found.encoder)
            comparer = self._loaded[found.encoder]
        if comparer is None or found.weights_sha256 not in ("", comparer.encoder.weights_sha256):
            return None
        return comparer

    def _load(self, name: EncoderId) -> Comparer | None:
        try:
            loaded = earlier_encoder(self.places, name)
            if loaded is None:
                return None
            encoder, folder = loaded
            calibration = calibration_of(
                encoder.id,
                encoder.weights_sha256,
                shipped=folder / "calibration.json",
                settings=self.places.settings,
            )
        except VoiceProblem as err:
            log.warning("an earlier encoder cannot be used", extra={"code": err.code})
            return None
        return Comparer(encoder=encoder, calibration=calibration)
