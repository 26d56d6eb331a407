"""Callers behind Twilio's webhooks: they say what they want, and try again as Twilio would."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import httpx2

from .workers import Workers

TOKEN = "t" * 32
PUBLIC = "http://ivr.test"
WORKFLOW = "WW1"

_WAITS_S = 15
"""As long as Twilio does."""

_PATIENCE_S = 60
_GIVES_UP = 0.25
"""Share of callers who hang up on silence."""

_WISHES = (
    "Bitte die Karte mit der Endung 0815 sperren",
    "Ja",
)
_PERSON = "Ich möchte mit einem Mitarbeiter sprechen"
_GOODBYE = "Nein danke, auf Wiedersehen"


class Came(StrEnum):
    """What became of a caller."""

    TALKING = "talking"
    SERVED = "served"
    """Said goodbye to the machine."""

    QUEUED = "queued"
    GONE = "gone"
    """Heard nothing, and hung up without anybody being told."""


@dataclass
class Caller:
    """One call, as the caller's side knows it."""

    number: str
    customer: str
    call: str
    came: Came = Came.TALKING
    turns: int = 0
    """That were answered."""

    asked_again: int = 0
    """Turns that were answered by the machine with a question."""

    interruptions: int = 0
    token: str = ""
    has_left: bool = False
    """Hung up while waiting, and the service was told."""

    waits: bool = False
    """Until the end."""

    agent: str = ""
    """Who took the call."""

    context_turns: int = -1
    """Turns that the person was told of; -1 where nobody asked."""


class Silence(Exception):  # noqa: N818 - as the house's errors
    """The caller heard nothing for too long, and has hung up."""


@dataclass
class Street:
    """So many callers at once, one after the other."""

    workers: Workers
    chance: random.Random
    all: list[Caller] = field(default_factory=list)
    is_over: bool = False
    slowest_s: float = 0.0

    async def busy(self, at_once: int) -> None:
        """Until it is over and everybody has ended their call."""
        async with httpx2.AsyncClient(trust_env=False, timeout=_WAITS_S) as client:
            await asyncio.gather(*(self._one_after_the_other(client) for _ in range(at_once)))

    async def _one_after_the_other(self, client: httpx2.AsyncClient) -> None:
        while not self.is_over:
            place = len(self.all)
            caller = Caller(number=number_of(place), customer=f"k-{place}", call=f"CA{place:032d}")
            self.all.append(caller)
            try:
                await self._called(client, caller)
            except Silence:
                caller.came = Came.GONE

    async def _called(self, client: httpx2.AsyncClient, caller: Caller) -> None:
        last = self.chance.choice((_PERSON, _PERSON, _GOODBYE))
        document = await self._asked(client, caller, "/twilio/voice?lang=de")
        for said in (*_WISHES, last, _PERSON, _PERSON):
            await asyncio.sleep(self.chance.uniform(0.05, 1.0))
            gather = document.find("Gather")
            if gather is None:
                break
            document = await self._asked(client, caller, _path(gather), said)
            caller.turns += 1
            caller.asked_again += document.find("Gather") is not None
        await self._ended(client, caller, document)

    async def _ended(self, client: httpx2.AsyncClient, caller: Caller, document: Element) -> None:
        task = document.find("Enqueue/Task")
        if task is None:
            caller.came = Came.SERVED
            await self._hung_up(client, caller)
            return
        caller.came = Came.QUEUED
        caller.token = json.loads(task.text or "{}").get("context", "")
        match self.chance.randrange(3):
            case 0 if caller.token:
                await self._taken(client, caller)
                await self._hung_up(client, caller)
            case 1:
                await asyncio.sleep(self.chance.uniform(0.05, 1.0))
                await self._hung_up(client, caller)
                caller.has_left = True
            case _:
                caller.waits = True

    async def _taken(self, client: httpx2.AsyncClient, caller: Caller) -> None:
        """A person takes the call, and reads what is known of it."""
        agent = f"a-{self.chance.randrange(5)}"
        claim = f"/v1/queue/{caller.token}/claim?agent={agent}"
        answer = await self._request(client, caller, "POST", claim, may_give_up=False)
        if answer.status_code == httpx2.codes.OK:
            caller.agent = agent
        path = f"/v1/context/{caller.token}"
        context = await self._request(client, caller, "GET", path, may_give_up=False)
        if context.status_code == httpx2.codes.OK:
            caller.context_turns = len(context.json()["said"])

    async def _hung_up(self, client: httpx2.AsyncClient, caller: Caller) -> None:
        await self._asked(
            client, caller, "/twilio/status", may_give_up=False, CallStatus="completed"
        )

    async def _asked(
        self,
        client: httpx2.AsyncClient,
        caller: Caller,
        path: str,
        said: str = "",
        *,
        may_give_up: bool = True,
        **more: str,
    ) -> Element:
        fields = {"CallSid": caller.call, "From": caller.number, "To": "+4930815", **more}
        if said:
            fields |= {"SpeechResult": said, "Confidence": "0.9"}
        began = monotonic()
        answer = await self._request(
            client, caller, "POST", path, may_give_up=may_give_up and caller.turns > 0, data=fields
        )
        self.slowest_s = max(self.slowest_s, monotonic() - began)
        return fromstring(answer.content)  # noqa: S314 - from our own service

    async def _request(  # noqa: PLR0913 - a request in its parts
        self,
        client: httpx2.AsyncClient,
        caller: Caller,
        method: str,
        path: str,
        *,
        may_give_up: bool,
        data: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """The same again at the next worker, until one answers or the caller has had enough."""
        until = monotonic() + _PATIENCE_S
        headers = {"X-Twilio-Signature": _signature(path, data)} if data else {}
        is_first = True
        while monotonic() < until:
            for worker in self.workers.any_order(self.chance):
                try:
                    answer = await client.request(
                        method, worker.url + path, data=data, headers=headers
                    )
                except httpx2.HTTPError:
                    worker.is_ready = worker.is_ready and worker.is_alive
                    caller.interruptions += is_first
                    if is_first and may_give_up and self.chance.random() < _GIVES_UP:
                        raise Silence from None
                    is_first = False
                    continue
                if answer.status_code < httpx2.codes.INTERNAL_SERVER_ERROR:
                    return answer
                caller.interruptions += is_first
                is_first = False
            await asyncio.sleep(0.2)
        raise Silence


def number_of(place: int) -> str:
    """Of the customer at this place of the list."""
    return f"+49891{place:06d}"


def _path(gather: Element) -> str:
    address = urlsplit(gather.attrib["action"])
    return f"{address.path}?{address.query}"


def _signature(path: str, fields: dict[str, str]) -> str:
    told = "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(TOKEN.encode(), (PUBLIC + path + told).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
