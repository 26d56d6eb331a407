"""Who may ask for what: nobody enters without a key, but where the door says so."""

import hashlib
from dataclasses import replace
from typing import assert_never

from anyio.to_thread import run_sync
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from biometrics import StoreUnavailable
from ivr.service.address import is_here, source_of
from ivr.service.api_keys import Scope
from ivr.service.browser_pages import is_of_another_site
from ivr.service.doors import needed
from ivr.service.keyring import Judged, Keyring, shown_in
from ivr.service.limits import Limits
from ivr.service.refusing import Refusal, refuse

_SHOW = Refusal(
    code="not_allowed",
    sentence="Send the header Authorization: Bearer with the token or a key of this service.",
)
_SCOPE = Refusal(code="wrong_scope", sentence="This key opens other things; it lacks the scope.")
_SLOW = Refusal(
    code="too_many_requests",
    sentence="Too many keys that open nothing were shown from there; wait.",
)
_CLOSED = Refusal(
    code="store_unavailable",
    sentence="The keys cannot be read now, so that nobody is let in; try again.",
)
_PAGE = Refusal(
    code="not_allowed",
    sentence="Pages of other sites may not ask; set IVR_SERVICE__TOKEN and show it.",
)


class TokenGuard:
    """Lets in who shows what opens a door, over HTTP and WebSocket alike."""

    def __init__(self, app: ASGIApp, *, keyring: Keyring, limits: Limits) -> None:
        self._app = app
        self._keyring = keyring
        self._limits = limits

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        refusal = await self._refusal(scope) if scope["type"] != "lifespan" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await refuse(refusal, scope, receive, send)

    async def _refusal(self, scope: AsgiScope) -> Refusal | None:
        scopes = needed(scope.get("method", "GET"), scope["path"])
        if scopes is None:
            return None
        try:
            if is_here(_address(scope)) and await self._is_open():
                return _PAGE if is_of_another_site(scope["headers"]) else None
            shown = shown_in(scope)
            return _SHOW if shown is None else await self._judged(scope, shown, scopes)
        except StoreUnavailable:
            return _CLOSED

    async def _judged(
        self, scope: AsgiScope, shown: bytes, scopes: frozenset[Scope]
    ) -> Refusal | None:
        source = source_of(_address(scope))
        credential = hashlib.sha256(shown).digest()
        wait_s = self._limits.closed_s(source, credential)
        if wait_s:
            return replace(_SLOW, wait_s=wait_s)
        match await self._judge(shown, scopes):
            case Judged.ENTERS:
                self._limits.succeeded(source, credential)
                return None
            case Judged.WRONG_SCOPE:
                self._limits.succeeded(source, credential)
                return _SCOPE
            case Judged.UNKNOWN:
                self._limits.failed(source, credential)
                return _SHOW
            case other:
                assert_never(other)

    async def _judge(self, shown: bytes, scopes: frozenset[Scope]) -> Judged:
        if self._keyring.is_token(shown):
            return Judged.ENTERS
        if not self._keyring.keeps_keys:
            return Judged.UNKNOWN
        return await run_sync(self._keyring.judge, shown, scopes)

    async def _is_open(self) -> bool:
        """To this machine; keys that are made while the service runs close it at once."""
        if not self._keyring.may_be_open:
            return False
        return not self._keyring.keeps_keys or await run_sync(self._keyring.is_open)


def _address(scope: AsgiScope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
