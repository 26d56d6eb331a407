"""Real bytes over a real loopback socket, as Asterisk sends them."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from fakes.live import FakeReception, FakeTalk, quiet, spoken

from ivr.call import CallId
from ivr.gateways.asterisk import audiosocket
from ivr.gateways.asterisk.audiosocket import (
    DTMF,
    HANG_UP,
    ID,
    RATES_HZ,
    SLIN,
    _Door,
    frame,
    serve_audiosocket,
)
from ivr.live.wire import Incoming
from ivr.settings import AudioSocketSettings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CALL = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


class Asterisk:
    """The other end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.frames: list[tuple[int, bytes]] = []

    def send(self, kind: int, payload: bytes = b"") -> None:
        self.writer.write(frame(kind, payload))

    async def speak(self, sound: bytes, kind: int = SLIN, size: int = 320) -> None:
        for at in range(0, len(sound), size):
            self.send(kind, sound[at : at + size])
            await self.writer.drain()

    async def read(self) -> None:
        """Everything until the other side closes."""
        while True:
            try:
                header = await self.reader.readexactly(3)
                payload = await self.reader.readexactly(int.from_bytes(header[1:], "big"))
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            self.frames.append((header[0], payload))


def over(
    reception: FakeReception, story: Callable[[Asterisk], Coroutine[Any, Any, None]]
) -> Asterisk:
    """What Asterisk has received after it did what the story tells."""

    async def run() -> Asterisk:
        async with serve_audiosocket(reception, AudioSocketSettings()) as port:
            asterisk = Asterisk(*await asyncio.open_connection("127.0.0.1", port))
            reading = asyncio.create_task(asterisk.read())
            await story(asterisk)
            await asyncio.wait_for(reading, 10)
            asterisk.writer.close()
            return asterisk

    return asyncio.run(run())


def test_who_is_not_allowed_gets_nothing() -> None:
    class Elsewhere:
        is_closed = False

        def get_extra_info(self, _: str) -> tuple[str, int]:
            return ("203.0.113.9", 4711)

        def close(self) -> None:
            self.is_closed = True

    reception, writer = FakeReception(), Elsewhere()
    stranger: Any = writer
    nothing: Any = None
    asyncio.run(_Door(reception, ()).open(nothing, stranger))

    assert writer.is_closed
    assert reception.incoming == []


@pytest.mark.parametrize(
    "first",
    [
        frame(SLIN, quiet(20)),
        frame(ID, b"short"),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x01",
    ],
)
def test_who_does_not_begin_with_a_uuid_gets_no_call(first: bytes) -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.writer.write(first)
        asterisk.writer.write_eof()

    reception = FakeReception()

    assert over(reception, story).frames == []
    assert reception.incoming == []


def test_a_full_house_hangs_up_so_that_the_dialplan_goes_on() -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)

    reception = FakeReception()
    reception.is_full = True

    assert over(reception, story).frames == [(HANG_UP, b"")]


def test_a_whole_call_and_what_was_announced_of_it() -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)
        await asterisk.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    reception = FakeReception(talk)
    known = Incoming(call_id=CallId(str(CALL)), caller_id="+4989123456")
    reception.known[known.call_id] = known

    asterisk = over(reception, story)

    assert reception.incoming == [known]
    assert talk.heard == ["Flug umbuchen"]
    assert asterisk.frames[-1] == (HANG_UP, b"")
    assert {(SLIN, 320)} == {(kind, len(payload)) for kind, payload in asterisk.frames[:-1]}
    assert any(any(payload) for _, payload in asterisk.frames[:-1])


def test_a_call_that_nobody_announced_is_withheld() -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)
        await asterisk.speak(quiet(100))
        asterisk.send(HANG_UP)

    reception = FakeReception()
    over(reception, story)

    assert [(one.call_id, one.caller_id) for one in reception.incoming] == [(str(CALL), None)]
    assert reception.talk.is_gone == 1


