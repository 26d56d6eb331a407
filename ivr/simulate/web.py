"""HTTP and WebSockets of the simulator's gateways; nothing else here imports their libraries."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from ivr.simulate.leg import Refused, Unanswered

_TIMEOUT_S = 30
"""For an answer: a turn may take some time to think about."""

_CONNECT_S = 15
"""Where nobody is, that is told at once as a rule; a busy machine may need some seconds."""


async def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
) -> tuple[int, bytes]:
    """Status and body of the answer.

    Raises:
        Unanswered: nothing comes back.
    """
    return await _asked("POST", url, content=body, headers=dict(headers))


async def post_form(
    url: str,
    *,
    fields: Mapping[str, str],
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    headers: Mapping[str, str],
) -> tuple[int, bytes]:
    """The same for a form, with files in it or without."""
    return await _asked(
        "POST", url, data=dict(fields), files=dict(files or {}) or None, headers=dict(headers)
    )


async def get(url: str, *, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """The same for what is only read."""
    return await _asked("GET", url, headers=dict(headers))


async def _asked(method: str, url: str, **how: Any) -> tuple[int, bytes]:  # noqa: ANN401 - what httpx2 takes
    timeout = httpx2.Timeout(_TIMEOUT_S, connect=_CONNECT_S)
    try:
        async with httpx2.AsyncClient(timeout=timeout, trust_env=False) as client:
            answer = await client.request(method, url, **how)
            return answer.status_code, answer.content
    except httpx2.HTTPError as err:
        raise Unanswered(_nothing(url)) from err


async def connected(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A plain connection.

    Raises:
        Unanswered: nobody listens.
    """
    try:
        async with asyncio.timeout(_CONNECT_S):
            return await asyncio.open_connection(host, port)
    except OSError as err:
        raise Unanswered(_nothing(f"tcp://{host}:{port}")) from err


def _nothing(url: str) -> str:
    return f"Nothing answers at {urlsplit(url).netloc}."


class Socket:
    """A WebSocket that a gateway opens."""

    def __init__(self) -> None:
        self._connection: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(
        self,
        url: str,
        *,
        hear: Callable[[bytes | str], Awaitable[None]],
        over: Callable[[], None],
        headers: Mapping[str, str] | None = None,
        protocol: str = "",
    ) -> None:
        """Connect; `hear` is given every message, `over` is told when no more come.

        Raises:
            Unanswered: nobody listens.
            Refused: whoever listens does not take the stream.
        """
        try:
            self._connection = await connect(
                url,
                additional_headers=dict(headers or {}),
                subprotocols=[Subprotocol(protocol)] if protocol else None,
                compression=None,
                max_queue=None,
                open_timeout=_CONNECT_S,
                proxy=None,
            )
        except InvalidHandshake as err:
            raise Refused("The service does not take the stream.") from err
        except (OSError, EOFError) as err:
            raise Unanswered(_nothing(url)) from err
        self._reading = asyncio.create_task(self._read(self._connection, hear, over))

    async def send(self, message: bytes | str) -> None:
        """What is said into a connection that is over is lost."""
        if self._connection is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._connection.send(message)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        if self._reading is not None:
            await asyncio.wait([self._reading])

    @staticmethod
    async def _read(
        connection: ClientConnection,
        hear: Callable[[bytes | str], Awaitable[None]],
        over: Callable[[], None],
    ) -> None:
        try:
            async for message in connection:
                await hear(message)
        except ConnectionClosed:
            pass
        finally:
            over()
