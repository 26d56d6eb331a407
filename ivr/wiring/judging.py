"""What scores mean in this house: which calibration, on which line, how strict."""

from pathlib import Path

from biometrics import Calibration, EncoderId, read_calibration
from ivr.settings import Settings, VerifySettings

_USUAL_FMR = 0.01


def calibration_file(settings: Settings, encoder: EncoderId) -> Path:
    """Where the operator's own calibration of an encoder lies, once it is made."""
    return settings.home / "calibrations" / encoder / "calibration.json"


def calibration_of(
    encoder: EncoderId, weights_sha256: str, *, shipped: Path, settings: Settings
) -> Calibration:
    """The operator's own calibration where there is one, else the one that came with the encoder.

    An own one that does not fit is refused, never passed over in silence.

    Raises:
        CalibrationUnusable: there is none, it does not fit, or it cannot promise what is asked.
    """
    own = calibration_file(settings, encoder)
    file = own if own.exists() else shipped
    found = read_calibration(file, encoder=encoder, weights_sha256=weights_sha256)
    return accepting(found, settings.verify)


def accepting(calibration: Calibration, settings: VerifySettings) -> Calibration:
    """As strict as the operator says, on the operator's kind of line.

    Raises:
        CalibrationUnusable: the data behind it cannot promise the false match rate.
    """
    on_line = calibration.on(settings.channel)
    if settings.prior is None:
        return on_line.at_fmr(settings.fmr or _USUAL_FMR)
    return on_line.at_odds(
        settings.prior,
        cost_false_accept=settings.cost_false_accept or 1.0,
        cost_false_reject=settings.cost_false_reject or 1.0,
    )
