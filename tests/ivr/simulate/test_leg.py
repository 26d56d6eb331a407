import asyncio

import pytest

from ivr.simulate.leg import Door, Heard

BEHIND = Door(url="http://127.0.0.1:8080", public_url="https://ivr.example.com")
ALONE = Door(url="http://127.0.0.1:8080")


@pytest.mark.parametrize(
    ("door", "told", "reached"),
    [
        (BEHIND, "wss://ivr.example.com/ws/twilio", "ws://127.0.0.1:8080/ws/twilio"),
        (BEHIND, "https://ivr.example.com/httapi?at=turn", "http://127.0.0.1:8080/httapi?at=turn"),
        (ALONE, "ws://127.0.0.1:8080/ws/twilio", "ws://127.0.0.1:8080/ws/twilio"),
        (ALONE, "/httapi?at=turn", "http://127.0.0.1:8080/httapi?at=turn"),
        (BEHIND, "https://elsewhere.example.com/x", "https://elsewhere.example.com/x"),
    ],
)
def test_what_the_service_tells_is_reached_from_here(door: Door, told: str, reached: str) -> None:
    assert door.here(told) == reached


def test_the_address_that_is_signed_is_the_one_the_service_believes_in() -> None:
    assert (BEHIND.signed_url, ALONE.signed_url) == (BEHIND.public_url, ALONE.url)


def heard(frames: int, *, is_lockstep: bool, is_over: bool = False) -> Heard:
    machine = Heard()
    machine.is_lockstep = is_lockstep
    for _ in range(frames):
        machine.put(b"a frame")
    if is_over:
        machine.end()
    return machine


def test_what_was_not_played_yet_is_thrown_away_but_the_end_is_not() -> None:
    machine = heard(3, is_lockstep=False, is_over=True)

    machine.drop()

    assert asyncio.run(machine.next()) is None


def test_in_lockstep_every_frame_was_counted_and_none_is_thrown_away() -> None:
    machine = heard(3, is_lockstep=True)

    machine.drop()

    assert machine.waiting == 3
