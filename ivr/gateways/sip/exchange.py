"""Requests and responses over a line that loses them (RFC 3261, section 17)."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable

from ivr.gateways.sip.address import branch_of
from ivr.gateways.sip.message import Request, Response, cseq_of, write_message

Address = tuple[str, int]
Send = Callable[[bytes, Address], object]

T1_S = 0.5
"""A round trip, as RFC 3261 estimates it."""

_T2_S = 4
_GIVE_UP_S = 64 * T1_S
_REMEMBERED = 2_000
_FINAL = 200

Key = tuple[Address, str, str, str]


async def again_until(over: asyncio.Event, send: Callable[[], object]) -> bool:
    """Send, and again with longer and longer pauses; False where it was in vain."""
    pause = T1_S
    loop = asyncio.get_running_loop()
    until = loop.time() + _GIVE_UP_S
    while not over.is_set() and loop.time() < until:
        send()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), pause)
        pause = min(2 * pause, _T2_S)
    return over.is_set()


class Asked:
    """Our own requests that wait for what comes of them."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: dict[str, tuple[asyncio.Event, list[Response]]] = {}

    async def ask(self, request: Request, address: Address) -> int:
        """The status that it ends with; 408 where nobody answers."""
        branch = branch_of(request.get("via"))
        over, came = self._waiting[branch] = asyncio.Event(), []
        data = write_message(request)
        try:
            await again_until(over, lambda: self._send(data, address))
        finally:
            del self._waiting[branch]
        return came[0].status if came else 408

    def take(self, response: Response) -> None:
        """What came of one of them. Those before the final one say only that it is known."""
        over, came = self._waiting.get(branch_of(response.get("via")), (None, []))
        if over is not None and response.status >= _FINAL:
            came.append(response)
            over.set()


class Answered:
    """Requests of others that were seen already: they are sent again when answers are lost."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._answers: OrderedDict[Key, bytes] = OrderedDict()

    def is_new(self, request: Request, address: Address) -> bool:
        """Otherwise it is answered as before."""
        key = _key(request, address)
        known = self._answers.get(key)
        if known is None:
            self._answers[key] = b""
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        elif known:
            self._send(known, address)
        return known is None

    def is_known(self, cancel: Request, address: Address) -> bool:
        """The request that is to be cancelled was seen."""
        return _key(cancel, address, method="INVITE") in self._answers

    def answer(self, request: Request, response: Response, address: Address) -> bytes:
        """Send it, and keep it for those who ask again."""
        data = write_message(response)
        self._answers[_key(request, address)] = data
        self._send(data, address)
        return data


def _key(request: Request, address: Address, method: str = "") -> Key:
    number, own = cseq_of(request.headers)
    branch = branch_of(request.get("via")) or request.get("call-id")
    return address, branch, str(number), method or own
