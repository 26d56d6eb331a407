"""What waits for a gateway: never too much, and never at the cost of anybody else."""

import asyncio

import pytest

from ivr.gateways.outbox import MOST_WAITING_MS, Outbox
from ivr.live.wire import FRAME_MS

MOST = MOST_WAITING_MS // FRAME_MS


def frames(count: int, *, since: int = 0) -> list[bytes]:
    return [bytes([since + number]) for number in range(count)]


def sent_by(outbox: Outbox[str]) -> list[bytes | str]:
    """Everything that waits, in order."""
    sent: list[bytes | str] = []

    async def send(item: bytes | str) -> None:
        sent.append(item)

    outbox.close()
    asyncio.run(outbox.empty(send))
    return sent


def test_beyond_a_second_the_oldest_sound_goes() -> None:
    outbox = Outbox[str]()
    for frame in frames(MOST + 3):
        outbox.play(frame)

    assert sent_by(outbox) == frames(MOST, since=3)


def test_a_command_that_waits_is_not_sent_twice() -> None:
    outbox = Outbox[str]()
    for command in ("clear", "mark", "clear", "clear"):
        outbox.tell(command)

    assert sent_by(outbox) == ["clear", "mark"]


def test_commands_are_never_lost_and_go_before_sound() -> None:
    outbox = Outbox[str]()
    for frame in frames(2):
        outbox.play(frame)
    for number in range(100):
        outbox.tell(str(number))

    assert sent_by(outbox) == [*map(str, range(100)), *frames(2)]


def test_what_was_cleared_is_not_sent() -> None:
    outbox = Outbox[str]()
    outbox.play(b"old")
    outbox.clear()
    outbox.tell("flush")
    outbox.play(b"new")

    assert sent_by(outbox) == ["flush", b"new"]


def test_who_has_enough_gets_commands_only() -> None:
    outbox = Outbox[str]()
    outbox.hold()
    outbox.play(b"sound")
    outbox.tell("flush")

    assert sent_by(outbox) == ["flush"]


def test_who_wants_more_gets_what_waited() -> None:
    outbox = Outbox[str]()
    outbox.hold()
    outbox.play(b"sound")
    outbox.go_on()

    assert sent_by(outbox) == [b"sound"]


def test_after_the_end_nothing_is_said() -> None:
    outbox = Outbox[str]()
    outbox.close()
    outbox.play(b"late")

    assert sent_by(outbox) == []


def test_a_line_that_breaks_ends_the_sending() -> None:
    async def send(item: bytes | str) -> None:
        raise ConnectionResetError

    outbox = Outbox[str]()
    outbox.play(b"sound")

    with pytest.raises(ConnectionResetError):
        asyncio.run(outbox.empty(send))


def test_sound_goes_out_as_it_comes() -> None:
    async def run() -> list[bytes | str]:
        outbox, sent = Outbox[str](), asyncio.Queue[bytes | str]()
        sending = asyncio.create_task(outbox.empty(sent.put))
        arrived = []
        for frame in frames(3):
            outbox.play(frame)
            arrived.append(await sent.get())
        outbox.close()
        await sending
        return arrived

    assert asyncio.run(run()) == frames(3)
