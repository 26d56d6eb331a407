"""How much one source may ask for, before anything else is done with what it asks."""

from collections.abc import Iterator
from dataclasses import replace

from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.service.address import address_of, source_of
from ivr.service.doors import begins_call
from ivr.service.limits import Kind, Limits
from ivr.service.refusing import Refusal, refuse

_TOO_MUCH = Refusal(
    code="too_many_requests", sentence="Too much comes from there at once; wait, then try again."
)


class LimitGuard:
    """Turns away whoever asks too often; tells everything behind it the real address."""

    def __init__(self, app: ASGIApp, *, limits: Limits, trusted_proxies: int) -> None:
        self._app = app
        self._limits = limits
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        address = address_of(scope, trusted_proxies=self._trusted_proxies)
        source = source_of(address)
        wait_s = self._limits.enter(source, _kinds(scope))
        if wait_s:
            refusal = replace(_TOO_MUCH, wait_s=wait_s)
            await refuse(refusal, scope, receive, send)
            return
        try:
            await self._app(_told(scope, address), receive, send)
        finally:
            self._limits.leave(source)


def _kinds(scope: Scope) -> Iterator[Kind]:
    yield Kind.REQUEST
    if scope["type"] == "websocket":
        yield Kind.HANDSHAKE
    elif begins_call(scope["path"]):
        yield Kind.CALL


def _told(scope: Scope, address: str) -> Scope:
    client = scope.get("client")
    if not client or client[0] == address:
        return scope
    return {**scope, "client": (address, 0)}
