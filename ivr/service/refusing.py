"""Turning a request or a handshake away before anything of it is read."""

from dataclasses import dataclass
from math import ceil

from starlette.types import Receive, Scope, Send

from ivr.service.problems import STATUS, problem

_CLOSE_CODES = 4_000
"""Close codes of applications; the status is added. RFC 6455, 7.4.2."""

_LONGEST_WAIT_S = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why somebody is turned away."""

    code: str
    sentence: str
    wait_s: float = 0
    """When to come again; 0 where waiting changes nothing."""


async def refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a problem. Where a server can only close a handshake, it answers 403 itself."""
    code = refusal.code
    if scope["type"] == "websocket" and not _can_answer(scope):
        await send({"type": "websocket.close", "code": _CLOSE_CODES + STATUS[code], "reason": code})
        return
    answer = problem(code, refusal.sentence)
    if refusal.wait_s > 0:
        answer.headers["Retry-After"] = str(ceil(min(refusal.wait_s, _LONGEST_WAIT_S)))
    await answer(scope, receive, send)


def _can_answer(scope: Scope) -> bool:
    return "websocket.http.response" in scope.get("extensions", {})
