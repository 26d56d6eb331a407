"""The harness finds what it looks for; then some hundred wrong messages into every adapter."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from fakes.strict import FakeStrictReception

from tests.ivr.gateways.fuzzing.fuzz import Door, Report, Target, fuzz, is_clean
from tests.ivr.gateways.fuzzing.mutations import Mutator
from tests.ivr.gateways.fuzzing.targets import TARGETS
from tests.ivr.gateways.fuzzing.tcp import Client, TcpDoor

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

COUNT = 200

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_kept: list[object] = []


def serving(make: Callable[[bytes], bytes]) -> Serve:
    """Says back what `make` makes of it, and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1_024):
                writer.write(make(data))
        except (ConnectionError, asyncio.CancelledError):
            pass
        except ValueError:
            logging.getLogger("ivr").exception("crashed")
        writer.close()

    return serve


def leaving_tasks(data: bytes) -> bytes:
    _kept.append(asyncio.create_task(asyncio.sleep(3_600)))
    return data


def falling_silent(data: bytes) -> bytes:
    _kept.append(data)
    return data if len(_kept) < 4 else b""


def served(serve: Serve) -> Target:
    @asynccontextmanager
    async def target() -> AsyncIterator[Door]:
        async def steady(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            assert await asyncio.wait_for(reader.readexactly(5), 0.1) == b"hello"
            writer.write(b"hello")

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            script = [b"hello", b"how are you"]
            client = Client(port=port, script=script, steady=steady)
            door = TcpDoor(client, FakeStrictReception())
            yield door
            await door.close()
        for task in _kept:
            if isinstance(task, asyncio.Task):
                task.cancel()
        _kept.clear()

    return target


def run(target: Target, *, settle_s: float = 5) -> Report:
    return asyncio.run(fuzz(target, count=COUNT, seed=1, settle_s=settle_s))


def test_a_server_that_crashes_is_found_out() -> None:
    report = run(served(serving(lambda data: data.decode("ascii").encode())))

    assert any("crashed" in what for what in report.wrong)
    assert not is_clean(report)


def test_tasks_that_stay_behind_are_found_out() -> None:
    report = run(served(serving(leaving_tasks)), settle_s=0.1)

    assert report.left["tasks"] > 50
    assert not is_clean(report)


def test_another_call_that_is_disturbed_is_found_out() -> None:
    report = run(served(serving(falling_silent)))

    assert any("TimeoutError" in what for what in report.wrong)
    assert not is_clean(report)


def test_a_server_that_does_as_it_should_is_clean() -> None:
    report = run(served(serving(bytes)))

    assert report.sent >= COUNT
    assert is_clean(report), str(report)


def test_the_same_seed_makes_the_same_messages() -> None:
    def messages(seed: int) -> list[object]:
        mutator = Mutator(seed)
        text = json.dumps({"event": "start", "start": {"callSid": "CA1", "tracks": ["inbound"]}})
        return [
            (
                mutator.message(b"\x01\x00\x10" + bytes(16)),
                mutator.message(text),
                mutator.script(["a", "b", "c"]),
                mutator.form({"From": "+4989", "To": "815"}),
            )
            for _ in range(200)
        ]

    assert messages(1) == messages(1)
    assert messages(1) != messages(2)
    assert len({str(one) for one in messages(1)}) == 200


@pytest.mark.parametrize("name", TARGETS)
def test_wrong_messages_do_an_adapter_no_harm(name: str) -> None:
    report = run(TARGETS[name])

    assert report.sent >= COUNT
    assert is_clean(report), str(report)