@pytest.mark.parametrize("kind", sorted(RATES_HZ))
def test_every_rate_is_answered_at_its_own(kind: int) -> None:
    size = RATES_HZ[kind] // 50 * 2

    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)
        await asterisk.speak(bytes(size * 20), kind, size)
        asterisk.send(HANG_UP)

    asterisk = over(FakeReception(), story)

    assert (kind, size) in {(kind, len(payload)) for kind, payload in asterisk.frames}


def test_keys_and_what_nobody_knows_yet() -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)
        asterisk.send(0x77, b"something new")
        asterisk.send(DTMF, b"9")
        asterisk.send(DTMF, b"\xff")
        await asterisk.speak(quiet(200))
        asterisk.send(HANG_UP)

    reception = FakeReception()
    over(reception, story)

    assert [keys for _, keys in reception.talk.taken] == ["9"]


def test_a_connection_that_breaks_off_in_a_frame_ends_its_call() -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)
        asterisk.writer.write(frame(SLIN, quiet(20))[:100])
        asterisk.writer.write_eof()

    reception = FakeReception()
    over(reception, story)

    assert reception.talk.is_gone == 1


def test_a_connection_that_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(asterisk: Asterisk) -> None:
        pass

    monkeypatch.setattr(audiosocket, "_GREET_S", 0.05)
    reception = FakeReception()

    assert over(reception, story).frames == []
    assert reception.incoming == []


def test_a_half_open_connection_ends_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)
        await asterisk.speak(quiet(100))

    monkeypatch.setattr(audiosocket, "_SILENT_S", 0.05)
    reception = FakeReception()
    over(reception, story)

    assert reception.talk.is_gone == 1


def test_who_does_not_read_holds_nobody_up_and_loses_old_sound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More is said than all buffers hold, and nobody takes it."""
    size, count = RATES_HZ[0x18] // 50 * 2, 1_500

    async def run() -> tuple[FakeReception, int]:
        reception = FakeReception()
        async with serve_audiosocket(reception, AudioSocketSettings()) as port:
            asterisk = Asterisk(*await asyncio.open_connection("127.0.0.1", port, limit=1_000))
            asterisk.send(ID, CALL.bytes)
            await asterisk.speak(bytes(size * count), 0x18, size)
            asterisk.send(HANG_UP)
            await asterisk.read()
            asterisk.writer.close()
            return reception, len(asterisk.frames)

    monkeypatch.setattr(audiosocket, "_UNSENT_BYTES", 4_096)
    reception, taken = asyncio.run(run())

    assert reception.talk.is_gone == 1
    assert taken < count


def test_a_call_over_a_stuck_line_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.send(ID, CALL.bytes)
        await asterisk.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    async def stuck(self: object, data: bytes) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(audiosocket._Connection, "_send", stuck)
    monkeypatch.setattr(audiosocket, "_LEAVE_S", 0.05)
    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1

    assert over(FakeReception(talk), story).frames == []
    assert talk.is_gone == 1


def test_a_service_that_stops_ends_its_calls() -> None:
    async def run() -> FakeReception:
        reception = FakeReception()
        async with serve_audiosocket(reception, AudioSocketSettings()) as port:
            asterisk = Asterisk(*await asyncio.open_connection("127.0.0.1", port))
            asterisk.send(ID, CALL.bytes)
            await asterisk.speak(quiet(20))
            await asterisk.reader.readexactly(3)
        await asterisk.read()
        asterisk.writer.close()
        return reception

    assert asyncio.run(run()).talk.is_gone == 1


def test_one_call_that_breaks_does_not_disturb_another() -> None:
    async def story(asterisk: Asterisk) -> None:
        host, port = asterisk.writer.get_extra_info("peername")
        asterisk.send(ID, CALL.bytes)
        for number in range(20):
            _, other = await asyncio.open_connection(host, port)
            other.write(frame(ID, UUID(int=number).bytes) + frame(SLIN, bytes(7))[: number % 9])
            other.close()
        await asterisk.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1

    assert over(FakeReception(talk), story).frames[-1] == (HANG_UP, b"")
