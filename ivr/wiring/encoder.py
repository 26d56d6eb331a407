"""Which voiceprint encoder this house uses, and what computes it."""

from pathlib import Path

from biometrics import Encoder, EncoderId
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
    from biometrics.encoders.known import PULLED, load_encoder
    from biometrics.encoders.network_encoder import NetworkEngine

    folder, engine = encoder_folder(places), NetworkEngine(places.settings.verify.engine)
    encoder = load_encoder(folder, engine=engine)
    if encoder.id in PULLED:
        return encoder, calibration_file(places.settings, encoder.id).parent
    return encoder, folder


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


def earlier_encoder(places: Places, name: EncoderId) -> tuple[Encoder, Path] | None:
    """An encoder that was in use before, and the folder of its calibration; None where it is gone.

    Raises:
        EncoderUnusable: its files are damaged.
    """
    from biometrics.encoders.known import PULLED, load_encoder, own_encoders
    from biometrics.encoders.network_encoder import NetworkEngine

    folder = places.model_if_here(name) if name in PULLED else own_encoders().get(name)
    if folder is None:
        return None
    encoder = load_encoder(folder, engine=NetworkEngine(places.settings.verify.engine))
    return encoder, calibration_file(places.settings, name).parent if name in PULLED else folder
