"""What a telephone line leaves of a recording."""

from enum import StrEnum

from biometrics.recordings import coded
from biometrics.resample import resampled
from biometrics.waveform import Waveform

LINE_RATE_HZ = 8_000
"""Of ITU-T G.711, GSM 06.10, G.726 and of Opus as telephones use it."""


class Codec(StrEnum):
    """How the line codes speech."""

    MULAW = "mulaw"
    ALAW = "alaw"
    GSM = "gsm"
    OPUS = "opus"
    """Narrowband, about 12 kbit/s, as IETF RFC 6716 recommends for it."""

    G726 = "g726"
    """32 kbit/s, as cordless telephones speak it."""

    NONE = "none"


_SUBTYPES = {
    Codec.MULAW: "ULAW",
    Codec.ALAW: "ALAW",
    Codec.GSM: "GSM610",
    Codec.OPUS: "OPUS",
    Codec.G726: "G721_32",
}


def over_telephone(waveform: Waveform, codec: Codec) -> Waveform:
    """The recording at 8 kHz, coded and decoded; with no codec only its band is narrowed."""
    narrow = resampled(waveform, LINE_RATE_HZ)
    return narrow if codec is Codec.NONE else coded(narrow, _SUBTYPES[codec])
