"""Requests and responses as they go over the wire (RFC 3261, section 7)."""

import re
from dataclasses import dataclass, field

LARGEST_BYTES = 16_000
"""Of a datagram; what telephones send has about 1500."""

_MOST_HEADERS = 100

_LONG = {
    "c": "content-type",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "r": "refer-to",
    "t": "to",
    "v": "via",
}
"""Compact names."""

_WRITTEN = {"call-id": "Call-ID", "cseq": "CSeq"}
"""Names are read in any case, but not by every telephone."""

_NEEDED = ("via", "from", "to", "call-id", "cseq")

_REQUEST = re.compile(r"([A-Z]{1,32}) ([^\s\x00-\x1f]{1,1024}) SIP/2\.0")
_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d) ([^\x00-\x1f]*)")
_NAME = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,64}")
_CSEQ = re.compile(r"(\d{1,10})\s+([A-Z]{1,32})")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

Headers = tuple[tuple[str, str], ...]
"""Names in small letters, in the order they came."""


class BadMessage(Exception):  # noqa: N818 - an error is named after what happened
    """The datagram is no SIP message; it is dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the other side asks for, or we of it."""

    method: str
    uri: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    def get(self, name: str) -> str:
        """The first of its name; empty where there is none."""
        return _first(self.headers, name)

    def all(self, name: str) -> tuple[str, ...]:
        """Every one of its name, in order."""
        return tuple(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came of a request."""

    status: int
    reason: str
    headers: Headers = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    def get(self, name: str) -> str:
        """The first of its name; empty where there is none."""
        return _first(self.headers, name)


Message = Request | Response


def read_message(data: bytes) -> Message:
    """One datagram.

    Raises:
        BadMessage: it is no SIP message, or lacks what every message has.
    """
    if len(data) > LARGEST_BYTES:
        raise BadMessage
    head, gap, body = data.partition(b"\r\n\r\n")
    if not gap:
        raise BadMessage
    first, headers = _head(head)
    body = _body(body, _first(headers, "content-length"))
    if request := _REQUEST.fullmatch(first):
        if cseq_of(headers)[1] != request[1]:
            raise BadMessage
        return Request(method=request[1], uri=request[2], headers=headers, body=body)
    if status := _STATUS.fullmatch(first):
        return Response(status=int(status[1]), reason=status[2], headers=headers, body=body)
    raise BadMessage


def write_message(message: Message) -> bytes:
    """The same as a datagram."""
    match message:
        case Request():
            first = f"{message.method} {message.uri} SIP/2.0"
        case Response():
            first = f"SIP/2.0 {message.status} {message.reason}"
    length = ("content-length", str(len(message.body)))
    lines = [first, *(f"{_WRITTEN.get(k, k.title())}: {v}" for k, v in (*message.headers, length))]
    return "\r\n".join([*lines, "", ""]).encode() + message.body


def cseq_of(headers: Headers) -> tuple[int, str]:
    """Number and method.

    Raises:
        BadMessage: it is none.
    """
    found = _CSEQ.fullmatch(_first(headers, "cseq"))
    if not found:
        raise BadMessage
    return int(found[1]), found[2]


def _head(head: bytes) -> tuple[str, Headers]:
    try:
        text = head.decode()
    except UnicodeDecodeError as err:
        raise BadMessage from err
    # A line that begins with a space goes on with the one before.
    first, *lines = re.sub(r"\r\n[ \t]+", " ", text).split("\r\n")
    if len(lines) > _MOST_HEADERS:
        raise BadMessage
    headers = tuple(_header(line) for line in lines)
    if any(not _first(headers, name) for name in _NEEDED):
        raise BadMessage
    cseq_of(headers)
    return first, headers


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name, value = name.strip().lower(), value.strip()
    if not colon or not _NAME.fullmatch(name) or _CONTROL.search(value):
        raise BadMessage
    return _LONG.get(name, name), value


def _body(body: bytes, length: str) -> bytes:
    """Without a length, everything in the datagram."""
    if not length:
        return body
    if not (length.isascii() and length.isdigit()) or int(length[:9]) > len(body):
        raise BadMessage
    return body[: int(length[:9])]


def _first(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key == name), "")
