"""One call's sound: a socket of its own, and the other side's address."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Protocol

from ivr.gateways.sip.jitter import Jitter
from ivr.gateways.sip.rtp import Keys, Packet, read_packet, write_packet
from ivr.gateways.sip.sdp import Offer, write_answer
from ivr.gateways.sound import SoundIn, SoundOut
from ivr.live.wire import FRAME_BYTES, FRAME_SAMPLES

Address = tuple[str, int]


class Ear(Protocol):
    """Takes what the caller says and types. Must not take long."""

    def sound(self, pcm: bytes) -> None: ...

    def keys(self, keys: str) -> None: ...


class Media(asyncio.DatagramProtocol):
    """The sound of one call. It is sent where it comes from, which routers need (RFC 4961)."""

    def __init__(self, offer: Offer, ear: Ear, may_send: Callable[[str], bool]) -> None:
        self._ear = ear
        self._may_send = may_send
        self._transport: asyncio.DatagramTransport | None = None
        self._sequence = secrets.randbelow(2**16)
        self._timestamp = secrets.randbelow(2**32)
        self._source = secrets.randbelow(2**32)
        self._is_first = True
        self._is_latched = False
        self._jitter = Jitter()
        self._keys = Keys()
        self._target: Address | None = None
        self._version = 0
        self.agree(offer)

    @classmethod
    async def open(
        cls, offer: Offer, ear: Ear, *, host: str, may_send: Callable[[str], bool]
    ) -> "Media":
        """The sound, awaited at a port of its own.

        Raises:
            OSError: no port is left.
        """
        loop = asyncio.get_running_loop()
        _, media = await loop.create_datagram_endpoint(
            lambda: cls(offer, ear, may_send), local_addr=(host, 0)
        )
        return media

    def answer(self, host: str) -> bytes:
        """What we say to the offer; `host` is ours as the other side reaches it."""
        port = self._transport.get_extra_info("sockname")[1] if self._transport else 0
        self._version += 1
        return write_answer(self._offer, host=host, port=port, version=self._version)

    def agree(self, offer: Offer) -> None:
        """Talk as was offered, now or later in the call."""
        self._offer = offer
        self._in = SoundIn(coding=offer.law)
        self._out = SoundOut(coding=offer.law)
        self._is_latched = False
        # Whoever names somebody else's address must not have sound sent there.
        self._target = (offer.host, offer.port) if self._may_send(offer.host) else None

    def play(self, frame: bytes) -> None:
        """Send a frame, unless the caller is on hold."""
        self._timestamp = (self._timestamp + FRAME_SAMPLES) % 2**32
        if self._transport is None or self._target is None or self._is_held:
            self._is_first = True
            return
        self._sequence = (self._sequence + 1) % 2**16
        packet = Packet(
            payload_type=self._offer.payload_type,
            sequence=self._sequence,
            timestamp=self._timestamp,
            source=self._source,
            payload=self._out.give(frame),
            is_first=self._is_first,
        )
        self._is_first = False
        self._transport.sendto(write_packet(packet), self._target)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there yet, or any more; signalling tells which."""

    def datagram_received(self, data: bytes, addr: Address) -> None:
        address = (addr[0], addr[1])
        packet = read_packet(data)
        if packet is None or not self._is_the_caller(address):
            return
        if packet.payload_type not in (self._offer.payload_type, self._offer.keys_type):
            return
        self._target, self._is_latched = address, True
        for one in self._jitter.put(packet):
            self._hear(one)

    @property
    def has_keys(self) -> bool:
        """Keys come as packets, and need not come otherwise."""
        return self._offer.keys_type is not None

    @property
    def _is_held(self) -> bool:
        return self._offer.direction in ("sendonly", "inactive")

    def _is_the_caller(self, address: Address) -> bool:
        """The first who sends sound is; then nobody else."""
        return address == self._target if self._is_latched else self._may_send(address[0])

    def _hear(self, packet: Packet | None) -> None:
        if packet is None:
            self._ear.sound(bytes(FRAME_BYTES))
        elif packet.payload_type == self._offer.keys_type:
            if key := self._keys.take(packet):
                self._ear.keys(key)
        else:
            self._ear.sound(self._in.take(packet.payload))
