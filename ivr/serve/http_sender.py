"""Requests over HTTP, through httpx2."""

import json
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from ivr.serve.sender import Answered, Outgoing, Unanswered

log = logging.getLogger(__name__)

# The library logs the address of every request, and customers stand in it.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_CONNECT_S = 1.0
_LARGEST_ANSWER = 256 * 1024
"""Bytes; what a caller is told fits into far fewer."""


class _TooSlow(Exception):  # noqa: N818 - an error is named after what happened
    """The answer takes longer than there is time."""


class HttpSender:
    """One address. Redirects are not followed: nobody else may learn what customers want."""

    def __init__(
        self,
        url: str,
        *,
        headers: dict[str, str],
        clock: Callable[[], float],
        socket: Path | None = None,
    ) -> None:
        """`clock` runs evenly, in seconds. `socket`: the server listens there, on this machine."""
        self._clock = clock
        self._client = httpx2.Client(
            base_url=url,
            headers={"Accept": "application/json", **headers},
            transport=httpx2.HTTPTransport(uds=str(socket)) if socket else None,
            # The authorities that this machine trusts, the operator's own among them.
            verify=ssl.create_default_context(),
            follow_redirects=False,
            # Proxies of the environment are for other programs.
            trust_env=False,
        )

    def send(self, outgoing: Outgoing, timeout_ms: int) -> Answered | Unanswered:
        until = self._clock() + timeout_ms / 1_000
        try:
            return self._sent(outgoing, until)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            log.warning("business system not reached")
            return Unanswered.NOT_SENT
        except (httpx2.HTTPError, httpx2.InvalidURL, _TooSlow) as err:
            log.warning("business system does not answer", extra={"kind": type(err).__name__})
            return Unanswered.NO_ANSWER

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _sent(self, outgoing: Outgoing, until: float) -> Answered:
        left_s = max(until - self._clock(), 0.001)
        keyed = {"Idempotency-Key": outgoing.key} if outgoing.key else {}
        request = self._client.build_request(
            outgoing.method.value,
            outgoing.path,
            json=outgoing.body,
            headers=keyed,
            timeout=httpx2.Timeout(left_s, connect=min(_CONNECT_S, left_s)),
        )
        answer = self._client.send(request, stream=True)
        try:
            return Answered(status=answer.status_code, body=_object(self._read(answer, until)))
        finally:
            answer.close()

    def _read(self, answer: httpx2.Response, until: float) -> bytes:
        """The time limit of the library is for each piece; this one is for all of them."""
        read = b""
        for piece in answer.iter_bytes():
            read += piece
            if len(read) > _LARGEST_ANSWER:
                log.warning("the business system answers at too great length")
                return b""
            if self._clock() > until:
                raise _TooSlow
        return read


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object that was answered; empty where there is none."""
    try:
        read = json.loads(content) if content else {}
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
