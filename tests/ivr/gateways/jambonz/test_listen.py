"""Real frames over a real WebSocket, as mod_audio_fork sends them."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
import pytest
from fakes.live import FakeReception, FakeTalk, quiet, spoken
from fakes.server import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from ivr.call import CallId
from ivr.gateways.jambonz import listen as jambonz_listen
from ivr.gateways.jambonz.listen import _Line, listen_routes
from ivr.gateways.tickets import Tickets
from ivr.live.wire import Ending, Incoming

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CALL = Incoming(call_id=CallId("6ba7b810-9dad-11d1"), caller_id="+4989123456")
DISCONNECT = '{"type": "disconnect"}'


@pytest.fixture(autouse=True)
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent is played at once."""
    monkeypatch.setattr(jambonz_listen, "_PLAYED_S", 0)


class Jambonz:
    """The other end of one stream."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.sound: list[bytes] = []
        self.told: list[str] = []

    async def tell(self, **event: Any) -> None:
        await self.connection.send(json.dumps(event))

    async def speak(self, sound: bytes, size: int = 320) -> None:
        for at in range(0, len(sound), size):
            await self.connection.send(sound[at : at + size])

    async def read(self) -> int:
        """Everything until the other side closes, and why it did; we close where it asks us to."""
        try:
            async for message in self.connection:
                if isinstance(message, bytes):
                    self.sound.append(message)
                else:
                    self.told.append(message)
        except ConnectionClosed:
            pass
        return self.connection.close_code or 0


Story = Callable[[Jambonz], Coroutine[Any, Any, None]]


class House:
    """Streams behind a real server."""

    def __init__(self, talk: FakeTalk | None = None) -> None:
        self.reception = FakeReception(talk)
        self.tickets = Tickets(lambda: 1_000.0)
        self.port = 0

    def visited(self, visit: Callable[["House"], Coroutine[Any, Any, Any]]) -> Any:
        async def run() -> Any:
            async with serving(listen_routes(self.reception, self.tickets)) as port:
                self.port = port
                return await asyncio.wait_for(visit(self), 10)

        return asyncio.run(run())

    def connect(self, credentials: str = "", protocol: str = "audio.drachtio.org") -> connect:
        return connect(
            f"ws://{credentials}127.0.0.1:{self.port}/ws/jambonz",
            subprotocols=[Subprotocol(protocol)] if protocol else None,
            compression=None,
            proxy=None,
        )

    def story(self, told: Story, **first: Any) -> tuple[Jambonz, int]:
        """What jambonz has received after it did what the story tells, and the closing code."""
        first = {"sampleRate": 8_000, "mixType": "mono", "callSid": CALL.call_id} | first

        async def visit(house: House) -> tuple[Jambonz, int]:
            first.setdefault("ticket", await house.tickets.issue(CALL))
            async with house.connect() as connection:
                jambonz = Jambonz(connection)
                reading = asyncio.create_task(jambonz.read())
                await jambonz.tell(**first)
                await told(jambonz)
                return jambonz, await reading

        return self.visited(visit)


async def nothing(_: Jambonz) -> None:
    """Say nothing more."""


# Who is let in


@pytest.mark.parametrize(
    "first",
    [
        {"ticket": ""},
        {"ticket": None},
        {"ticket": "x" * 43},
        {"callSid": "another"},
        {"callSid": None},
        {"mixType": "stereo"},
        {"sampleRate": 44_100},
        {"sampleRate": "8000"},
        {"sampleRate": 16_000.0},
        {"sampleRate": [8_000]},
        {"sampleRate": None},
    ],
)
def test_a_stream_that_nobody_announced_is_refused(first: dict[str, Any]) -> None:
    house = House()

    jambonz, code = house.story(nothing, **first)

    assert (code, jambonz.sound, house.reception.incoming) == (1008, [], [])


@pytest.mark.parametrize("message", [b"\0" * 320, "", "{", "[]", "null", "[" * 50_000])
def test_a_stream_that_does_not_tell_its_call_first_is_refused(message: bytes | str) -> None:
    house = House()

    async def visit(house: House) -> int:
        await house.tickets.issue(CALL)
        async with house.connect() as connection:
            await connection.send(message)
            return await Jambonz(connection).read()

    assert house.visited(visit) == 1008
    assert house.reception.incoming == []


def test_a_ticket_lets_in_one_stream() -> None:
    house = House()
    first = {
        "sampleRate": 8_000,
        "callSid": CALL.call_id,
        "ticket": asyncio.run(house.tickets.issue(CALL)),
    }

    async def visit(house: House) -> list[int]:
        codes = []
        for _ in range(2):
            async with house.connect() as connection:
                await connection.send(json.dumps(first))
                if not codes:
                    await connection.send(quiet(20))
                    await connection.recv()
                    await connection.close()
                codes.append(await Jambonz(connection).read())
        return codes

    assert house.visited(visit) == [1000, 1008]
    assert house.reception.incoming == [CALL]


@pytest.mark.parametrize("credentials", ["rufwerk:wrong@", ":@", "x:@"])
def test_credentials_that_are_wrong_do_not_even_connect(credentials: str) -> None:
    async def visit(house: House) -> int:
        await house.tickets.issue(CALL)
        with pytest.raises(InvalidStatus) as refused:
            async with house.connect(credentials):
                pass
        return refused.value.response.status_code

    assert House().visited(visit) == 403


def test_credentials_that_are_right_need_no_ticket_in_the_first_frame() -> None:
    house = House()

    async def visit(house: House) -> object:
        ticket = await house.tickets.issue(CALL)
        async with house.connect(f"rufwerk:{ticket}@") as connection:
            await connection.send(json.dumps({"sampleRate": 8_000, "callSid": CALL.call_id}))
            await connection.send(quiet(20))
            return await connection.recv()

    assert isinstance(house.visited(visit), bytes)
    assert house.reception.incoming == [CALL]


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("audio.drachtio.org", "audio.drachtio.org"),
        ("audio.jambonz.org", "audio.jambonz.org"),
        ("", None),
    ],
)
def test_either_name_of_the_protocol_is_taken(offered: str, chosen: str | None) -> None:
    async def visit(house: House) -> str | None:
        async with house.connect(protocol=offered) as connection:
            return connection.subprotocol

    assert House().visited(visit) == chosen


def test_a_full_house_closes_so_that_jambonz_goes_on() -> None:
    house = House()
    house.reception.is_full = True

    assert house.story(nothing)[1] == 1013


# A call


def test_a_whole_call_ends_with_all_sound_and_a_disconnect() -> None:
    async def story(jambonz: Jambonz) -> None:
        await jambonz.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1
    house = House(talk)

    jambonz, code = house.story(story)

    assert house.reception.incoming == [CALL]
    assert talk.heard == ["Flug umbuchen"]
    assert {len(frame) for frame in jambonz.sound} == {320}
    assert any(any(frame) for frame in jambonz.sound)
    assert not any(any(frame) for frame in jambonz.sound[-4:])
    assert jambonz.told[-1] == DISCONNECT
    assert code == 1000


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 48_000])
def test_sound_of_another_rate_is_understood_as_well(rate_hz: int) -> None:
    async def story(jambonz: Jambonz) -> None:
        sound = np.frombuffer(quiet(1_200) + spoken(800) + quiet(2_000), dtype="<i2")
        await jambonz.speak(sound.repeat(rate_hz // 8_000).tobytes(), size=rate_hz // 25)

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1

    jambonz, _ = House(talk).story(story, sampleRate=rate_hz)

    assert talk.heard == ["Flug umbuchen"]
    assert {len(frame) for frame in jambonz.sound} == {320}


def test_keys_are_pressed_and_everything_else_that_is_told_changes_nothing() -> None:
    async def story(jambonz: Jambonz) -> None:
        await jambonz.connection.send("{")
        await jambonz.connection.send("x" * 70_000)
        await jambonz.connection.send(bytes(70_000))
        await jambonz.tell(type="playDone", data={"id": "1"})
        await jambonz.tell(type="mark", data={"name": "x", "event": "playout"})
        await jambonz.tell(event="dtmf", dtmf=9)
        await jambonz.tell(event="dtmf", dtmf="9", duration=1_600)
        await jambonz.speak(quiet(4_000))

    talk = FakeTalk()
    talk.ends_after = 1

    House(talk).story(story)

    assert [keys for _, keys in talk.taken] == ["9"]


def test_who_interrupts_has_jambonz_throw_away_what_it_holds() -> None:
    async def story(jambonz: Jambonz) -> None:
        await jambonz.speak(quiet(600) + spoken(1_200) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.ends_after = 1

    jambonz, _ = House(talk).story(story)

    assert '{"type": "killAudio"}' in jambonz.told


@pytest.mark.parametrize("code", [1000, 1001])
def test_a_caller_who_hangs_up_ends_the_call(code: int) -> None:
    async def story(jambonz: Jambonz) -> None:
        await jambonz.speak(quiet(100))
        await jambonz.connection.close(code)

    house = House()
    house.story(story)

    assert house.reception.talk.is_gone == 1


def test_a_connection_that_breaks_off_ends_its_call() -> None:
    async def story(jambonz: Jambonz) -> None:
        await jambonz.speak(quiet(100))
        jambonz.connection.transport.abort()

    house = House()
    house.story(story)

    assert house.reception.talk.is_gone == 1


def test_a_call_that_fails_inside_is_ended_as_any_other() -> None:
    async def story(jambonz: Jambonz) -> None:
        await jambonz.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.fails = RuntimeError("broken")

    jambonz, _ = House(talk).story(story)

    assert jambonz.told[-1] == DISCONNECT


def test_a_call_that_cannot_even_be_ended_closes_its_stream() -> None:
    class Unready(FakeTalk):
        def opening(self) -> Any:
            raise RuntimeError("broken")

        def failed(self) -> Any:
            raise RuntimeError("broken too")

    assert House(Unready()).story(nothing)[1] == 1000


def test_one_stream_that_breaks_does_not_disturb_another() -> None:
    house = House(FakeTalk(["Flug umbuchen"]))
    house.reception.talk.ends_after = 1

    async def story(jambonz: Jambonz) -> None:
        for bad in (b"\0", "{", "[]", json.dumps({"callSid": CALL.call_id})):
            async with house.connect() as other:
                await other.send(bad)
        await jambonz.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    assert house.story(story)[0].told[-1] == DISCONNECT


def test_a_slow_reader_holds_up_nobody() -> None:
    """Frames beyond two seconds are left out, and an ending is not waited for forever."""
    unread: Any = None
    line = _Line(unread)

    async def run() -> int:
        for _ in range(500):
            await line.play(bytes(320))
        await line.clear()
        line.is_gone = True
        await line.end(Ending(call_id=CALL.call_id, type="hangup", language="de"))  # type: ignore[arg-type]
        return line._unsent.qsize()

    assert asyncio.run(run()) == 1
