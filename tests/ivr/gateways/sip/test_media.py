"""Where sound is sent, and whose is heard."""

from typing import Any

import pytest

from ivr.gateways.sip.media import Media
from ivr.gateways.sip.rtp import Packet, write_packet
from ivr.gateways.sip.sdp import Offer
from ivr.live.wire import FRAME_BYTES

HERE, ELSEWHERE = ("127.0.0.1", 4000), ("203.0.113.9", 4000)


class FakeTransport:
    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []

    def sendto(self, _: bytes, address: tuple[str, int]) -> None:
        self.sent.append(address)


class FakeEar:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def sound(self, pcm: bytes) -> None:
        self.heard.append(pcm)

    def keys(self, keys: str) -> None:
        pytest.fail("no key was pressed")


def media(host: str) -> tuple[Media, FakeTransport, FakeEar]:
    offer = Offer(
        host=host,
        port=4000,
        law="mulaw",
        payload_type=0,
        keys_type=None,
        direction="sendrecv",
        media=("audio 4000 RTP/AVP 0",),
        chosen=0,
    )
    transport, ear = FakeTransport(), FakeEar()
    one = Media(offer, ear, lambda address: address == "127.0.0.1")
    fake: Any = transport
    one.connection_made(fake)
    return one, transport, ear


def packet(sequence: int, kind: int = 0) -> bytes:
    return write_packet(
        Packet(payload_type=kind, sequence=sequence, timestamp=0, source=7, payload=b"\xff" * 160)
    )


def test_nothing_is_sent_to_addresses_that_may_not_call() -> None:
    one, transport, _ = media(ELSEWHERE[0])
    one.play(bytes(FRAME_BYTES))

    assert transport.sent == []


def test_sound_of_addresses_that_may_not_call_is_not_heard() -> None:
    one, transport, ear = media(HERE[0])
    one.datagram_received(packet(1), ELSEWHERE)
    one.play(bytes(FRAME_BYTES))

    assert ear.heard == []
    assert transport.sent == [HERE]


def test_what_was_not_agreed_on_is_not_heard() -> None:
    one, _, ear = media(HERE[0])
    for data in (b"", b"\x80\xc8\x00\x06", packet(1, kind=13), packet(2, kind=101)):
        one.datagram_received(data, HERE)

    assert ear.heard == []


def test_sound_goes_back_to_where_it_comes_from_first() -> None:
    """Behind a router the address that was offered is seldom the one that is seen."""
    one, transport, ear = media(ELSEWHERE[0])
    behind, other = ("127.0.0.1", 5000), ("127.0.0.1", 5001)
    one.datagram_received(packet(1), behind)
    one.datagram_received(packet(2), other)
    one.play(bytes(FRAME_BYTES))

    assert [bytes(FRAME_BYTES)] == ear.heard
    assert transport.sent == [behind]
