"""Whole calls on a running Asterisk, whose binary the variable RUFWERK_ASTERISK names.

The configuration is that of docs/gateways/asterisk.md. The caller is a Local channel that plays a
file and presses a key; the queue is Asterisk's own.
"""

import asyncio
import os
import re
import shutil
import tempfile
import wave
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from fakes.live import FakeReception, FakeTalk, quiet, spoken
from fastapi import Depends, FastAPI, HTTPException
from fastapi.requests import HTTPConnection

from ivr.call import CallId, Language
from ivr.gateways.asterisk import routes, websocket
from ivr.gateways.asterisk.audiosocket import serve_audiosocket
from ivr.live.wire import Ending
from ivr.settings import AudioSocketSettings

BINARY = shutil.which(os.environ.get("RUFWERK_ASTERISK", ""))

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(BINARY is None, reason="RUFWERK_ASTERISK names no asterisk binary"),
]

PAGE = Path(__file__).parents[4] / "docs" / "gateways" / "asterisk.md"

TOKEN = "the-token-of-the-tests"
NOBODY = "127.0.0.1:1"

CALLER = """
[caller]
exten => s,1,Answer()
 same => n,MixMonitor(FOLDER/both.wav,r(FOLDER/heard.wav))
 same => n,Playback(FOLDER/speech)
 same => n,SendDTMF(9)
 same => n,Playback(FOLDER/quiet)

[incoming]
exten => _X.,1,Set(CALLERID(num)=+4989123456)
 same => n,Goto(rufwerk-${EXTEN:1},815,1)

[rufwerk-dialled]
exten => _X.,1,Answer()
 same => n,Gosub(rufwerk,begin,1)
 same => n,Dial(AudioSocket/ivr:9092/${CALL}/c(slin16),,g)
 same => n,Goto(rufwerk,end,1)

[rufwerk-plain]
exten => _X.,1,Answer()
 same => n,Gosub(rufwerk,begin,1)
 same => n,Dial(WebSocket/rufwerk/c(ulaw)v(call=${CALL}),,g)
 same => n,Goto(rufwerk,end,1)

[rufwerk-variables]
exten => _X.,1,Answer()
 same => n,Gosub(rufwerk,begin,1)
 same => n,Set(__RUFWERK_CALL=${CALL})
 same => n,Dial(WebSocket/rufwerk/c(slin48)f(json),,g)
 same => n,Goto(rufwerk,end,1)
"""
"""Behind the two ways of the page three more."""

WAYS = ("audiosocket", "websocket", "dialled", "plain", "variables")

QUEUES = "[senior]\njoinempty = yes\n[agents]\njoinempty = yes\n"


