"""Real messages over a real loopback socket, as the page sends them."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from fakes.live import FakeReception, FakeTalk, quiet, spoken
from fakes.server import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ivr.call import Language
from ivr.gateways.phone.routes import routes
from ivr.live.happening import Watch, nobody
from ivr.live.wire import FRAME_BYTES, Incoming, Wire
from ivr.session import Session
from ivr.settings import PhoneSettings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class Watched(FakeReception):
    """Lets the telephone watch, as the front desk does."""

    def answer(
        self,
        incoming: Incoming,
        wire: Wire,
        *,
        watch: Watch = nobody,
        reads_along: bool = False,
    ) -> Session:
        if not callable(watch):
            raise TypeError
        session = super().answer(incoming, wire, reads_along=reads_along)
        session._watch = watch
        return session


@dataclass
class Page:
    """The other end of one socket."""

    socket: ClientConnection
    told: list[dict[str, Any]] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)

    async def send(self, kind: str, **order: str) -> None:
        await self.socket.send(json.dumps({"type": kind, **order}))

    async def speak(self, sound: bytes) -> None:
        for at in range(0, len(sound), FRAME_BYTES):
            await self.socket.send(sound[at : at + FRAME_BYTES])

    async def read(self) -> None:
        """Everything until the other side closes."""
        try:
            async for message in self.socket:
                if isinstance(message, bytes):
                    self.frames.append(message)
                else:
                    self.told.append(json.loads(message))
        except ConnectionClosed:
            pass

    @property
    def kinds(self) -> list[str]:
        return [one["type"] for one in self.told if one["type"] != "happening"]

    @property
    def happened(self) -> list[str]:
        return [one["kind"] for one in self.told if one["type"] == "happening"]


Story = Callable[[Page], Coroutine[Any, Any, None]]


def over(reception: FakeReception, story: Story, **settings: Any) -> Page:
    """What the page has received after it did what the story tells."""

    async def run() -> Page:
        async with serving(routes(reception, PhoneSettings(enabled=True, **settings))) as port:
            host = f"127.0.0.1:{port}"
            async with connect(f"ws://{host}/ws/phone", origin=f"http://{host}") as socket:  # type: ignore[arg-type]
                page = Page(socket)
                reading = asyncio.create_task(page.read())
                with contextlib.suppress(ConnectionClosed):
                    await story(page)
                await asyncio.wait_for(reading, 10)
            return page

    return asyncio.run(run())


def test_a_wrong_token_gets_no_call() -> None:
    async def story(page: Page) -> None:
        await page.send("dial", token="wrong")

    reception = Watched()
    page = over(reception, story, token="the right one, of the tests")

    assert [one["code"] for one in page.told] == ["phone_refused"]
    assert reception.incoming == []


@pytest.mark.parametrize("first", [b"\0" * 320, "{}", '{"type": "press", "keys": "1"}', "no JSON"])
def test_what_does_not_begin_with_dialling_gets_no_call(first: bytes | str) -> None:
    async def story(page: Page) -> None:
        await page.socket.send(first)

    reception = Watched()
    page = over(reception, story)

    assert [one["code"] for one in page.told] == ["bad_order"]
    assert reception.incoming == []


def test_a_full_house_says_so() -> None:
    async def story(page: Page) -> None:
        await page.send("dial")

    reception = Watched()
    reception.is_full = True

    assert [one["code"] for one in over(reception, story).told] == ["house_full"]


@pytest.mark.parametrize("bad", [bytes(321), bytes(320 * 51), "{}", '{"type": "dial"}'])
def test_what_is_no_message_ends_the_call_and_its_session(bad: bytes | str) -> None:
    async def story(page: Page) -> None:
        await page.send("dial")
        await page.socket.send(bad)

    reception = Watched()
    page = over(reception, story)

    assert page.told[-1]["code"] == "bad_order"
    assert reception.talk.is_gone == 1


def test_what_nobody_foresaw_is_told_without_its_message() -> None:
    class Broken(FakeReception):
        def answer(
            self,
            incoming: Incoming,
            wire: Wire,
            *,
            watch: Watch = nobody,
            reads_along: bool = False,
        ) -> Session:
            raise RuntimeError("+4989123456")

    async def story(page: Page) -> None:
        await page.send("dial", **{"from": "+4989123456"})

    page = over(Broken(), story)

    assert page.kinds == ["refused"]
    assert "+49" not in json.dumps(page.told)


def test_a_whole_call_is_heard_and_watched() -> None:
    async def story(page: Page) -> None:
        await page.send("dial", **{"from": "+4989123456", "language": "de"})
        await page.speak(quiet(1_200) + spoken(800) + quiet(2_000))

    talk = FakeTalk(["Flug umbuchen"])
    talk.partials = [["Flug"] * 99]
    talk.ends_after = 1
    reception = Watched(talk)
    page = over(reception, story)

    [incoming] = reception.incoming
    assert (incoming.caller_id, incoming.language) == ("+4989123456", Language.GERMAN)
    assert talk.heard == ["Flug umbuchen"]
    assert page.kinds == ["answered", "ended"]
    assert page.told[0]["call_id"] == incoming.call_id
    [ending] = [one for one in page.told if one["type"] == "ended"]
    assert ending["action"] == "hangup"
    assert {len(one) for one in page.frames} == {FRAME_BYTES}
    assert any(any(one) for one in page.frames)
    told = {one["kind"]: one["told"] for one in page.told if one["type"] == "happening"}
    assert told["partial"]["words"] == "Flug"
    assert told["heard"]["text"] == "Flug umbuchen"
    assert told["answer"]["intent"] == "rebook_flight"
    assert {"prompt_begins", "speech_begins", "turn_ends", "verdict"} <= set(told)


def test_an_interruption_clears_what_was_not_played_yet() -> None:
    async def story(page: Page) -> None:
        await page.send("dial")
        await page.speak(quiet(600) + spoken(800) + quiet(200))
        await page.send("hang_up")

    talk = FakeTalk(["Flug umbuchen"])
    talk.partials = [["Flug umbuchen"] * 9]

    assert "clear" in over(Watched(talk), story).kinds


def test_keys_reach_the_call() -> None:
    async def story(page: Page) -> None:
        await page.send("dial")
        await page.speak(quiet(1_200))
        await page.send("press", keys="9")
        await page.speak(quiet(200))
        await page.send("hang_up")

    reception = Watched()
    over(reception, story)

    assert [keys for _, keys in reception.talk.taken] == ["9"]
    assert reception.talk.is_gone == 1


def test_a_browser_that_vanishes_ends_its_call() -> None:
    async def story(page: Page) -> None:
        await page.send("dial")
        await page.speak(quiet(100))
        page.socket.transport.abort()

    reception = Watched()
    over(reception, story)

    assert reception.talk.is_gone == 1
