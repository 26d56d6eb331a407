"""Packets that come late, twice or never, put in order; what is lost is silence."""

from ivr.gateways.sip.rtp import Packet

_DEPTH = 3
"""Packets that are waited for one that is missing: 60 ms."""

_MOST_LOST = 10
"""Longer losses are no silence of ours: the call has made up for them by then."""

_ROUND = 2**16
_ASTRAY = 1_000
"""Further away than that, a packet belongs to a stream that began anew."""


class Jitter:
    """One stream's order. Never shared."""

    def __init__(self) -> None:
        self._expected: int | None = None
        self._source = 0
        self._early: dict[int, Packet] = {}

    def put(self, packet: Packet) -> list[Packet | None]:
        """What can be heard now, in order; None stands for a packet that was lost."""
        if self._expected is None or self._is_new(packet):
            self._expected = packet.sequence
            self._source = packet.source
            self._early.clear()
        if _ahead(packet.sequence, self._expected) < 0:
            return []
        self._early[packet.sequence] = packet
        return self._in_order(self._expected)

    def _is_new(self, packet: Packet) -> bool:
        ahead = _ahead(packet.sequence, self._expected or 0)
        return packet.source != self._source or abs(ahead) > _ASTRAY

    def _in_order(self, expected: int) -> list[Packet | None]:
        ready: list[Packet | None] = []
        if len(self._early) > _DEPTH:
            nearest = min(self._early, key=lambda one: _ahead(one, expected))
            ready += [None] * min(_ahead(nearest, expected), _MOST_LOST)
            expected = nearest
        while expected in self._early:
            ready.append(self._early.pop(expected))
            expected = (expected + 1) % _ROUND
        self._expected = expected
        return ready


def _ahead(sequence: int, expected: int) -> int:
    """How far, -32768 to 32767: numbers begin again at 0 behind 65535."""
    return (sequence - expected + _ROUND // 2) % _ROUND - _ROUND // 2
