"""Real messages over a real loopback socket, as chan_websocket sends them."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
import uvicorn
from fakes.live import FakeReception, FakeTalk, quiet, spoken
from fakes.log_lines import logged
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from ivr.call import CallId, Language
from ivr.gateways.asterisk import websocket as asterisk_websocket
from ivr.gateways.asterisk.websocket import LARGEST_BYTES, routes
from ivr.listen.g711 import encode_mulaw
from ivr.live.wire import Incoming

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CALL = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

Story = Callable[["Asterisk"], Coroutine[Any, Any, None]]


class Asterisk:
    """The other end of one connection; plays at once what it is sent."""

    def __init__(self, socket: ClientConnection, *, is_json: bool) -> None:
        self.socket = socket
        self.is_json = is_json
        self.sound: list[bytes] = []
        self.commands: list[str] = []

    async def start(self, sound: str = "ulaw", **variables: str) -> None:
        if not self.is_json:
            words = f"channel:WebSocket/ivr/0x1 channel_id:1.7 format:{sound}"
            await self.socket.send(f"MEDIA_START connection_id:c {words} ptime:20")
        else:
            await self.event("MEDIA_START", format=sound, channel_variables=variables, ptime=20)

    async def event(self, name: str, **fields: Any) -> None:
        told = json.dumps({"event": name, "channel_id": "1.7", **fields})
        words = " ".join([name, *(f"{key}:{value}" for key, value in fields.items())])
        await self.socket.send(told if self.is_json else words)

    async def speak(self, sound: bytes, size: int = 160) -> None:
        for at in range(0, len(sound), size):
            await self.socket.send(sound[at : at + size])

    async def read(self) -> None:
        """Everything until the other side closes."""
        with contextlib.suppress(ConnectionClosed):
            async for message in self.socket:
                await self.take(message)

    async def take(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            self.sound.append(message)
            return
        command = json.loads(message)["command"] if self.is_json else message
        self.commands.append(command)
        if command == "REPORT_QUEUE_DRAINED":
            await self.event("QUEUE_DRAINED")


@asynccontextmanager
async def service(reception: FakeReception) -> AsyncIterator[int]:
    app = FastAPI()
    app.include_router(routes(reception))
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


def over(
    reception: FakeReception, story: Story, *, query: str = "", is_json: bool = True
) -> Asterisk:
    """What Asterisk has received after it did what the story tells."""

    async def run() -> Asterisk:
        async with (
            service(reception) as port,
            connect(
                f"ws://127.0.0.1:{port}/ws/asterisk{query}",
                subprotocols=[Subprotocol("media")],
                compression=None,
            ) as socket,
        ):
            asterisk = Asterisk(socket, is_json=is_json)
            reading = asyncio.create_task(asterisk.read())
            with contextlib.suppress(ConnectionClosed):
                await story(asterisk)
            await asyncio.wait_for(reading, 10)
            return asterisk

    return asyncio.run(run())


async def hang_up(asterisk: Asterisk) -> None:
    await asterisk.socket.close()


def one_turn(*words: str) -> FakeReception:
    """A house that answers one turn and ends the call."""
    talk = FakeTalk(list(words))
    talk.ends_after = 1
    return FakeReception(talk)


async def say_something(asterisk: Asterisk) -> None:
    await asterisk.start()
    await asterisk.speak(as_ulaw(quiet(1_200) + spoken(800) + quiet(2_000)))


def as_ulaw(sound: bytes) -> bytes:
    return encode_mulaw(np.frombuffer(sound, dtype="<i2").astype(np.int16))


def test_who_does_not_start_gets_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.event("MEDIA_XON")
        await asterisk.speak(bytes(1_600))

    monkeypatch.setattr(asterisk_websocket, "_GREET_S", 0.1)
    reception = FakeReception()

    assert over(reception, story).sound == []
    assert reception.incoming == []


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize("sound", ["opus", "g722", ""])
def test_sound_that_is_not_spoken_here_hangs_up_so_that_the_dialplan_goes_on(
    sound: str, *, is_json: bool
) -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start(sound)

    reception = FakeReception()

    assert over(reception, story, is_json=is_json).commands == ["HANGUP"]
    assert reception.incoming == []


def test_a_full_house_hangs_up_so_that_the_dialplan_goes_on() -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start()

    reception = FakeReception()
    reception.is_full = True

    assert over(reception, story).commands == ["HANGUP"]


def test_a_message_that_is_too_large_ends_the_call() -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start()
        await asterisk.socket.send(bytes(LARGEST_BYTES + 1))

    reception = FakeReception()
    over(reception, story)

    assert reception.talk.is_gone == 1


def test_the_largest_message_is_heard() -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start()
        await asterisk.socket.send(as_ulaw(quiet(1_200) + spoken(800) + quiet(6_000)))
        await asterisk.socket.send(bytes([0xFF]) * LARGEST_BYTES)

    reception = one_turn("Flug umbuchen")

    assert over(reception, story).commands[-1] == "HANGUP"
    assert reception.talk.heard == ["Flug umbuchen"]


@pytest.mark.parametrize("is_json", [True, False])
def test_a_whole_call(*, is_json: bool) -> None:
    reception = one_turn("Flug umbuchen")
    asterisk = over(reception, say_something, is_json=is_json)

    assert reception.talk.heard == ["Flug umbuchen"]
    assert asterisk.socket.subprotocol == "media"
    assert {160} == {len(sound) for sound in asterisk.sound}
    assert any(set(sound) != {0xFF} for sound in asterisk.sound)
    assert asterisk.commands == ["REPORT_QUEUE_DRAINED", "HANGUP"]


def test_an_asterisk_that_never_plays_its_queue_is_hung_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(asterisk: Asterisk) -> None:
        asterisk.event = silent  # type: ignore[method-assign]
        await asterisk.socket.send('{"event":"MEDIA_START","format":"ulaw"}')
        await asterisk.speak(as_ulaw(quiet(1_200) + spoken(800) + quiet(2_000)))

    async def silent(name: str, **fields: Any) -> None:
        pass

    monkeypatch.setattr(asterisk_websocket, "_LEAVE_S", 0.05)

    assert over(one_turn("Flug umbuchen"), story).commands[-1] == "HANGUP"


FRAMES = {
    "ulaw": 160,
    "alaw": 160,
    "slin": 320,
    "slin12": 480,
    "slin16": 640,
    "slin24": 960,
    "slin32": 1_280,
    "slin44": 1_764,
    "slin48": 1_920,
    "slin96": 3_840,
    "slin192": 7_680,
}


@pytest.mark.parametrize(("sound", "size"), FRAMES.items())
def test_every_format_is_answered_in_whole_frames_of_its_own(sound: str, size: int) -> None:
    """Asterisk throws away what is left of a message beyond whole frames."""

    async def story(asterisk: Asterisk) -> None:
        await asterisk.start(sound)
        await asterisk.speak(bytes(size * 20), size)
        await asyncio.sleep(0.05)
        await asterisk.socket.close()

    asterisk = over(FakeReception(), story)

    assert {size} == {len(sound) for sound in asterisk.sound}


def test_sound_that_overtakes_the_start_is_heard() -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.speak(as_ulaw(spoken(800)), size=6_400)
        await asterisk.start()
        await asterisk.speak(as_ulaw(quiet(4_000)))

    reception = one_turn("Flug umbuchen")
    over(reception, story)

    assert len(reception.sessions) == 1
    assert reception.talk.is_gone == 1


@pytest.mark.parametrize("is_json", [True, False])
def test_keys_are_pressed_and_odd_ones_ignored(*, is_json: bool) -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start()
        for digit in ("A", "9", ""):
            await asterisk.event("DTMF_END", digit=digit)
        await asterisk.socket.send("{")
        await asterisk.speak(as_ulaw(quiet(4_000)))

    reception = one_turn()
    over(reception, story, is_json=is_json)

    assert [keys for _, keys in reception.talk.taken] == ["9"]


def test_a_caller_who_interrupts_has_the_queue_flushed() -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start()
        await asterisk.speak(as_ulaw(quiet(500) + spoken(1_500) + quiet(4_000)))

    asterisk = over(one_turn("Flug umbuchen"), story)

    assert asterisk.commands == ["FLUSH_MEDIA", "REPORT_QUEUE_DRAINED", "HANGUP"]


def test_a_full_queue_gets_no_sound_until_it_wants_more() -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start()
        await asterisk.event("MEDIA_XOFF")
        await asterisk.speak(as_ulaw(quiet(600)))
        await asyncio.sleep(0.1)
        assert asterisk.sound == []
        await asterisk.event("MEDIA_XON")
        await asterisk.speak(as_ulaw(quiet(20)))
        while not asterisk.sound:  # noqa: ASYNC110 - what is read is only kept
            await asyncio.sleep(0.001)
        await asterisk.socket.close()

    assert over(FakeReception(), story).sound != []


def test_a_half_open_connection_ends_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start()

    monkeypatch.setattr(asterisk_websocket, "_SILENT_S", 0.05)
    reception = FakeReception()
    over(reception, story)

    assert reception.talk.is_gone == 1


def told_of(query: str = "", *, known: Incoming | None = None, **variables: str) -> list[Incoming]:
    async def story(asterisk: Asterisk) -> None:
        await asterisk.start(**variables)
        await asterisk.speak(as_ulaw(quiet(20)))
        await asterisk.socket.close()

    reception = FakeReception()
    if known is not None:
        reception.known[known.call_id] = known
    over(reception, story, query=query)
    return reception.incoming


def incoming(call_id: str, **told: Any) -> list[Incoming]:
    return [
        Incoming(call_id=CallId(call_id), **{"source": "asterisk", "gateway": "asterisk", **told})
    ]


def test_a_call_of_which_nothing_is_told_is_withheld() -> None:
    assert told_of() == incoming("1.7")


def test_the_address_tells_of_a_call() -> None:
    told = told_of(f"?call={CALL.upper()}&from=%2B4989123456&lang=en_GB")

    assert told == incoming(CALL, caller_id="+4989123456", language=Language.ENGLISH)


def test_variables_of_the_channel_go_before_the_address() -> None:
    told = told_of(
        f"?call={CALL}&from=%2B491111&lang=fr",
        __RUFWERK_FROM="+4989123456",
        RUFWERK_LANG="de",
        RUFWERK_SOURCE="t1",
    )

    assert told == incoming(CALL, caller_id="+4989123456", language=Language.GERMAN, source="t1")


def test_what_was_announced_goes_before_everything() -> None:
    known = incoming(CALL, caller_id="+4989123456", may_record=True)[0]

    assert told_of(f"?call={CALL}&from=%2B491111", known=known) == [known]


def test_what_breaks_inside_is_logged_without_a_word_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(FakeReception):
        async def announced(self, call_id: CallId) -> Incoming | None:
            raise RuntimeError("+4989123456")

    with caplog.at_level(logging.INFO, logger="ivr"):
        over(Broken(), say_something)

    messages = [record for record in caplog.records if record.name.startswith("ivr")]
    assert [record.getMessage() for record in messages] == ["asterisk failed"]
    assert all("4989" not in line for line in logged(messages))
