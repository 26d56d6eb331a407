"""A caller whose line is to one worker, which dies; the gateway asks another one what is next."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import httpx2

from ivr.call import CallId
from ivr.live.wire import FRAME_BYTES, FRAME_MS
from ivr.simulate.leg import Door, Line
from ivr.simulate.legs.audiosocket import AudioSocketLeg, announce

from .workers import Worker

_WITHIN_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What came of a call whose line broke."""

    told: Mapping[str, str]
    """To the dialplan, by another worker."""

    context: Mapping[str, Any]
    """To the person."""


async def broken_line(dies: Worker, asked: Worker, number: str) -> Broken:
    """Announced to one worker and streamed to another, which is killed after the first turn."""
    line = Line(call_id=CallId(str(uuid4())), number=number, language="de")
    await announce(line, Door(url=asked.url))
    leg = AudioSocketLeg(line, Door(url=dies.url, audiosocket_port=dies.line_port))
    async with httpx2.AsyncClient(trust_env=False, timeout=_WITHIN_S) as client, _talking(leg):
        await leg.press("5")
        await leg.press("#")
        await _answered(client, f"{asked.url}/v1/calls/{line.call_id}")
        dies.kill()
        told = await client.get(f"{asked.url}/v1/asterisk/calls/{line.call_id}/result")
        fields = dict(parse_qsl(told.text, keep_blank_values=True))
        context = await client.get(f"{asked.url}/v1/context/{fields['context']}")
        return Broken(told=fields, context=context.json())


@asynccontextmanager
async def _talking(leg: AudioSocketLeg) -> AsyncIterator[None]:
    await leg.open()
    silence = asyncio.create_task(_silence(leg))
    try:
        yield
    finally:
        silence.cancel()
        await asyncio.wait([silence])
        await leg.close()


async def _answered(client: httpx2.AsyncClient, address: str) -> None:
    """Until the turn is known to a worker that did not answer it."""
    until = monotonic() + _WITHIN_S
    while (await client.get(address)).status_code != httpx2.codes.OK:
        if monotonic() > until:
            raise TimeoutError(address)
        await asyncio.sleep(0.1)


async def _silence(leg: AudioSocketLeg) -> None:
    while True:
        await leg.send(bytes(FRAME_BYTES))
        await asyncio.sleep(FRAME_MS / 1_000)
