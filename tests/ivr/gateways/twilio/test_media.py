"""Real frames over a real WebSocket, as Twilio's Media Streams send them."""

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

from ivr.call import CallId
from ivr.gateways.sound import SoundIn, SoundOut
from ivr.gateways.tickets import Tickets
from ivr.gateways.twilio.media import media_routes
from ivr.live.wire import Incoming

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CALL = Incoming(call_id=CallId("CA" + "0" * 32), caller_id="+4989123456")
STREAM = "MZ" + "1" * 32


class Twilio:
    """The other end of one stream."""

    def __init__(self, connection: ClientConnection, *, is_snake: bool = False) -> None:
        self.connection = connection
        self.is_snake = is_snake
        self.told: list[dict[str, Any]] = []
        self.at_ms = 0
        self._mulaw = SoundOut(coding="mulaw")

    async def tell(self, event: str, **part: Any) -> None:
        name = "stream_id" if self.is_snake else "streamSid"
        await self.connection.send(json.dumps({"event": event, name: STREAM, **part}))

    async def start(self, ticket: str, **changed: Any) -> None:
        await self.connection.send('{"event": "connected", "protocol": "Call", "version": "1.0.0"}')
        if self.is_snake:
            start: dict[str, Any] = {
                "call_control_id": "x",
                "custom_parameters": {"ticket": ticket},
                "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
            }
        else:
            start = {
                "callSid": CALL.call_id,
                "customParameters": {"ticket": ticket},
                "mediaFormat": {
                    "encoding": "audio/x-mulaw",
                    "sampleRate": 8000,
                    "channels": 1,
                },
            }
        await self.tell("start", sequenceNumber="1", start=start | changed)

    async def speak(self, pcm: bytes, **changed: Any) -> None:
        for at in range(0, len(pcm), 320):
            payload = base64.b64encode(self._mulaw.give(pcm[at : at + 320])).decode()
            media = {
                "track": "inbound",
                "chunk": str(self.at_ms // 20 + 1),
                "timestamp": str(self.at_ms),
                "payload": payload,
            }
            await self.tell("media", media=media | changed)
            self.at_ms += 20

    async def read(self) -> int:
        """Everything until the other side closes; marks are echoed, as they were played."""
        try:
            async for message in self.connection:
                told = json.loads(message)
                self.told.append(told)
                if told["event"] == "mark":
                    await self.tell("mark", mark=told["mark"])
        except ConnectionClosed:
            pass
        return self.connection.close_code or 0

    @property
    def sound(self) -> bytes:
        mulaw = SoundIn(coding="mulaw")
        payloads = [told["media"]["payload"] for told in self.told if told["event"] == "media"]
        return b"".join(mulaw.take(base64.b64decode(payload)) for payload in payloads)


Story = Callable[[Twilio], Coroutine[Any, Any, None]]


def over(
    reception: FakeReception,
    story: Story,
    *,
    ticket: str = "",
    is_snake: bool = False,
    **first: Any,
) -> tuple[Twilio, int]:
    """What Twilio has received after it did what the story tells, and the closing code."""
    tickets = Tickets(lambda: 1_000.0)

    async def run() -> tuple[Twilio, int]:
        async with serving(media_routes(reception, tickets)) as port:
            url = f"ws://127.0.0.1:{port}/ws/twilio"
            async with connect(url, compression=None, proxy=None) as connection:
                twilio = Twilio(connection, is_snake=is_snake)
                reading = asyncio.create_task(twilio.read())
                await twilio.start(ticket or await tickets.issue(CALL), **first)
                with contextlib.suppress(ConnectionClosed):
                    await story(twilio)
                async with asyncio.timeout(10):
                    return twilio, await reading

    return asyncio.run(run())


async def nothing(_: Twilio) -> None:
    """Say nothing more."""


@pytest.mark.parametrize(
    ("ticket", "first"),
    [
        ("guessed", {}),
        ("", {"callSid": "CA" + "9" * 32}),
        ("", {"customParameters": "ticket"}),
        ("", {"mediaFormat": {"encoding": "audio/opus", "sampleRate": 8000}}),
        ("", {"mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 16000}}),
    ],
)
def test_who_shows_no_ticket_of_this_call_gets_none(ticket: str, first: dict[str, Any]) -> None:
    reception = FakeReception()

    _, code = over(reception, nothing, ticket=ticket, **first)

    assert code == 1008
    assert reception.incoming == []


def test_a_ticket_opens_one_stream_only() -> None:
    tickets = Tickets(lambda: 1_000.0)
    token = asyncio.run(tickets.issue(CALL))

    assert asyncio.run(tickets.redeem(token)) == CALL
    assert asyncio.run(tickets.redeem(token)) is None


def test_a_full_house_sends_the_call_back() -> None:
    reception = FakeReception()
    reception.is_full = True

    assert over(reception, nothing)[1] == 1013


@pytest.mark.parametrize("is_snake", [False, True])
def test_a_whole_call(is_snake: bool) -> None:
    async def story(twilio: Twilio) -> None:
        await twilio.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    reception = FakeReception(talk)

    twilio, code = over(reception, story, is_snake=is_snake)

    assert code == 1000
    assert reception.incoming == [CALL]
    assert talk.heard == ["Flug umbuchen"]
    assert any(twilio.sound)
    assert {STREAM} == {told["stream_id" if is_snake else "streamSid"] for told in twilio.told}
    media = [told["media"]["payload"] for told in twilio.told if told["event"] == "media"]
    assert {160} == {len(base64.b64decode(payload)) for payload in media}
    assert twilio.told[-1]["event"] == "mark"


def test_an_interruption_clears_what_twilio_has_not_played() -> None:
    async def story(twilio: Twilio) -> None:
        await twilio.speak(quiet(500) + spoken(800) + quiet(200))
        await twilio.tell("stop", stop={})

    talk = FakeTalk(["Flug umbuchen"])

    twilio, _ = over(FakeReception(talk), story)

    assert {"event": "clear", "streamSid": STREAM} in twilio.told


def test_keys() -> None:
    async def story(twilio: Twilio) -> None:
        await twilio.tell("dtmf", dtmf={"track": "inbound_track", "digit": "9"})
        await twilio.speak(quiet(200))
        await twilio.tell("stop", stop={})

    reception = FakeReception()
    over(reception, story)

    assert [keys for _, keys in reception.talk.taken] == ["9"]


def test_lost_sound_is_silence_and_late_sound_is_left_out() -> None:
    async def story(twilio: Twilio) -> None:
        await twilio.speak(quiet(1_200) + spoken(400))
        twilio.at_ms += 200
        await twilio.speak(spoken(400))
        twilio.at_ms -= 300
        await twilio.speak(spoken(200))
        twilio.at_ms += 100
        await twilio.speak(quiet(1_000))
        await twilio.tell("stop", stop={})

    talk = FakeTalk(["Flug umbuchen"])
    over(FakeReception(talk), story)

    live, _ = talk.taken[0]
    assert live is not None
    # 400 ms, 200 ms that are missing, 400 ms; what came again is not heard twice.
    loud_ms = int((abs(live.sound.samples) > 0.001).sum()) / 8
    assert 700 <= loud_ms <= 820


def test_sound_that_was_overtaken_is_heard_in_its_place() -> None:
    said = spoken(800)

    async def story(twilio: Twilio, *steps: int) -> None:
        await twilio.speak(quiet(1_200))
        begin_ms = twilio.at_ms
        for pair in range(0, 40, 2):
            for step in steps:
                twilio.at_ms = begin_ms + 20 * (pair + step)
                await twilio.speak(said[320 * (pair + step) :][:320])
        twilio.at_ms = begin_ms + 800
        await twilio.speak(quiet(2_000))

    def heard(*steps: int) -> bytes:
        talk = FakeTalk(["Flug umbuchen"])
        talk.ends_after = 1
        over(FakeReception(talk), lambda twilio: story(twilio, *steps))
        live, _ = talk.taken[0]
        assert live is not None
        return live.sound.samples.tobytes()

    assert heard(0, 1) == heard(1, 0)


def test_what_makes_no_sense_disturbs_nothing() -> None:
    async def story(twilio: Twilio) -> None:
        for junk in ("{", "[]", "null", '{"event": 7}', '{"event": "media", "media": 3}'):
            await twilio.connection.send(junk)
        await twilio.speak(quiet(20), payload="not base64!")
        await twilio.speak(quiet(20), track="outbound")
        await twilio.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1

    assert over(FakeReception(talk), story)[1] == 1000
    assert talk.heard == ["Flug umbuchen"]


def test_a_caller_who_hangs_up_is_forgotten() -> None:
    async def story(twilio: Twilio) -> None:
        await twilio.speak(quiet(200))
        await twilio.connection.close()

    reception = FakeReception()
    over(reception, story)

    assert reception.talk.is_gone == 1
