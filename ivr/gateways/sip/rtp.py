"""Packets of sound and of keys (RFC 3550, RFC 4733)."""

import struct
from collections import deque
from dataclasses import dataclass, field

_HEADER = struct.Struct("!BBHII")
_VERSION = 2
_MOST_BYTES = 1_500
_KEYS = "0123456789*#"
_EVENT_BYTES = 4
_REMEMBERED = 16
"""Keys whose packets may still come late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One of them."""

    payload_type: int
    sequence: int
    """Modulo 65536."""

    timestamp: int
    """In samples, modulo 2^32."""

    source: int
    payload: bytes = field(repr=False)
    is_first: bool = False
    """The marker: sound begins after a silence, or a key was pressed."""


def read_packet(data: bytes) -> Packet | None:
    """None where it is no RTP, such as RTCP or a probe for a way through a router."""
    if not _HEADER.size <= len(data) <= _MOST_BYTES:
        return None
    flags, kind, sequence, timestamp, source = _HEADER.unpack_from(data)
    payload = _payload(data, flags)
    if flags >> 6 != _VERSION or payload is None:
        return None
    return Packet(
        payload_type=kind & 0x7F,
        sequence=sequence,
        timestamp=timestamp,
        source=source,
        payload=payload,
        is_first=bool(kind & 0x80),
    )


def write_packet(packet: Packet) -> bytes:
    """The same as a datagram."""
    kind = packet.payload_type | (0x80 if packet.is_first else 0)
    header = _HEADER.pack(_VERSION << 6, kind, packet.sequence, packet.timestamp, packet.source)
    return header + packet.payload


class Keys:
    """Keys of one stream. Each is told several times over, and is pressed once."""

    def __init__(self) -> None:
        self._known: deque[int] = deque(maxlen=_REMEMBERED)

    def take(self, packet: Packet) -> str:
        """The key that was pressed; empty where it is known already, or none of ours."""
        if len(packet.payload) < _EVENT_BYTES or packet.timestamp in self._known:
            return ""
        # Every packet of a key carries the time it was pressed at, the last three alike.
        self._known.append(packet.timestamp)
        event = packet.payload[0]
        return _KEYS[event] if event < len(_KEYS) else ""


def _payload(data: bytes, flags: int) -> bytes | None:
    """Without the sources that were mixed, the extension and the padding."""
    at = _HEADER.size + 4 * (flags & 0x0F)
    if flags & 0x10:
        if len(data) < at + 4:
            return None
        at += 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big")
    end = len(data) - (data[-1] if flags & 0x20 else 0)
    return data[at:end] if at <= end else None
