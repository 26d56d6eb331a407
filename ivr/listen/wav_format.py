"""What a WAV file's `fmt ` chunk says about its sound, and which of it is understood."""

from dataclasses import dataclass
from enum import StrEnum
from struct import Struct

from ivr.errors import UnreadableAudio, UnsupportedAudio

SLOWEST_HZ = 6_000
"""Older voice boards record at 6 kHz; below that no telephone band fits."""

FASTEST_HZ = 192_000
"""Studio recorders end here, and an enrolment may come from one."""

_FIELDS = Struct("<HHIIHH")
_EXTENSIBLE = 0xFFFE
_EXTENSIBLE_BYTES = 40
_SUBFORMAT = slice(24, 40)
_MEDIA_GUID = bytes.fromhex("000000001000800000aa00389b71")
"""The tail of every SubFormat that stands for a plain format tag (mmreg.h)."""


class Coding(StrEnum):
    """How a sample is written."""

    PCM8 = "8-bit PCM"
    PCM16 = "16-bit PCM"
    PCM24 = "24-bit PCM"
    PCM32 = "32-bit PCM"
    FLOAT32 = "32-bit float"
    FLOAT64 = "64-bit float"
    MULAW = "mu-law"
    ALAW = "A-law"
    GSM = "GSM 6.10"


_LINEAR = {
    (0x0001, 8): Coding.PCM8,
    (0x0001, 16): Coding.PCM16,
    (0x0001, 24): Coding.PCM24,
    (0x0001, 32): Coding.PCM32,
    (0x0003, 32): Coding.FLOAT32,
    (0x0003, 64): Coding.FLOAT64,
}
_TELEPHONE = {0x0006: Coding.ALAW, 0x0007: Coding.MULAW, 0x0031: Coding.GSM}
"""These fix their own width; what the header says of it varies by writer and is not read."""

_STRANGERS = {
    0x0002: "Microsoft ADPCM",
    0x0011: "IMA ADPCM",
    0x0017: "Dialogic ADPCM",
    0x0040: "G.721",
    0x0045: "G.726",
    0x0050: "MPEG",
    0x0055: "MP3",
    0x0064: "G.726",
    0x0083: "G.729",
    0x00FF: "AAC",
}
_WAY_OUT = "Record as PCM, float, mu-law, A-law or GSM 6.10."


@dataclass(frozen=True, slots=True, kw_only=True)
class WavFormat:
    """How the sound of one WAV file is laid out."""

    coding: Coding
    channels: int
    rate_hz: int
    block_bytes: int
    """The smallest piece that can be decoded."""

    block_frames: int = 1
    """Samples a channel in each block."""

    def frames_in(self, size_bytes: int) -> int:
        """Samples a channel in so many bytes, whole blocks only."""
        return size_bytes // self.block_bytes * self.block_frames


def read_format(chunk: bytes) -> WavFormat:
    """The layout that a `fmt ` chunk describes.

    Raises:
        UnreadableAudio: the chunk is too short for what it announces.
        UnsupportedAudio: rate, width, channels or coding are none that a telephone writes.
    """
    if len(chunk) < _FIELDS.size:
        raise UnreadableAudio("The WAV header is damaged. Record the turn again.")
    tag, channels, rate_hz, _, block_bytes, bits = _FIELDS.unpack_from(chunk)
    if tag == _EXTENSIBLE:
        tag = _plain_tag(chunk)
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise UnsupportedAudio(
            f"The recording has {rate_hz} samples a second. "
            f"Record at {SLOWEST_HZ} to {FASTEST_HZ} Hz; telephones use 8000."
        )
    if channels not in {1, 2}:
        raise UnsupportedAudio(f"The recording has {channels} channels. Record one, or two.")
    if tag in _TELEPHONE:
        return _telephone_format(_TELEPHONE[tag], channels, rate_hz, block_bytes)
    return _linear_format(_linear_coding(tag, bits), channels, rate_hz, block_bytes, bits)


def _plain_tag(chunk: bytes) -> int:
    if len(chunk) < _EXTENSIBLE_BYTES:
        raise UnreadableAudio("The WAV header is damaged. Record the turn again.")
    guid = chunk[_SUBFORMAT]
    if guid[2:] != _MEDIA_GUID:
        raise UnsupportedAudio(f"The recording's coding is not known here. {_WAY_OUT}")
    return int.from_bytes(guid[:2], "little")


def _linear_coding(tag: int, bits: int) -> Coding:
    if (tag, bits) in _LINEAR:
        return _LINEAR[tag, bits]
    if tag in {0x0001, 0x0003}:
        kind = "PCM of 8, 16, 24 or 32 bits" if tag == 1 else "float of 32 or 64 bits"
        raise UnsupportedAudio(f"The recording has samples of {bits} bits. Record {kind}.")
    name = _STRANGERS.get(tag, f"an unknown format (tag {tag:#06x})")
    raise UnsupportedAudio(f"The recording is coded as {name}. {_WAY_OUT}")


def _linear_format(
    coding: Coding, channels: int, rate_hz: int, block_bytes: int, bits: int
) -> WavFormat:
    size = channels * bits // 8
    _check_block(block_bytes, size)
    return WavFormat(coding=coding, channels=channels, rate_hz=rate_hz, block_bytes=size)


def _telephone_format(coding: Coding, channels: int, rate_hz: int, block_bytes: int) -> WavFormat:
    if coding is not Coding.GSM:
        _check_block(block_bytes, channels)
        return WavFormat(coding=coding, channels=channels, rate_hz=rate_hz, block_bytes=channels)
    if channels != 1:
        raise UnsupportedAudio("GSM 6.10 has one channel, this recording says two. Record one.")
    _check_block(block_bytes, 65)
    return WavFormat(coding=coding, channels=1, rate_hz=rate_hz, block_bytes=65, block_frames=320)


def _check_block(said: int, expected: int) -> None:
    """Padded samples read as packed ones would be loud noise, so they are refused.

    Some writers leave the field empty, which misleads nobody.
    """
    if said not in {0, expected}:
        raise UnsupportedAudio(
            f"The recording packs {said} bytes where its format has {expected}. {_WAY_OUT}"
        )
