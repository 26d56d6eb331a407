"""Nobody answers, or the call is not taken: one sentence that says what to do."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from fakes.server import serving
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from ivr.call import CallId
from ivr.errors import NobodyAnswers
from ivr.simulate import web
from ivr.simulate.caller import Manners
from ivr.simulate.ground import Elsewhere
from ivr.simulate.leg import Door, Line, Refused, Said, Unanswered
from ivr.simulate.play import WAYS, Plan, call, new_call_of, play

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

KEY = Said(title="a key", keys="1")
every_way = pytest.mark.parametrize("via", WAYS)
streams_with_a_port = pytest.mark.parametrize("via", ["audiosocket", "vosk"])


@pytest.fixture
def nowhere() -> Iterator[Door]:
    """Ports that are taken, so that nobody else listens there, and not listened to."""
    with socket.socket() as one, socket.socket() as other, socket.socket() as third:
        for each in (one, other, third):
            each.bind(("127.0.0.1", 0))
        yield Door(
            url=f"http://127.0.0.1:{one.getsockname()[1]}",
            audiosocket_port=other.getsockname()[1],
            vosk_port=third.getsockname()[1],
            token="a token",
        )


def plan(via: str) -> Plan:
    line = Line(call_id=new_call_of(via), number="+4989123456")
    return Plan(via=via, line=line, manners=Manners(is_fast=True))


@every_way
def test_where_nobody_listens_a_sentence_says_what_to_do(nowhere: Door, via: str) -> None:
    with pytest.raises(NobodyAnswers) as caught:
        play(Elsewhere(door=nowhere), [KEY], plan(via))

    assert caught.value.sentence.startswith("Nothing answers at 127.0.0.1:")
    assert "ivr serve" in caught.value.sentence
    assert "--server" in caught.value.sentence


def answering(status: int) -> APIRouter:
    """A service that answers everything with this status."""
    router = APIRouter()

    async def answer() -> Response:
        return PlainTextResponse("", status)

    router.add_api_route("/{path:path}", answer, methods=["GET", "POST"])
    return router


def failure(door: Door, via: str, status: int) -> ConnectionError:
    """What a call comes to where HTTP answers with this status."""

    async def run() -> ConnectionError:
        async with serving(answering(status)) as port:
            at = replace(door, url=f"http://127.0.0.1:{port}")
            with pytest.raises(ConnectionError) as caught:
                await call(Elsewhere(door=at), [KEY], plan(via))
        return caught.value

    return asyncio.run(run())


@every_way
def test_a_service_that_does_not_take_the_call_is_no_service_that_is_missing(
    nowhere: Door, via: str
) -> None:
    refused = failure(nowhere, via, 401)

    assert isinstance(refused, Refused)
    assert "does not take" in str(refused)


@streams_with_a_port
def test_a_service_that_answers_over_http_may_have_no_such_gateway(nowhere: Door, via: str) -> None:
    port = nowhere.audiosocket_port if via == "audiosocket" else nowhere.vosk_port

    missing = failure(nowhere, via, 200)

    assert isinstance(missing, Unanswered)
    assert str(missing) == f"Nothing answers at 127.0.0.1:{port}."


@asynccontextmanager
async def silent() -> AsyncIterator[int]:
    """Takes connections, and says nothing."""
    kept: list[asyncio.StreamWriter] = []

    async def keep(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept.append(writer)

    async with await asyncio.start_server(keep, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
    for writer in kept:
        writer.close()
        await writer.wait_closed()


async def nothing(_: bytes | str) -> None: ...


ASKED: dict[str, Callable[[int], object]] = {
    "http": lambda port: web.get(f"http://127.0.0.1:{port}/health", headers={}),
    "stream": lambda port: web.Socket().open(
        f"ws://127.0.0.1:{port}/ws?call=0815", hear=nothing, over=lambda: None
    ),
}


@pytest.mark.parametrize("how", ASKED)
def test_whoever_listens_and_never_answers_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(web, "_TIMEOUT_S", 0.1)
    monkeypatch.setattr(web, "_CONNECT_S", 0.1)

    async def run() -> None:
        async with silent() as port:
            with pytest.raises(Unanswered) as caught:
                await ASKED[how](port)  # type: ignore[misc]
            assert str(caught.value) == f"Nothing answers at 127.0.0.1:{port}."

    asyncio.run(run())


def test_ids_are_as_the_gateway_gives_them() -> None:
    assert new_call_of("twilio").startswith("CA")
    assert len(CallId(new_call_of("audiosocket"))) == 36
