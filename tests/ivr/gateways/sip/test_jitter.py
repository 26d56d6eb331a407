import pytest

from ivr.gateways.sip.jitter import Jitter
from ivr.gateways.sip.rtp import Packet


def packet(sequence: int, source: int = 7) -> Packet:
    return Packet(
        payload_type=0, sequence=sequence % 65_536, timestamp=0, source=source, payload=b""
    )


def heard(*sequences: int) -> list[int | None]:
    jitter = Jitter()
    ready = [one for sequence in sequences for one in jitter.put(packet(sequence))]
    return [None if one is None else one.sequence for one in ready]


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ((1, 2, 3), [1, 2, 3]),
        ((1, 3, 2, 4), [1, 2, 3, 4]),
        ((1, 2, 2, 1, 3), [1, 2, 3]),
        ((1, 4, 3, 2), [1, 2, 3, 4]),
        ((65_534, 65_535, 65_537, 65_536), [65_534, 65_535, 0, 1]),
        ((1, 3, 4, 5), [1]),
        ((1, 3, 4, 5, 6), [1, None, 3, 4, 5, 6]),
        ((1, 3, 4, 5, 6, 2), [1, None, 3, 4, 5, 6]),
        ((1, 5, 6, 7, 8), [1, None, None, None, 5, 6, 7, 8]),
        ((1, 101, 102, 103, 104), [1, *[None] * 10, 101, 102, 103, 104]),
        ((1, 40_000, 40_001), [1, 40_000, 40_001]),
    ],
)
def test_packets_are_heard_in_order_and_what_is_lost_is_silence(
    came: tuple[int, ...], expected: list[int | None]
) -> None:
    assert expected == heard(*came)


def test_a_stream_that_begins_anew_is_heard_at_once() -> None:
    jitter = Jitter()
    jitter.put(packet(9_000))

    assert [packet(3, source=8)] == jitter.put(packet(3, source=8))
