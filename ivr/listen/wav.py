"""WAV files in every shape a telephone exchange writes, checked before they are decoded."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Literal

import numpy as np
import soundfile
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.errors import (
    BadSettings,
    RecordingTooLong,
    TruncatedRecording,
    UnreadableAudio,
    UploadTooLarge,
)
from ivr.listen.g711 import Pcm, decode_alaw, decode_mulaw, encode_mulaw
from ivr.listen.riff import find_sound
from ivr.listen.wav_format import Coding, read_format
from ivr.settings import ListenSettings

Samples = NDArray[np.float32]
"""Full scale is -1 to 1; shape (frames * channels,) or (frames,)."""

_GSM_HZ = 8_000


def read_wav(data: bytes, settings: ListenSettings) -> Waveform:
    """The sound of a WAV file as mono, at the file's own rate of 6 to 192 kHz.

    Read are PCM of 8, 16, 24 and 32 bits, float of 32 and 64, mu-law, A-law and GSM 6.10, also
    inside WAVE_FORMAT_EXTENSIBLE, with one or two channels. A file that is shorter than it says is
    read as far as it goes. Float samples beyond full scale are clipped.

    Raises:
        EmptyRecording: no bytes, or a header that promises no sound.
        UploadTooLarge: more bytes than a turn may have.
        UnreadableAudio: no WAV file, a damaged header, or samples that are no numbers.
        UnsupportedAudio: a rate, width, coding or channel count that no telephone writes.
        RecordingTooLong: the header tells of more than one turn; nothing was decoded.
        TruncatedRecording: the file ends before its first sample.
        BadSettings: `settings.channel` names no channel.
    """
    _refuse_large(len(data), settings)
    riff = find_sound(data)
    layout = read_format(riff.format_chunk)
    _refuse_long(layout.frames_in(riff.meant_bytes), layout.rate_hz, settings)
    blocks = riff.there_bytes // layout.block_bytes
    if blocks == 0:
        raise TruncatedRecording("The recording ends before its first sample. Send it again.")
    end = riff.first_byte + blocks * layout.block_bytes
    samples = _DECODERS[layout.coding](data[riff.first_byte : end])
    return Waveform(
        samples=_one_channel(samples, layout.channels, settings.channel), rate_hz=layout.rate_hz
    )


def read_file(path: Path, settings: ListenSettings) -> bytes:
    """The bytes of the recording at `path`; its size is looked at before it is read.

    Raises:
        UnreadableAudio: there is no such file, it is none, or it may not be read.
        UploadTooLarge: more bytes than a turn may have.
    """
    try:
        if not path.is_file():
            what = "is no file" if path.exists() else "does not exist"
            raise UnreadableAudio(f"{path} {what}. Name a WAV file.")
        _refuse_large(path.stat().st_size, settings)
        with path.open("rb") as file:
            return file.read(settings.largest_upload_bytes + 1)
    except OSError as err:
        raise UnreadableAudio(f"{path} cannot be read. Check who may read it.") from err


def write_wav(waveform: Waveform, *, encoding: Literal["mulaw", "pcm16"]) -> bytes:
    """A mono WAV file of the sound, at its own rate; what is beyond full scale is clipped."""
    samples = as_pcm(waveform.samples)
    if encoding == "pcm16":
        return _file(_format_chunk(1, waveform.rate_hz, 2), samples.astype("<i2").tobytes())
    told = _format_chunk(7, waveform.rate_hz, 1) + pack("<H", 0)
    return _file(told, encode_mulaw(samples), frames=len(samples))


def as_pcm(samples: Samples) -> Pcm:
    """Rounded to 16 bits, clipped at full scale."""
    return np.asarray(np.clip(np.rint(samples * 32768.0), -32768, 32767), dtype=np.int16)


def from_pcm(samples: Pcm) -> Samples:
    """16-bit samples as -1 to 1."""
    return samples.astype(np.float32) / np.float32(32768)


def _refuse_large(size_bytes: int, settings: ListenSettings) -> None:
    if size_bytes > settings.largest_upload_bytes:
        raise UploadTooLarge(
            f"The recording has {size_bytes:,} bytes, a turn may have "
            f"{settings.largest_upload_bytes:,}. {_one_turn(settings)}"
        )


def _refuse_long(frames: int, rate_hz: int, settings: ListenSettings) -> None:
    length_ms = frames * 1000 // rate_hz
    if length_ms > settings.longest_turn_ms:
        raise RecordingTooLong(f"The recording lasts {length_ms // 1000} s. {_one_turn(settings)}")


def _one_turn(settings: ListenSettings) -> str:
    return f"Send one turn of at most {settings.longest_turn_ms // 1000} s."


def _pcm8(data: bytes) -> Samples:
    """Eight bits alone are written without a sign."""
    return (np.frombuffer(data, np.uint8).astype(np.float32) - np.float32(128)) / np.float32(128)


def _pcm32(data: bytes) -> Samples:
    return np.frombuffer(data, "<i4").astype(np.float32) / np.float32(2**31)


def _pcm24(data: bytes) -> Samples:
    """Moved into the upper three bytes of 32-bit samples, where the sign is in its place."""
    wide = np.zeros((len(data) // 3, 4), dtype=np.uint8)
    wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return _pcm32(wide.tobytes())


def _finite(samples: NDArray[np.floating]) -> Samples:
    if not np.isfinite(samples).all():
        raise UnreadableAudio("The recording holds samples that are no numbers. Record it again.")
    return np.asarray(np.clip(samples, -1.0, 1.0), dtype=np.float32)


def _gsm(data: bytes) -> Samples:
    """Decoded by libsndfile under a header of ours: what came was checked, but is not trusted.

    After an odd number of blocks libsndfile 1.2.2 makes up one more, which is cut off.
    """
    frames = len(data) // 65 * 320
    layout = pack("<HHIIHHHH", 0x31, 1, _GSM_HZ, _GSM_HZ * 65 // 320, 65, 0, 2, 320)
    file = BytesIO(_file(layout, data, frames=frames))
    try:
        samples, _ = soundfile.read(file, dtype="float32")
    except soundfile.LibsndfileError as err:
        raise UnreadableAudio("The recording's GSM sound is damaged. Record it again.") from err
    return np.asarray(samples[:frames], dtype=np.float32)


_DECODERS: dict[Coding, Callable[[bytes], Samples]] = {
    Coding.PCM8: _pcm8,
    Coding.PCM16: lambda data: from_pcm(np.frombuffer(data, "<i2")),
    Coding.PCM24: _pcm24,
    Coding.PCM32: _pcm32,
    Coding.FLOAT32: lambda data: _finite(np.frombuffer(data, "<f4")),
    Coding.FLOAT64: lambda data: _finite(np.frombuffer(data, "<f8")),
    Coding.MULAW: lambda data: from_pcm(decode_mulaw(data)),
    Coding.ALAW: lambda data: from_pcm(decode_alaw(data)),
    Coding.GSM: _gsm,
}
"""Each gives the samples in file order, channels interleaved."""


def _one_channel(samples: Samples, channels: int, wanted: str) -> Samples:
    frames = samples.reshape(-1, channels)
    match wanted:
        case "left":
            return np.ascontiguousarray(frames[:, 0])
        case "right":
            return np.ascontiguousarray(frames[:, -1])
        case "mix":
            return np.asarray(frames.mean(axis=1), dtype=np.float32)
        case _:
            raise BadSettings("IVR_LISTEN__CHANNEL must be left, right or mix.")


def _format_chunk(tag: int, rate_hz: int, width_bytes: int) -> bytes:
    return pack("<HHIIHH", tag, 1, rate_hz, rate_hz * width_bytes, width_bytes, width_bytes * 8)


def _file(layout: bytes, sound: bytes, *, frames: int | None = None) -> bytes:
    """The three chunks; whatever is not PCM must also say how many frames it holds."""
    fact = b"" if frames is None else _chunk(b"fact", pack("<I", frames))
    body = b"WAVE" + _chunk(b"fmt ", layout) + fact + _chunk(b"data", sound)
    return pack("<4sI", b"RIFF", len(body)) + body


def _chunk(name: bytes, content: bytes) -> bytes:
    return pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)
