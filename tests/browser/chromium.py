"""A real browser without a window, told what to do over its DevTools socket."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

_PATIENCE_S = 30


class Tab:
    """One page of the browser."""

    def __init__(self, socket: ClientConnection, session: str = "") -> None:
        self._socket = socket
        self._session = session
        self._count = 0
        self.complaints: list[str] = []
        """Errors of scripts, and what the page's policy forbade."""

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One command and its answer; what happens meanwhile is noted."""
        self._count += 1
        order = {"id": self._count, "method": method, "params": params}
        await self._socket.send(json.dumps(order | self._address()))
        while True:
            message = json.loads(await asyncio.wait_for(self._socket.recv(), _PATIENCE_S))
            if message.get("id") == self._count:
                assert "error" not in message, message
                return dict(message["result"])
            self._note(message)

    async def run(self, script: str) -> Any:
        """The value of an expression, as if the user had asked for it by a click."""
        answer = await self.ask(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def until(self, condition: str) -> Any:
        """The first true value of an expression."""
        async with asyncio.timeout(_PATIENCE_S):
            while not (value := await self.run(condition)):  # noqa: ASYNC110 - pages tell nobody
                await asyncio.sleep(0.05)
        return value

    async def press(self, key: str) -> None:
        """A key of the keyboard, down and up."""
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        code = {"Tab": 9, "Enter": 13}.get(key, ord(key[0]))
        for kind in ("keyDown", "keyUp"):
            await self.ask(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text
            )
            text = {}

    async def new(self, url: str) -> "Tab":
        """Another page, loaded."""
        target = (await self.ask("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self.ask("Target.attachToTarget", targetId=target, flatten=True)
        tab = Tab(self._socket, attached["sessionId"])
        for domain in ("Page", "Runtime", "Log"):
            await tab.ask(f"{domain}.enable")
        await tab.ask("Page.navigate", url=url)
        await tab.until("document.readyState === 'complete'")
        return tab

    def _address(self) -> dict[str, str]:
        return {"sessionId": self._session} if self._session else {}

    def _note(self, message: dict[str, Any]) -> None:
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif message.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")


@asynccontextmanager
async def browser(url: str, spoken: Path) -> AsyncIterator[Tab]:
    """A page whose microphone hears a WAV file, again and again."""
    assert BROWSER
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            BROWSER,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--lang=en-US",
            "--disable-extensions",
            "--disable-background-networking",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={spoken}",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            address = await _address(Path(profile))
            async with connect(address, max_size=None) as socket:
                yield await Tab(socket).new(url)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _address(profile: Path) -> str:
    port = profile / "DevToolsActivePort"
    async with asyncio.timeout(_PATIENCE_S):
        while not (port.exists() and port.read_text().strip()):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    number, path = port.read_text().split()
    return f"ws://127.0.0.1:{number}{path}"
