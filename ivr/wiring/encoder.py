"""Which voiceprint encoder this house uses, and what computes it."""

from pathlib import Path

from biometrics import CalibrationUnusable, Encoder, EncoderId, read_calibration
from ivr.errors import BadSettings
from ivr.wiring.judging import calibration_file
from ivr.wiring.places import Places


def chosen_encoder(places: Places) -> tuple[Encoder, Path]:
    """The encoder that IVR_ENCODER names, and the folder of the calibration that belongs to it.

    Raises:
        BadSettings: there is none of this name; says which there are.
        ModelMissing: it has to be pulled first; says how.
        EncoderUnusable: its files are damaged.
    """
    return _loaded(places, encoder_folder(places))


def encoder_names() -> tuple[str, ...]:
    """Our own, the latest first, and those that can be pulled."""
    from biometrics.encoders.known import PULLED, own_encoders

    return (*reversed(tuple(own_encoders())), *PULLED)


def encoder_folder(places: Places) -> Path:
    """Where the weights of the encoder lie that IVR_ENCODER names.

    Raises:
        BadSettings: there is none of this name; says which there are.
        ModelMissing: it has to be pulled first; says how.
    """
    from biometrics.encoders.known import PULLED, own_encoders

    name, own = places.settings.encoder, own_encoders()
    if name in PULLED:
        return places.model(name)
    if name not in own:
        known = ", ".join((*own, *PULLED))
        raise BadSettings(f"IVR_ENCODER names no encoder that there is; there are: {known}.")
    return own[name]


def encoder_in_use(places: Places) -> tuple[Encoder, Path]:
    """The chosen encoder: of the pool, where one is set; else as `chosen_encoder` says.

    Raises:
        PoolDiffers: the pool has another one.
        PoolUnavailable: it cannot be joined.
    """
    if places.pool is None:
        return chosen_encoder(places)
    from biometrics.encoders.known import PULLED, weights_file
    from ivr.wiring.pooling import encoder_of

    folder, settings = encoder_folder(places), places.settings
    local = chosen_encoder(places)[0] if settings.pool.or_local else None
    weights = weights_file(folder)
    encoder = encoder_of(places.pool, settings, weights=weights, local=local)
    return encoder, _calibrated(places, encoder) if encoder.id in PULLED else folder


def own_encoder_folder() -> Path:
    """Where the weights of our latest encoder lie."""
    from biometrics.encoders.known import own_encoders

    return list(own_encoders().values())[-1]


def earlier_encoder(places: Places, name: EncoderId) -> tuple[Encoder, Path] | None:
    """An encoder that was in use before, and the folder of its calibration; None where it is gone.

    Raises:
        EncoderUnusable: its files are damaged.
    """
    from biometrics.encoders.known import PULLED, own_encoders

    folder = places.model_if_here(name) if name in PULLED else own_encoders().get(name)
    return None if folder is None else _loaded(places, folder)


def _loaded(places: Places, folder: Path) -> tuple[Encoder, Path]:
    from biometrics.encoders.known import PULLED, load_encoder
    from biometrics.encoders.network_encoder import NetworkEngine

    settings = places.settings.verify
    encoder = load_encoder(folder, engine=NetworkEngine(settings.engine), threads=settings.threads)
    return encoder, _calibrated(places, encoder) if encoder.id in PULLED else folder


def _calibrated(places: Places, encoder: Encoder) -> Path:
    """The folder of a pulled encoder's calibration: with us for weights we know, else at home."""
    from biometrics.encoders.known import shipped_calibrations

    own = calibration_file(places.settings, encoder.id).parent
    shipped = shipped_calibrations().get(encoder.id, own)
    try:
        read_calibration(
            shipped / "calibration.json",
            encoder=encoder.id,
            weights_sha256=encoder.weights_sha256,
        )
    except CalibrationUnusable:
        return own
    return shipped
