"""Real frames over a real WebSocket, as both streaming modules send them."""

import asyncio
import base64
import contextlib
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from fakes.live import FakeReception, FakeTalk, quiet, spoken
from fakes.server import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from ivr.call import CallId, Language
from ivr.gateways.freeswitch import streams
from ivr.gateways.freeswitch.streams import stream_routes
from ivr.live.wire import Incoming

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

TOLD = {"call": "c-1", "from": "+4989123456", "lang": "de-DE", "source": "gateway-1"}
CALL = Incoming(
    call_id=CallId("c-1"),
    caller_id="+4989123456",
    language=Language.GERMAN,
    source="gateway-1",
    gateway="freeswitch",
)


@pytest.fixture(autouse=True)
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent is played at once."""
    monkeypatch.setattr(streams, "_LEAVE_S", 0)


class FreeSwitch:
    """The other end of one stream."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.sound: list[bytes] = []
        self.told: list[dict[str, Any]] = []

    async def speak(self, sound: bytes, size: int = 320) -> None:
        for at in range(0, len(sound), size):
            await self.connection.send(sound[at : at + size])

    async def read(self) -> int:
        with contextlib.suppress(ConnectionClosed):
            async for message in self.connection:
                if isinstance(message, bytes):
                    self.sound.append(message)
                else:
                    self.told.append(json.loads(message))
        return self.connection.close_code or 0


Story = Callable[[FreeSwitch], Coroutine[Any, Any, None]]


def over(reception: FakeReception, path: str, story: Story) -> tuple[FreeSwitch, int]:
    async def run() -> tuple[FreeSwitch, int]:
        async with serving(stream_routes(reception)) as port:
            url = f"ws://127.0.0.1:{port}{path}"
            protocols = [Subprotocol("audio.drachtio.org")]
            async with connect(url, subprotocols=protocols, compression=None, proxy=None) as wire:
                freeswitch = FreeSwitch(wire)
                reading = asyncio.create_task(freeswitch.read())
                with contextlib.suppress(ConnectionClosed):
                    await story(freeswitch)
                async with asyncio.timeout(10):
                    return freeswitch, await reading

    return asyncio.run(run())


async def whole_call(freeswitch: FreeSwitch) -> None:
    await freeswitch.connection.send(json.dumps(TOLD))
    await freeswitch.speak(quiet(1_200) + spoken(800) + quiet(2_000))


def ending_talk() -> FakeTalk:
    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    return talk


def test_a_fork_is_answered_in_binary_frames_and_ended_politely() -> None:
    talk = ending_talk()
    reception = FakeReception(talk)

    freeswitch, code = over(reception, "/ws/audio-fork", whole_call)

    assert reception.incoming == [CALL]
    assert talk.heard == ["Flug umbuchen"]
    assert {320} == {len(frame) for frame in freeswitch.sound}
    assert freeswitch.told == [{"type": "disconnect"}]
    assert code == 1000


def test_the_other_module_is_answered_in_pieces_of_base64() -> None:
    talk = ending_talk()

    freeswitch, code = over(FakeReception(talk), "/ws/audio-stream", whole_call)

    assert talk.heard == ["Flug umbuchen"]
    assert freeswitch.sound == []
    first = freeswitch.told[0]
    assert (first["type"], first["data"]["audioDataType"]) == ("streamAudio", "raw")
    assert first["data"]["sampleRate"] == 8_000
    assert len(base64.b64decode(first["data"]["audioData"])) == 1_600
    assert code == 1000


def test_at_another_rate_both_ways() -> None:
    async def story(freeswitch: FreeSwitch) -> None:
        await freeswitch.connection.send(json.dumps(TOLD))
        await freeswitch.speak(bytes(640 * 20), 640)
        await freeswitch.connection.close()

    freeswitch, _ = over(FakeReception(), "/ws/audio-fork?rate=16000", story)

    assert {640} == {len(frame) for frame in freeswitch.sound}


@pytest.mark.parametrize("rate", ["", "x", "%C2%B2", "-8000", "1" * 5_000])
def test_a_rate_that_is_none_is_the_usual_one(rate: str) -> None:
    async def story(freeswitch: FreeSwitch) -> None:
        await freeswitch.speak(quiet(400))
        await freeswitch.connection.close()

    freeswitch, _ = over(FakeReception(), f"/ws/audio-fork?rate={rate}", story)

    assert {320} == {len(frame) for frame in freeswitch.sound}


def test_sound_before_words_is_heard_and_the_address_may_tell_the_call() -> None:
    async def story(freeswitch: FreeSwitch) -> None:
        await freeswitch.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = ending_talk()
    reception = FakeReception(talk)
    over(reception, "/ws/audio-fork?call=c-1&from=%2B4989123456&lang=de&source=gateway-1", story)

    assert reception.incoming == [CALL]
    assert talk.heard == ["Flug umbuchen"]


def test_what_was_announced_counts_more_than_what_is_told() -> None:
    known = Incoming(call_id=CallId("c-1"), caller_id="+49301")
    reception = FakeReception(ending_talk())
    reception.known[known.call_id] = known

    over(reception, "/ws/audio-fork", whole_call)

    assert reception.incoming == [known]


def test_an_interruption_makes_a_fork_fall_silent() -> None:
    async def story(freeswitch: FreeSwitch) -> None:
        await freeswitch.connection.send(json.dumps(TOLD))
        await freeswitch.speak(quiet(500) + spoken(800) + quiet(200))
        while not freeswitch.told:  # noqa: ASYNC110 - the other side tells, and nothing sets an event
            await asyncio.sleep(0.01)
        await freeswitch.connection.close()

    freeswitch, _ = over(FakeReception(FakeTalk(["Flug umbuchen"])), "/ws/audio-fork", story)

    assert {"type": "killAudio"} in freeswitch.told


def test_keys_and_junk() -> None:
    async def story(freeswitch: FreeSwitch) -> None:
        await freeswitch.connection.send(json.dumps(TOLD))
        for junk in ("{", "[]", "7", '{"dtmf": 3}'):
            await freeswitch.connection.send(junk)
        await freeswitch.connection.send('{"event": "dtmf", "dtmf": "9"}')
        await freeswitch.speak(quiet(200))
        await freeswitch.connection.close()

    reception = FakeReception()
    over(reception, "/ws/audio-fork", story)

    assert [keys for _, keys in reception.talk.taken] == ["9"]


def test_a_full_house_sends_the_call_back() -> None:
    reception = FakeReception()
    reception.is_full = True

    assert over(reception, "/ws/audio-fork", whole_call)[1] == 1013
