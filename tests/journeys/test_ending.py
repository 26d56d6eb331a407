"""A service that really runs is told to end while people are calling."""

import asyncio
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs
from uuid import uuid4

import httpx2
import pytest
from fakes.patience import until
from fakes.process import Serving, free_port, serving

from ivr.gateways.asterisk.audiosocket import HANG_UP, ID, SLIN, frame
from ivr.live.wire import FRAME_BYTES
from ivr.settings import KeySettings, Settings
from ivr.wiring import House

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class Asterisk:
    """A call over AudioSocket, silent, until it is hung up on."""

    def __init__(self, service: Serving, port: int) -> None:
        self.service, self.port, self.call = service, port, str(uuid4())
        self.heard = 0
        """Frames with sound in them."""

    def announced(self) -> None:
        told = self.service.get(f"/v1/asterisk/calls/{self.call}?from=%2B4989999999&lang=de")
        assert told.text == "OK"

    async def run(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(frame(ID, bytes.fromhex(self.call.replace("-", ""))))
        try:
            while (sound := await self.next_sound(reader)) is not None:
                self.heard += any(sound)
                writer.write(frame(SLIN, bytes(FRAME_BYTES)))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    @staticmethod
    async def next_sound(reader: asyncio.StreamReader) -> bytes | None:
        """None where the call was hung up on, or the line is gone."""
        try:
            header = await asyncio.wait_for(reader.readexactly(3), 30)
            payload = await reader.readexactly(int.from_bytes(header[1:], "big"))
        except (EOFError, OSError):
            return None
        return None if header[0] == HANG_UP else payload

    def result(self) -> dict[str, str]:
        told = parse_qs(self.service.get(f"/v1/asterisk/calls/{self.call}/result").text)
        return {name: values[0] for name, values in told.items()}


def turn(service: Serving, audio: bytes, call: dict[str, str]) -> httpx2.Response:
    files = {"audio": ("a.wav", audio)}
    return httpx2.post(service.url + "/v1/calls", data=call, files=files, timeout=60)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def begin(threads: ThreadPoolExecutor, call: Asterisk) -> "Future[None]":
    call.announced()
    return threads.submit(lambda: asyncio.run(call.run()))


def test_told_to_end_it_serves_who_is_there_sends_new_callers_to_people_and_ends_with_0(
    house: House, fixtures: Path, tmp_path: Path, port: int, threads: ThreadPoolExecutor
) -> None:
    del house  # its models are there
    times = {"LOAD__DRAIN_S": "2", "LOAD__DRAIN_LEAST_S": "0.5", "LOAD__QUESTIONS_S": "2"}
    with serving(tmp_path, GATEWAYS__AUDIOSOCKET__PORT=str(port), **times) as service:
        caller, late = Asterisk(service, port), Asterisk(service, port)
        call = begin(threads, caller)
        until(lambda: caller.heard > 10)
        going_on = {"from": "+491", "call_id": "c-1"}
        first = httpx2.post(service.url + "/v1/calls", data={**going_on, "keys": "*"}, timeout=60)
        audio = (fixtures / "klaus-flight.wav").read_bytes()
        second = threads.submit(turn, service, audio, going_on)

        service.process.send_signal(signal.SIGTERM)
        until(lambda: service.get("/ready").json()["status"] == "draining")
        refused = turn(service, audio, {"from": "+491", "call_id": "c-2"})
        begin(threads, late).result(30)
        sent_on = late.result()
        call.result(30)
        handed_on = caller.result()

        assert service.ended() == 0
    assert (first.status_code, second.result().status_code) == (200, 200)
    assert second.result().json()["transcript"]["text"]
    assert (refused.status_code, refused.json()["code"]) == (503, "house_full")
    assert refused.headers["retry-after"] == "5"
    assert (late.heard, sent_on["action"], sent_on["queue"]) == (0, "queue", "agents")
    assert (handed_on["action"], handed_on["queue"]) == ("queue", "agents")
    assert found(tmp_path, handed_on["context"]) == ("the service ends -> queue agents",)
    assert "+49" not in service.told


def found(folder: Path, token: str) -> tuple[str, ...]:
    """Why, as a person reads it who takes the call."""
    keys = KeySettings(database=f"sqlite:///{folder / 'own-keys.db'}", file=folder / "own.key")
    house = House(Settings(database_url=f"sqlite:///{folder / 'own.db'}", keys=keys))
    try:
        context = house.handing_over.find(token, datetime.now(UTC))
    finally:
        house.close()
    assert context is not None
    return context.reasons


def test_told_twice_it_ends_at_once(
    house: House, tmp_path: Path, port: int, threads: ThreadPoolExecutor
) -> None:
    del house
    times = {"LOAD__DRAIN_S": "600", "GATEWAYS__AUDIOSOCKET__PORT": str(port)}
    with serving(tmp_path, **times) as service:
        caller = Asterisk(service, port)
        call = begin(threads, caller)
        until(lambda: caller.heard > 10)

        service.process.send_signal(signal.SIGTERM)
        until(lambda: service.get("/ready").json()["status"] == "draining")
        assert service.process.poll() is None
        service.process.send_signal(signal.SIGTERM)

        assert service.ended() == 0
        call.exception(30)
