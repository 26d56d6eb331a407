"""Whole calls on a running Asterisk, whose binary the variable RUFWERK_ASTERISK names.

The dialplan is that of docs/gateways/asterisk.md. The caller is a Local channel that plays a file
and presses a key; the queue is Asterisk's own.
"""

import asyncio
import os
import re
import shutil
import tempfile
import wave
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI

from ivr.call import CallId, Language
from ivr.gateways import asterisk, asterisk_websocket
from ivr.gateways.audiosocket import serve_audiosocket
from ivr.live.wire import Ending
from ivr.service.guard import TokenGuard
from ivr.settings import AudioSocketSettings
from tests.fakes.live import FakeReception, FakeTalk, quiet, spoken

BINARY = shutil.which(os.environ.get("RUFWERK_ASTERISK", ""))

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(BINARY is None, reason="RUFWERK_ASTERISK names no asterisk binary"),
]

PAGE = Path(__file__).parents[3] / "docs" / "gateways" / "asterisk.md"
TOKEN = "the-token-of-the-tests"

CALLER = """
[caller]
exten => s,1,Answer()
 same => n,MixMonitor({folder}/both.wav,r({folder}/heard.wav))
 same => n,Playback({folder}/speech)
 same => n,SendDTMF(9)
 same => n,Playback({folder}/quiet)

[incoming]
exten => _X.,1,Set(CALLERID(num)=+4989123456)
 same => n,Goto(rufwerk-${{EXTEN:1}},815,1)

[rufwerk-dialled]
exten => _X.,1,Gosub(rufwerk,begin,1)
 same => n,Dial(AudioSocket/127.0.0.1:{audiosocket}/${{CALL}}/c(slin16),,g)
 same => n,Goto(rufwerk,end,1)

[rufwerk-plain]
exten => _X.,1,Gosub(rufwerk,begin,1)
 same => n,Dial(WebSocket/rufwerk/c(ulaw)v(call=${{CALL}}),,g)
 same => n,Goto(rufwerk,end,1)

[rufwerk-variables]
exten => _X.,1,Gosub(rufwerk,begin,1)
 same => n,Set(__RUFWERK_CALL=${{CALL}})
 same => n,Dial(WebSocket/rufwerk/c(slin48)f(json),,g)
 same => n,Goto(rufwerk,end,1)
"""
"""The other ways of `on the real thing` on the page, too."""

QUEUES = "\n".join(
    f"[{name}]\nstrategy = ringall\njoinempty = yes" for name in ("senior", "agents")
)


class Desk(FakeReception):
    """Two turns, and then the queue for seniors."""

    def __init__(self) -> None:
        super().__init__(FakeTalk(["Flug umbuchen"]))
        self.talk.ends_after = 2

    def ending(self, call_id: CallId) -> Ending | None:
        if call_id not in [one.call_id for one in self.incoming] or len(self.talk.taken) < 2:
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
        arguments = ("-C", str(self.folder / "asterisk.conf"), "-rx", command)
        return await output(str(BINARY), *arguments)

    async def call(self, extension: str) -> None:
        await self.ask(f"channel originate Local/s@caller/n extension {extension}@incoming")

    async def waits_in(self, queue: str) -> str:
        """The line of the caller who waits there."""
        for _ in range(100):
            if found := re.search(r"\d\. Local.*", await self.ask(f"queue show {queue}")):
                return found[0]
            await asyncio.sleep(0.2)
        log = re.sub(r".*Remote UNIX connection.*\n", "", (self.folder / "full").read_text())
        raise AssertionError(f"nobody waits in {queue}:\n{log}")


async def output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    return (await process.communicate())[0].decode(errors="replace")


def from_the_page(**instead: str) -> dict[str, str]:
    """The configuration that people are told to paste, for the servers of a test."""
    text = PAGE.read_text()
    for told, real in instead.items():
        text = text.replace(PLACEHOLDERS[told], real)
    return dict(re.findall(r"```ini\n; (\S+)\n(.*?)```", text, flags=re.DOTALL))


