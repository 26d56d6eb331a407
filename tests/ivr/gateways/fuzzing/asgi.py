"""Wrong requests and wrong messages of WebSockets, given to routes as a server would give them."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

from fakes.strict import FakeStrictReception
from starlette.types import ASGIApp, Message, Scope

from tests.ivr.gateways.fuzzing.mutations import Message as Told
from tests.ivr.gateways.fuzzing.mutations import Mutator

_REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422})

_MOST_ENDING = 100
"""Streams whose gateway is gone and that are not over yet."""

_PROOF = re.compile(r"[0-9a-z+/=]{27,}")
"""The part of a header that proves something; whatever stands beside it may be left out."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A request as its gateway sends it."""

    path: str
    method: str = "POST"
    query: str = ""
    form: dict[str, str] = field(default_factory=dict)
    json: str = ""

    @property
    def content_type(self) -> str:
        return JSON if self.json else FORM

    @property
    def body(self) -> bytes:
        return self.json.encode() if self.json else urlencode(self.form).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes


Sign = Callable[[Webhook, bytes], dict[str, str]]
"""Headers that prove who sends a body."""

Check = Callable[[Answered], str | None]
"""What is wrong with an answer of 200."""


async def ask(app: ASGIApp, hook: Webhook, body: bytes, headers: dict[str, str]) -> Answered:
    """One request, its body in two pieces."""
    told = {"host": "ivr.example.com", "content-length": str(len(body)), **headers}
    pieces = [body[: len(body) // 2], body[len(body) // 2 :]]
    parts: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": piece is not pieces[-1]}
        for piece in pieces
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope("http", hook.path, hook.query, told, method=hook.method), receive, send)
    start = sent[0]
    return Answered(
        status=start["status"],
        headers={name.decode(): value.decode() for name, value in start["headers"]},
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


def _scope(kind: str, path: str, query: str, headers: dict[str, str], **more: Any) -> Scope:
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "https" if kind == "http" else "wss",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (name.lower().encode(), value.encode("latin-1", "replace"))
            for name, value in headers.items()
        ],
        "client": ("192.0.2.1", 4711),
        "server": ("ivr.example.com", 443),
        **more,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How webhooks prove who sends them."""

    sign: Sign
    holds: Callable[[dict[str, str]], bool] = lambda _: False
    """Whether headers that were changed prove the same all the same."""


class HttpDoor:
    """Webhooks, signed where there is a proof."""

    def __init__(
        self,
        app: ASGIApp,
        hooks: Sequence[Webhook],
        *,
        reception: FakeStrictReception,
        check: Check,
        proof: Proof | None = None,
    ) -> None:
        self.wrong = reception.wrong
        self._reception = reception
        self._app = app
        self._hooks = hooks
        self._check = check
        self._sign = proof.sign if proof else None
        self._holds = proof.holds if proof else None

    async def attack(self, mutator: Mutator) -> int:
        hook = mutator.random.choice(list(self._hooks))
        if mutator.chance(0.2):
            odd = mutator.text(hook.query or "lang=de")[:4_000]
            hook = replace(hook, query=quote_plus(odd, safe="=&%.,+-_"))
        body = self._changed(hook, mutator)
        headers = {"content-type": hook.content_type}
        is_signed = self._sign is None or mutator.chance(0.85)
        if self._sign is not None and is_signed:
            headers |= self._sign(hook, body)
        elif self._sign is not None and mutator.chance(0.5):
            right = self._sign(hook, body)
            forged = {name: mutator.text(value) for name, value in right.items()}
            headers |= forged
            is_signed = bool(self._holds and self._holds(forged)) or any(
                proof in _bare(forged) for proof in _PROOF.findall(_bare(right))
            )
        self._judge(await ask(self._app, hook, body, headers), hook, is_signed=is_signed)
        return 1

    async def steady(self) -> None:
        for hook in self._hooks:
            headers = {"content-type": hook.content_type}
            if self._sign is not None:
                headers |= self._sign(hook, hook.body)
            answered = await ask(self._app, hook, hook.body, headers)
            assert answered.status in (200, 204), f"{hook.path}: {answered.status}"
            assert not (answered.status == 200 and self._check(answered)), hook.path

    @property
    def going_on(self) -> int:
        return self._reception.going_on

    async def settle(self) -> None:
        """Requests are over when they are answered."""

    def _changed(self, hook: Webhook, mutator: Mutator) -> bytes:
        if hook.method == "GET" or mutator.chance(0.02):
            return b""
        if hook.json:
            return mutator.json(hook.json).encode("utf-8", "surrogatepass")
        return mutator.form(hook.form)

    def _judge(self, answered: Answered, hook: Webhook, *, is_signed: bool) -> None:
        if not is_signed and answered.status not in _REFUSALS:
            self.wrong[f"{hook.path}: unsigned, and answered {answered.status}"] += 1
        elif answered.status in (200, 204):
            complaint = self._check(answered) if answered.status == 200 else None
            if complaint:
                self.wrong[f"{hook.path}: {complaint}"] += 1
        elif answered.status not in _REFUSALS:
            self.wrong[f"{hook.path}: answered {answered.status}"] += 1


def _bare(headers: dict[str, str]) -> str:
    """Without what may be written in several ways: blanks and capital letters."""
    return "".join(str(headers).lower().split())


class AsgiSocket:
    """One WebSocket, from its gateway's side."""

    def __init__(self, app: ASGIApp, path: str, query: str = "", **headers: str) -> None:
        protocols = headers.pop("subprotocols", "")
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self.out: asyncio.Queue[Message] = asyncio.Queue()
        self._in.put_nowait({"type": "websocket.connect"})
        scope = _scope(
            "websocket",
            path,
            query,
            headers,
            subprotocols=[protocols] if protocols else [],
            extensions={"websocket.http.response": {}},
        )
        self._is_accepted = self._is_gone = False
        self.may_read = asyncio.Event()
        """Cleared, the gateway takes nothing of what is sent to it."""

        self.may_read.set()
        self.running = asyncio.ensure_future(app(scope, self._in.get, self._send))

    def say(self, told: Told) -> None:
        kind = "bytes" if isinstance(told, bytes) else "text"
        self._in.put_nowait({"type": "websocket.receive", kind: told})

    async def heard(self) -> Message:
        """What was sent to the gateway, in order."""
        getting = asyncio.ensure_future(self.out.get())
        await asyncio.wait([getting, self.running], return_when=asyncio.FIRST_COMPLETED)
        if not getting.done() and self.out.empty():
            getting.cancel()
            return {"type": "websocket.close", "code": 1006}
        return await getting

    async def gone(self, code: int = 1006) -> None:
        """The gateway is gone; whatever failed inside is raised."""
        self._is_gone = True
        self.may_read.set()
        for _ in range(3):
            self._in.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        await self.running

    async def _send(self, message: Message) -> None:
        if self._is_gone and self._is_accepted:
            raise OSError("nobody is there any more")
        self._is_accepted = self._is_accepted or message["type"] == "websocket.accept"
        await self.may_read.wait()
        self.out.put_nowait(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a stream, and what is said in it."""

    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    script: tuple[Told, ...]


class SocketDoor:
    """Streams; `opening` gets a fresh one ready, with a webhook before it where that must be."""

    def __init__(
        self,
        app: ASGIApp,
        opening: Callable[[], Awaitable[Opening]],
        steady: Callable[[AsgiSocket], Awaitable[None]],
        *,
        reception: FakeStrictReception,
        begins_with: int = 1,
    ) -> None:
        """`steady` goes on with a stream in which `begins_with` messages were said."""
        self.wrong = reception.wrong
        self._reception = reception
        self._app = app
        self._opening = opening
        self._steady = steady
        self._begins_with = begins_with
        self._other: AsgiSocket | None = None
        self._ending: set[asyncio.Future[None]] = set()

    async def attack(self, mutator: Mutator) -> int:
        opening = await self._opening()
        query = mutator.text(opening.query) if mutator.chance(0.1) else opening.query
        socket = AsgiSocket(
            self._app, opening.path, quote_plus(query, safe="=&%.,+-_"), **opening.headers
        )
        messages = mutator.script(opening.script)
        is_wrong = [mutator.chance(0.5) for _ in messages]
        for message, changed in zip(messages, is_wrong, strict=True):
            socket.say(mutator.message(message) if changed else message)
            if mutator.chance(0.3):
                await asyncio.sleep(0)
        if mutator.chance(0.5):
            await asyncio.sleep(0.001)
        await self._leave(socket)
        return max(sum(is_wrong), 1)

    async def steady(self) -> None:
        if self._other is None:
            self._other = await self.dial()
        await self._steady(self._other)

    async def dial(self) -> AsgiSocket:
        """A stream in which only the beginning was said."""
        opening = await self._opening()
        socket = AsgiSocket(self._app, opening.path, opening.query, **opening.headers)
        for message in opening.script[: self._begins_with]:
            socket.say(message)
        return socket

    @property
    def going_on(self) -> int:
        return self._reception.going_on

    async def settle(self) -> None:
        """Some take their leave before they end."""
        await self._end(until=0)

    async def _leave(self, socket: AsgiSocket) -> None:
        self._ending.add(asyncio.ensure_future(socket.gone()))
        await asyncio.sleep(0)
        await self._end(until=_MOST_ENDING)

    async def _end(self, *, until: int) -> None:
        while len(self._ending) > until:
            done, self._ending = await asyncio.wait(
                self._ending, return_when=asyncio.FIRST_COMPLETED
            )
            for one in done:
                one.result()

    async def close(self) -> None:
        if self._other is not None:
            await self._other.gone()
