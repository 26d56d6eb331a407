"""Whether a webhook comes from our Twilio account.

`X-Twilio-Signature` is base64 of an HMAC-SHA1, under the account's auth token, of the whole address
and, sorted by name, every field of the form and its value. Some signers leave the port in the
address, others do not. SignalWire signs alike, with its signing key and in a header of its own.
Sources: twilio-python, twilio/request_validator.py; developer.signalwire.com, webhook security.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

_HEADERS = ("X-Twilio-Signature", "X-SignalWire-Signature")

_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}


def tokens_of(setting: str) -> tuple[bytes, ...]:
    """The tokens of a setting that names them separated by commas; none is none."""
    return tuple(part.encode() for one in setting.split(",") if (part := one.strip()))


def shown_by(headers: Mapping[str, str]) -> str:
    """The signature of a request; empty where none is shown."""
    return next((headers[name] for name in _HEADERS if name in headers), "")


def signed_text(fields: Iterable[tuple[str, str]]) -> str:
    """What is signed of a form, in whatever order it was sent.

    Nothing parts names from values: two forms may have the same text, and so the same signature.
    """
    return "".join(name + value for name, value in sorted(set(fields)))


def is_signed(shown: str, url: str, text: str, *, tokens: tuple[bytes, ...]) -> bool:
    """Whether one of the tokens signed this text of a form that was sent to this address."""
    is_ours = False
    for token in tokens:
        for address in _ways(url):  # all of them, so that time does not tell which one was near
            digest = hmac.new(token, (address + text).encode(), hashlib.sha1).digest()
            expected = base64.b64encode(digest)
            is_ours |= hmac.compare_digest(expected, shown.encode("utf-8", "replace"))
    return is_ours


def _ways(url: str) -> tuple[str, ...]:
    """The address with and without its port, and the host's name as it is written."""
    parts = urlsplit(url)
    host = parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]
    port = parts.port or _PORTS.get(parts.scheme)
    with_port = f"{host}:{port}" if port else host
    return tuple(dict.fromkeys(urlunsplit(parts._replace(netloc=one)) for one in (host, with_port)))