class Desk(FakeReception):
    """Two turns, and then the queue for seniors."""

    def __init__(self) -> None:
        super().__init__(FakeTalk(["Flug umbuchen"]))
        self.talk.ends_after = 2

    async def ending(self, call_id: CallId) -> Ending | None:
        is_known = call_id in [one.call_id for one in self.incoming]
        if not is_known or len(self.talk.taken) < self.talk.ends_after:
            return None
        return Ending(
            call_id=call_id, type="queue", queue="senior", priority=80, language=Language.GERMAN
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pbx:
    """A running Asterisk."""

    folder: Path

    async def ask(self, command: str) -> str:
        """What its console answers."""
        process = await asyncio.create_subprocess_exec(
            *(str(BINARY), "-C", str(self.folder / "asterisk.conf"), "-rx", command),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        return (await process.communicate())[0].decode(errors="replace")

    async def until(self, command: str, expected: str) -> str:
        """The first that is as expected in what the console answers."""
        for _ in range(100):
            if found := re.search(expected, await self.ask(command)):
                return found[0]
            await asyncio.sleep(0.2)
        log = (self.folder / "full").read_text()
        raise AssertionError(re.sub(r".*Remote UNIX connection.*\n", "", log))

    async def call(self, way: str) -> None:
        await self.ask(f"channel originate Local/s@caller/n extension 1{way}@incoming")

    async def waits_in(self, queue: str) -> str:
        """The line of the caller who waits there."""
        return await self.until(f"queue show {queue}", r"\d\. Local.*")

    async def hang_up(self) -> None:
        await self.ask("channel request hangup all")
        await self.until("core show channels", "0 active channels")

    @property
    def loudest(self) -> int:
        """Of what the caller heard; Asterisk closes the file when the caller is gone."""
        with wave.open(str(self.folder / "heard.wav"), "rb") as file:
            heard = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return int(np.abs(heard.astype(int)).max())


def configuration(folder: Path, places: Mapping[str, str]) -> dict[str, str]:
    """What people are told to paste, for the servers of a test."""
    page = dict(re.findall(r"```ini\n; (\S+)\n(.*?)```", PAGE.read_text(), flags=re.DOTALL))
    kinds = ("etc", "run", "log", "spool", "db", "key")
    here = "\n".join(f"ast{kind}dir => {folder}" for kind in kinds)
    files = {
        "asterisk.conf": f"[directories]\n{here}\n",
        "modules.conf": "[modules]\nautoload = yes\n",
        "logger.conf": "[logfiles]\nfull => notice,warning,error,verbose(3)\n",
        "features.conf": "",
        "queues.conf": QUEUES,
        "extensions.conf": page["extensions.conf"] + CALLER,
        "websocket_client.conf": page["websocket_client.conf"],
    }
    for told, real in places.items():
        files = {name: text.replace(told, real) for name, text in files.items()}
    return files


def write_wav(path: Path, sound: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(sound)


async def show_the_token(request: HTTPConnection) -> None:
    """As the service asks for it: a bearer, or the password of a handshake."""
    shown = request.headers.get("authorization", "")
    basic = "Basic " + b64encode(f"asterisk:{TOKEN}".encode()).decode()
    if shown not in (f"Bearer {TOKEN}", basic):
        raise HTTPException(401)


@asynccontextmanager
async def http(reception: FakeReception) -> AsyncIterator[int]:
    app = FastAPI(dependencies=[Depends(show_the_token)])
    app.include_router(routes.routes(reception))
    app.include_router(websocket.routes(reception))
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


@asynccontextmanager
async def running(folder: Path, places: Mapping[str, str]) -> AsyncIterator[Pbx]:
    for name, text in configuration(folder, {"FOLDER": str(folder), **places}).items():
        (folder / name).write_text(text)
    write_wav(folder / "speech.wav", quiet(1_500) + spoken(800) + quiet(2_500))
    write_wav(folder / "quiet.wav", quiet(9_000))
    process = await asyncio.create_subprocess_exec(
        *(str(BINARY), "-f", "-C", str(folder / "asterisk.conf")),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        pbx = Pbx(folder=folder)
        await pbx.until("core waitfullybooted", "fully booted")
        yield pbx
    finally:
        process.terminate()
        await process.wait()


Story = Callable[[Pbx], Coroutine[Any, Any, None]]


def on_asterisk(reception: FakeReception, story: Story, **instead: str) -> None:
    """The story, with servers behind everything that the page names unless it is said instead."""

    async def run(folder: Path) -> None:
        async with AsyncExitStack() as stack:
            served = serve_audiosocket(reception, AudioSocketSettings())
            places = {
                "ivr:8080": f"127.0.0.1:{await stack.enter_async_context(http(reception))}",
                "ivr:9092": f"127.0.0.1:{await stack.enter_async_context(served)}",
                "the-token-of-the-service": TOKEN,
            }
            await story(await stack.enter_async_context(running(folder, places | instead)))

    # The address of Asterisk's console may have about 100 bytes, fewer than many a test's folder.
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


@pytest.mark.parametrize("way", ["audiosocket", "websocket"])
@pytest.mark.parametrize(
    "instead",
    [{"ivr:8080": NOBODY, "ivr:9092": NOBODY}, {"the-token-of-the-service": "another"}],
    ids=["nobody listens", "the token is wrong"],
)
def test_callers_reach_people_when_rufwerk_cannot_be_reached(
    way: str, instead: dict[str, str]
) -> None:
    async def story(pbx: Pbx) -> None:
        await pbx.call(way)
        assert await pbx.waits_in("agents")

    desk = Desk()
    on_asterisk(desk, story, **instead)

    assert desk.known == {}


@pytest.mark.parametrize("way", ["audiosocket", "websocket"])
def test_a_full_house_sends_callers_to_people(way: str) -> None:
    async def story(pbx: Pbx) -> None:
        await pbx.call(way)
        assert "prio: 50" in await pbx.waits_in("agents")

    desk = Desk()
    desk.is_full = True
    on_asterisk(desk, story)

    assert len(desk.known) == 1
    assert desk.sessions == []


@pytest.mark.parametrize("way", WAYS)
def test_a_whole_call_ends_in_the_right_queue_with_its_priority(way: str) -> None:
    async def story(pbx: Pbx) -> None:
        await pbx.call(way)
        assert "prio: 80" in await pbx.waits_in("senior")
        await pbx.hang_up()
        assert pbx.loudest > 1_000

    desk = Desk()
    on_asterisk(desk, story)

    assert [(one.caller_id, one.source) for one in desk.incoming] == [("+4989123456", "asterisk")]
    assert desk.talk.heard == ["Flug umbuchen", "silence"]
    assert [keys for _, keys in desk.talk.taken] == ["", "9"]


@pytest.mark.parametrize("way", ["audiosocket", "websocket"])
def test_a_caller_who_hangs_up_ends_the_call(way: str) -> None:
    async def story(pbx: Pbx) -> None:
        await pbx.call(way)
        await pbx.until("core show channels concise", f"rufwerk-{way}")
        await asyncio.sleep(1)
        await pbx.hang_up()

    desk = Desk()
    on_asterisk(desk, story)

    assert desk.talk.is_gone == 1
    assert desk.talk.taken == []
