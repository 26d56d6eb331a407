"""Which sound is exchanged: what was offered, and what we answer (RFC 8866, RFC 3264)."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

Law = Literal["mulaw", "alaw"]
Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]

_LAWS: dict[str, Law] = {"PCMU/8000": "mulaw", "PCMA/8000": "alaw"}
_NAMES = {law: name for name, law in _LAWS.items()}
_STATIC = {0: "PCMU/8000", 8: "PCMA/8000"}
_KEYS = "TELEPHONE-EVENT/8000"

_ANSWERED: dict[str, Direction] = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}

_MEDIA = re.compile(r"(\w{1,16}) (\d{1,5})(?:/\d+)? ([\w/]{1,32}) ([\w ]{1,256})")
_MAP = re.compile(r"rtpmap:(\d{1,3}) ([\w-]{1,32}/\d{1,6})(?:/1)?")
_ADDRESS = re.compile(r"IN IP[46] ([0-9A-Fa-f.:]{2,45})")

_MOST_LINES = 300


class NotAcceptable(Exception):  # noqa: N818 - an error is named after what happened
    """Nothing was offered that we can talk in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The stream that we take of what was offered."""

    host: str
    port: int
    law: Law
    payload_type: int
    keys_type: int | None
    """Of RFC 4733 events; None where keys come otherwise."""

    direction: Direction
    media: tuple[str, ...]
    """Every stream as it was offered: each has to be answered."""

    chosen: int
    """Its place among them."""


@dataclass(slots=True, kw_only=True)
class _Stream:
    line: str
    host: str
    direction: str
    maps: dict[int, str]


def read_offer(body: bytes) -> Offer:
    """The first stream of sound that we can talk in.

    Raises:
        NotAcceptable: there is none.
    """
    streams = _streams(body)
    for place, stream in enumerate(streams):
        if offer := _acceptable(stream, place, tuple(one.line for one in streams)):
            return offer
    raise NotAcceptable


def write_answer(offer: Offer, *, host: str, port: int, version: int) -> bytes:
    """Our side of it; every other stream is declined."""
    kind = "IP6" if ":" in host else "IP4"
    lines = [
        "v=0",
        f"o=rufwerk {port} {version} IN {kind} {host}",
        "s=-",
        f"c=IN {kind} {host}",
        "t=0 0",
    ]
    for place, line in enumerate(offer.media):
        lines += _accepted(offer, port) if place == offer.chosen else [_declined(line)]
    return "\r\n".join([*lines, ""]).encode()


def _accepted(offer: Offer, port: int) -> list[str]:
    types = [offer.payload_type, *([] if offer.keys_type is None else [offer.keys_type])]
    lines = [
        f"m=audio {port} RTP/AVP {' '.join(map(str, types))}",
        f"a=rtpmap:{offer.payload_type} {_NAMES[offer.law]}",
    ]
    if offer.keys_type is not None:
        lines += [
            f"a=rtpmap:{offer.keys_type} telephone-event/8000",
            f"a=fmtp:{offer.keys_type} 0-15",
        ]
    return [*lines, "a=ptime:20", f"a={_ANSWERED[offer.direction]}"]


def _declined(line: str) -> str:
    kind, _, rest = line.partition(" ")
    return f"m={kind} 0 {rest.partition(' ')[2]}"


def _streams(body: bytes) -> list[_Stream]:
    lines = body.decode("utf-8", "replace").splitlines()
    if len(lines) > _MOST_LINES:
        raise NotAcceptable
    host, direction = "", "sendrecv"
    streams: list[_Stream] = []
    for kind, value in (line.split("=", 1) for line in lines if line[1:2] == "="):
        if kind == "m":
            if not _MEDIA.fullmatch(value):
                raise NotAcceptable
            streams.append(_Stream(line=value, host=host, direction=direction, maps={}))
        elif kind == "c" and (found := _ADDRESS.match(value)):
            host = _note_host(streams, found[1]) or host
        elif kind == "a" and value in _ANSWERED:
            direction = _note_direction(streams, value) or direction
        elif kind == "a" and streams and (found := _MAP.fullmatch(value.strip())):
            streams[-1].maps[int(found[1])] = found[2].upper()
    return streams


def _note_host(streams: list[_Stream], host: str) -> str:
    """Of the latest stream; before the first of them it is said for all."""
    if not streams:
        return host
    streams[-1].host = host
    return ""


def _note_direction(streams: list[_Stream], direction: str) -> str:
    if not streams:
        return direction
    streams[-1].direction = direction
    return ""


def _acceptable(stream: _Stream, place: int, media: tuple[str, ...]) -> Offer | None:
    found = _MEDIA.fullmatch(stream.line)
    if not found or found[1] != "audio" or found[3] != "RTP/AVP" or not _is_host(stream.host):
        return None
    types = [int(one) for one in found[4].split() if one.isdigit()]
    names = {one: stream.maps.get(one, _STATIC.get(one, "")) for one in types}
    talked = next((one for one in types if names[one] in _LAWS), None)
    port = int(found[2])
    if talked is None or not 0 < port < 2**16:
        return None
    return Offer(
        host=stream.host,
        port=port,
        law=_LAWS[names[talked]],
        payload_type=talked,
        keys_type=next((one for one in types if names[one] == _KEYS), None),
        direction=_direction(stream),
        media=media,
        chosen=place,
    )


def _direction(stream: _Stream) -> Direction:
    """An address of zeros holds the call, as it was done before directions (RFC 2543)."""
    if stream.host == "0.0.0.0":  # noqa: S104 - read, not listened on
        return "sendonly"
    match stream.direction:
        case "sendonly" | "recvonly" | "inactive" as direction:
            return direction
        case _:
            return "sendrecv"


def _is_host(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False
