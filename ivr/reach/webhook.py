"""Messages as signed HTTP requests, to whatever calls, texts or notifies customers."""

import hashlib
import hmac
import http.client
import json
import logging
import ssl
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from ivr.reach.messenger import Delivery, Message

log = logging.getLogger(__name__)

_TAKEN = range(200, 300)
_TRY_AGAIN = frozenset({408, 409, 425, 429})
"""Refusals that may pass: too slow, the same key is being worked on, too early, too many."""

_SERVER_FAILED = 500


class Webhook:
    """Posts to one address. A redirect is not followed: the signature is for this receiver."""

    is_idempotent = True

    def __init__(
        self, url: str, *, secret: str, timeout_s: int, clock: Callable[[], datetime]
    ) -> None:
        """`url` is https, or http on this machine; `clock` is aware."""
        self._url = urlsplit(url)
        self._secret = secret
        self._timeout_s = timeout_s
        self._clock = clock

    def send(self, message: Message) -> Delivery:
        body = json.dumps(_content(message), ensure_ascii=False).encode()
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.key,
            "Rufwerk-Timestamp": timestamp,
            "Rufwerk-Signature": f"v1={signature(self._secret, timestamp, body)}",
        }
        connection = self._connection()
        try:
            connection.request("POST", self._target, body, headers)
            status = connection.getresponse().status
        except (http.client.HTTPException, OSError):
            # Whether it arrived or not: under the same key it counts once.
            log.warning("webhook not reached")
            return Delivery.LATER
        finally:
            connection.close()
        return _delivery(status)

    @property
    def _target(self) -> str:
        path = self._url.path or "/"
        return f"{path}?{self._url.query}" if self._url.query else path

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._timeout_s)
        return http.client.HTTPSConnection(
            host, port, timeout=self._timeout_s, context=ssl.create_default_context()
        )


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the seconds since 1970, a dot, and the body, in hex."""
    signed = timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _content(message: Message) -> dict[str, str]:
    return {
        "id": message.key,
        "incident": message.incident,
        "kind": message.kind,
        "customer_id": message.customer,
        "channel": message.channel.value,
        "language": message.language.value,
        "text": message.text,
    }


def _delivery(status: int) -> Delivery:
    if status in _TAKEN:
        return Delivery.SENT
    log.warning("webhook refused", extra={"status": status})
    is_passing = status in _TRY_AGAIN or status >= _SERVER_FAILED
    return Delivery.LATER if is_passing else Delivery.REFUSED
