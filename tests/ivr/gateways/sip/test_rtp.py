import random
import struct

import pytest

from ivr.gateways.sip.rtp import Keys, Packet, read_packet, write_packet


def packet(payload: bytes, timestamp: int = 160) -> Packet:
    return Packet(payload_type=101, sequence=1, timestamp=timestamp, source=7, payload=payload)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" * 11,
        b"\x00\x01" + bytes(18),
        struct.pack("!BBHII", 0x8F, 0, 1, 2, 3),
        struct.pack("!BBHII", 0x90, 0, 1, 2, 3),
        struct.pack("!BBHIIHH", 0x90, 0, 1, 2, 3, 0, 9),
        struct.pack("!BBHII", 0xA0, 0, 1, 2, 3) + b"\xff",
        b"\x80" + bytes(2_000),
    ],
)
def test_what_is_no_rtp_is_none(data: bytes) -> None:
    assert read_packet(data) is None


def test_no_noise_breaks_the_reading() -> None:
    generator = random.Random(3)  # noqa: S311 - noise, no secret
    for _ in range(3_000):
        data = generator.randbytes(generator.randrange(200))
        one = read_packet(b"\xb2" + data)
        assert one is None or len(one.payload) <= len(data)


def test_a_packet_is_read_as_it_was_written() -> None:
    one = Packet(
        payload_type=8,
        sequence=65_535,
        timestamp=2**32 - 1,
        source=2**32 - 2,
        payload=b"sound",
        is_first=True,
    )

    assert one == read_packet(write_packet(one))


def test_sources_extension_and_padding_are_no_sound() -> None:
    data = (
        struct.pack("!BBHII", 0xB1, 0, 1, 2, 3)
        + bytes(4)
        + struct.pack("!HH", 0xBEDE, 1)
        + bytes(4)
        + b"sound"
        + b"\x00\x00\x03"
    )
    read = read_packet(data)

    assert read is not None
    assert read.payload == b"sound"


def test_a_key_is_pressed_once_however_often_it_is_told() -> None:
    keys = Keys()
    told = [b"\x05\x0a\x00\xa0", b"\x05\x0a\x01\x40", *[b"\x05\x8a\x01\xe0"] * 3]

    assert "".join(keys.take(packet(one)) for one in told) == "5"


def test_the_same_key_twice_is_two_keys() -> None:
    keys = Keys()

    assert "".join(keys.take(packet(b"\x05\x8a\x01\xe0", at)) for at in (160, 160, 1_760)) == "55"


def test_a_key_of_which_only_the_end_came_is_pressed() -> None:
    assert Keys().take(packet(b"\x0b\x8a\x01\xe0")) == "#"


@pytest.mark.parametrize("payload", [b"", b"\x05", b"\x0c\x8a\x01\xe0", b"\xff\x8a\x01\xe0"])
def test_what_is_no_key_of_ours_is_none(payload: bytes) -> None:
    assert Keys().take(packet(payload)) == ""