PLACEHOLDERS = {"http": "ivr:8080", "audiosocket": "ivr:9092", "token": "the-token-of-the-service"}


def write_configuration(folder: Path, files: dict[str, str]) -> None:
    places = ("etc", "run", "log", "spool", "db", "key")
    here = "\n".join(f"ast{place}dir => {folder}" for place in places)
    ours = {
        "asterisk.conf": f"[directories]\n{here}\n",
        "modules.conf": "[modules]\nautoload = yes\n",
        "logger.conf": "[logfiles]\nfull => notice,warning,error,verbose(3)\n",
        "queues.conf": QUEUES,
        "features.conf": "",
        "extensions.conf": files["extensions.conf"] + CALLER.format(folder=folder),
        "websocket_client.conf": files["websocket_client.conf"],
    }
    for name, text in ours.items():
        (folder / name).write_text(text)
    write_wav(folder / "speech.wav", quiet(1_500) + spoken(800) + quiet(2_500))
    write_wav(folder / "quiet.wav", quiet(9_000))


def write_wav(path: Path, sound: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(sound)


def loudness(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        return int(np.abs(np.frombuffer(file.readframes(10**7), dtype="<i2").astype(int)).max())


@asynccontextmanager
async def http(reception: FakeReception) -> AsyncIterator[int]:
    app = FastAPI()
    app.include_router(asterisk.routes(reception))
    app.include_router(asterisk_websocket.routes(reception))
    app.add_middleware(TokenGuard, token=TOKEN)
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Pbx]:
    pbx = Pbx(folder=folder)
    quiet_output = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
    process = await asyncio.create_subprocess_exec(
        str(BINARY), "-f", "-C", str(folder / "asterisk.conf"), **quiet_output
    )
    for _ in range(100):
        if "fully booted" in await pbx.ask("core waitfullybooted"):
            break
        await asyncio.sleep(0.1)
    yield pbx
    await pbx.ask("core stop now")
    await process.wait()


def on_asterisk(
    reception: FakeReception, story: Callable[[Pbx], Coroutine[Any, Any, None]]
) -> None:
    async def run(folder: Path) -> None:
        async with AsyncExitStack() as stack:
            port = await stack.enter_async_context(http(reception))
            served = serve_audiosocket(reception, AudioSocketSettings())
            audiosocket = await stack.enter_async_context(served)
            files = from_the_page(
                http=f"127.0.0.1:{port}", audiosocket=f"127.0.0.1:{audiosocket}", token=TOKEN
            )
            write_configuration(folder, files)
            await story(await stack.enter_async_context(running(folder)))

    # The address of Asterisk's console may have about 100 bytes, fewer than many a test's folder.
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


@pytest.mark.parametrize("way", ["audiosocket", "websocket"])
def test_a_whole_call_ends_in_the_right_queue_with_its_priority(way: str) -> None:
    async def story(pbx: Pbx) -> None:
        await pbx.call(f"1{way}")
        assert "prio: 80" in await pbx.waits_in("senior")
        await pbx.ask("channel request hangup all")
        assert loudness(pbx.folder / "heard.wav") > 1_000

    desk = Desk()
    on_asterisk(desk, story)

    assert [(one.caller_id, one.source) for one in desk.incoming] == [("+4989123456", "asterisk")]
    assert desk.talk.heard == ["Flug umbuchen", "silence"]
    assert [keys for _, keys in desk.talk.taken] == ["", "9"]


@pytest.mark.parametrize("way", ["audiosocket", "websocket"])
def test_a_full_house_sends_callers_to_people(way: str) -> None:
    async def story(pbx: Pbx) -> None:
        await pbx.call(f"1{way}")
        assert "prio: 50" in await pbx.waits_in("agents")
        await pbx.ask("channel request hangup all")

    desk = Desk()
    desk.is_full = True
    on_asterisk(desk, story)

    assert desk.sessions == []
