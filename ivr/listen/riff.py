"""Find the sound in a RIFF file, and say what a file is that is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from ivr.errors import EmptyRecording, TruncatedRecording, UnreadableAudio

_CHUNK = Struct("<4sI")
_RIFF_BYTES = 12
_MOST_CHUNKS = 1_000
"""No recorder writes a tenth of this; a file of empty chunks must not keep us busy."""

_LEAST_PLACEHOLDER = 0x7FFF_0000
"""Writers that cannot seek back leave 0, 0x7FFFF000, 0x7FFFFFFF or 0xFFFFFFFF as length, some less
a header's size. No turn is that long, so a greater number says only that nobody counted."""

_AS_WAV = "Send the turn as a WAV file."
_FAMILIAR = (
    (0, b"ID3", "an MP3 file"),
    (0, b"OggS", "an Ogg file"),
    (0, b"fLaC", "a FLAC file"),
    (8, b"AIFF", "an AIFF file"),
    (8, b"AIFC", "an AIFF file"),
    (0, b".snd", "an AU file"),
    (0, b"caff", "a CAF file"),
    (0, b"#!AMR", "an AMR file"),
    (4, b"ftyp", "an MP4 file"),
    (0, b"\x1a\x45\xdf\xa3", "a WebM or Matroska file"),
    (0, b"RIFX", "a big-endian WAV file"),
    (0, b"RF64", "an RF64 file"),
    (0, b"BW64", "a BW64 file"),
    (0, b"riff\x2e\x91\xcf\x11", "a Wave64 file"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Riff:
    """Where a WAV file keeps its sound."""

    format_chunk: bytes
    first_byte: int
    """Where the sound begins."""

    there_bytes: int
    """Bytes of sound that can be read."""

    meant_bytes: int
    """Bytes of sound the recorder meant to write; what is there when it did not say."""


def find_sound(data: bytes) -> Riff:
    """The sound in a WAV file, found from its header alone.

    Raises:
        EmptyRecording: there are no bytes, or a header that promises no sound.
        UnreadableAudio: this is no WAV file.
        TruncatedRecording: the file ends before its sound begins.
    """
    _refuse_strangers(data)
    format_chunk = b""
    for name, first, size in _chunks(data):
        if name == b"fmt ":
            format_chunk = format_chunk or data[first : first + size]
        elif name == b"data":
            return _sound(data, format_chunk, first, size)
    raise TruncatedRecording("The recording ends before its sound begins. Send the whole file.")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, first byte and declared size of each chunk."""
    at = _RIFF_BYTES
    for _ in range(_MOST_CHUNKS):
        if at + _CHUNK.size > len(data):
            return
        name, size = _CHUNK.unpack_from(data, at)
        yield name, at + _CHUNK.size, size
        at += _CHUNK.size + size + size % 2
    raise UnreadableAudio("The WAV file holds no sound among its first chunks. Record it again.")


def _sound(data: bytes, format_chunk: bytes, first: int, declared: int) -> Riff:
    if not format_chunk:
        raise UnreadableAudio("The WAV file does not say how it is coded. Record it again.")
    rest = len(data) - first
    if declared == 0 and rest == 0:
        raise EmptyRecording("The recording holds a header and no sound. Record the turn again.")
    is_counted = 0 < declared < _LEAST_PLACEHOLDER
    return Riff(
        format_chunk=format_chunk,
        first_byte=first,
        there_bytes=min(declared, rest) if is_counted else rest,
        meant_bytes=declared if is_counted else rest,
    )


def _refuse_strangers(data: bytes) -> None:
    if not data:
        raise EmptyRecording(f"The recording is empty: no bytes came. {_AS_WAV}")
    if data[:4] == b"RIFF" and len(data) < _RIFF_BYTES:
        raise TruncatedRecording("The recording ends within its header. Send the whole file.")
    if data[:4] == b"RIFF" and data[8:12] != b"WAVE":
        raise UnreadableAudio(f"This RIFF file is no sound recording. {_AS_WAV}")
    if data[:4] != b"RIFF":
        raise UnreadableAudio(f"{_what_it_is(data)} {_AS_WAV}")


def _what_it_is(data: bytes) -> str:
    for at, magic, name in _FAMILIAR:
        if data[at : at + len(magic)] == magic:
            return f"This is {name}, which no telephone writes."
    if _is_mp3_frame(data):
        return "This is an MP3 file, which no telephone writes."
    return (
        "This is no WAV file, for it has no RIFF header. "
        "If it holds raw samples: they tell neither their rate nor their coding."
    )


def _is_mp3_frame(data: bytes) -> bool:
    """MPEG audio, layer III, with a bit rate and sampling rate that exist (ISO/IEC 11172-3).

    Mu-law silence is a run of 0xFF and must not pass for one.
    """
    if len(data) < 4:  # noqa: PLR2004 - an MPEG frame header
        return False
    is_layer_3 = data[0] == 0xFF and data[1] & 0xE6 == 0xE2  # noqa: PLR2004
    return is_layer_3 and data[2] & 0xF0 != 0xF0 and data[2] & 0x0C != 0x0C  # noqa: PLR2004
