"""A service that runs already is called, and asked what came of the call."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.simulate.caller import Manners
from ivr.simulate.ground import Elsewhere, Ground, open_for_all, running, served
from ivr.simulate.leg import Line, Refused, Unanswered
from ivr.simulate.play import Plan, Played, call, new_call_of
from ivr.simulate.turns import said
from ivr.wiring import House

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ELSEWHERE = "https://ivr.example.com/calls"
"""Where gateways believe the service to be."""


@contextmanager
def a_service(house: House) -> Iterator[Ground]:
    """The house as it runs behind a proxy; in lockstep, so that the test is quick."""
    settings, door = open_for_all(house.settings, is_fast=True)
    gateways = replace(
        settings.gateways,
        public_url=ELSEWHERE,
        audiosocket=replace(settings.gateways.audiosocket, port=0),
    )
    runs = House(replace(settings, gateways=gateways))
    runs.words = house.words
    try:
        yield Ground(house=runs, door=door)
    finally:
        runs.close()


def called(ground: Ground, fixtures: Path, via: str, *, token: str | None) -> Played:
    """With the settings of the service, but for its token."""
    settings = ground.house.settings
    audiosocket = replace(settings.gateways.audiosocket, port=ground.door.audiosocket_port)
    known = replace(
        settings,
        service=replace(settings.service, token=token),
        gateways=replace(settings.gateways, audiosocket=audiosocket),
    )
    line = Line(call_id=new_call_of(via), number="+4989123456", language="de")
    plan = Plan(via=via, line=line, manners=Manners(is_fast=True))
    turns = [said(ground.house, str(fixtures / "klaus-flight.wav"))]

    async def run() -> Played:
        async with served(ground):
            return await call(Elsewhere(door=running(known, ground.door.url)), turns, plan)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def ground(house: House) -> Iterator[Ground]:
    with a_service(house) as ground:
        yield ground


@pytest.mark.parametrize("via", ["audiosocket", "asterisk-websocket", "audio-fork", "rest"])
def test_without_its_token_a_service_takes_no_call(
    ground: Ground, fixtures: Path, via: str
) -> None:
    with pytest.raises(Refused):
        called(ground, fixtures, via, token="another")


def test_a_port_that_is_taken_is_no_reason_to_end_the_process(
    ground: Ground, fixtures: Path
) -> None:
    address = ("127.0.0.1", ground.house.settings.service.port)
    with socket.create_server(address), pytest.raises(Unanswered, match="port is taken"):
        called(ground, fixtures, "rest", token=ground.door.token)


def test_without_its_token_nothing_is_told_of_a_call_that_was_taken(
    ground: Ground, fixtures: Path
) -> None:
    """Twilio shows a secret of its own."""
    played = called(ground, fixtures, "twilio", token="another")

    assert played.results == ()
    assert played.tape is not None
    assert played.tape.machine() != ()


@pytest.mark.parametrize("via", ["audiosocket", "twilio", "httapi", "rest"])
def test_what_came_of_the_turns_is_told(ground: Ground, fixtures: Path, via: str) -> None:
    """On ports of their own, and where the service tells addresses that lead elsewhere."""
    played = called(ground, fixtures, via, token=ground.door.token)

    first = played.results[0]
    assert first.intent.name == "rebook_flight"
    assert first.verification.decision == "accepted"
    assert played.happened == ()
