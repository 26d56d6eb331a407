"""G.711: sixteen bits of sound in eight, as every telephone exchange carries them.

The levels and decision values are those of ITU-T G.711 (11/1988), tables 1a and 2a, here on the
16-bit scale: the recommendation's 13-bit A-law values times 8 and its 14-bit mu-law values times 4.
A sample is coded by sign and magnitude, as table 1a and 2a list it.
"""

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
"""Shape (n,), linear 16-bit samples."""

_MULAW_BIAS = 132
"""Table 2a's 33, on the 16-bit scale: it makes all eight segments powers of two."""

_SEGMENT, _STEP = np.divmod(np.arange(128), 16)


def _mulaw_levels() -> NDArray[np.int64]:
    return np.asarray(((2 * _STEP + 33) << (_SEGMENT + 2)) - _MULAW_BIAS)


def _mulaw_decisions() -> NDArray[np.int64]:
    """Least magnitude of each level. The lowest level is half as wide, hence the clip."""
    return np.asarray(np.maximum(((_STEP + 16) << (_SEGMENT + 3)) - _MULAW_BIAS, 0))


def _alaw_levels() -> NDArray[np.int64]:
    """The lowest segment has the second one's step, so that small sounds stay linear."""
    return np.where(_SEGMENT == 0, 16 * _STEP + 8, (2 * _STEP + 33) << (_SEGMENT + 2))


def _alaw_decisions() -> NDArray[np.int64]:
    return np.where(_SEGMENT == 0, 16 * _STEP, (_STEP + 16) << (_SEGMENT + 3))


def _decoder(levels: NDArray[np.int64], mask: int) -> Pcm:
    """Shape (256,): the level of each code. `mask` is what the line inverts in positive codes."""
    table = np.zeros(256, dtype=np.int16)
    number = np.arange(128)
    table[(number | 0x80) ^ mask] = levels
    table[number ^ mask] = -levels
    return table


def _encoder(decisions: NDArray[np.int64], mask: int) -> NDArray[np.uint8]:
    """Shape (65536,): the code of each sample, addressed by the sample's bits."""
    sample = np.arange(65536).astype(np.uint16).view(np.int16).astype(np.int64)
    number = np.searchsorted(decisions, np.abs(sample), side="right") - 1
    return np.asarray(np.where(sample >= 0, number | 0x80, number) ^ mask, dtype=np.uint8)


_MULAW_MASK, _ALAW_MASK = 0x7F, 0x55
_MULAW_DECODER = _decoder(_mulaw_levels(), _MULAW_MASK)
_MULAW_ENCODER = _encoder(_mulaw_decisions(), _MULAW_MASK)
_ALAW_DECODER = _decoder(_alaw_levels(), _ALAW_MASK)
_ALAW_ENCODER = _encoder(_alaw_decisions(), _ALAW_MASK)


def decode_mulaw(codes: bytes) -> Pcm:
    """One sample a byte, -32124 to 32124."""
    return _MULAW_DECODER[np.frombuffer(codes, dtype=np.uint8)]


def encode_mulaw(samples: Pcm) -> bytes:
    """One byte a sample; beyond 32124 the loudest code is sent."""
    return _MULAW_ENCODER[samples.view(np.uint16)].tobytes()


def decode_alaw(codes: bytes) -> Pcm:
    """One sample a byte, -32256 to 32256; no code stands for 0."""
    return _ALAW_DECODER[np.frombuffer(codes, dtype=np.uint8)]


def encode_alaw(samples: Pcm) -> bytes:
    """One byte a sample."""
    return _ALAW_ENCODER[samples.view(np.uint16)].tobytes()
