"""Who is meant: the values of From, To, Contact and Via."""

import re
from urllib.parse import unquote

_TAG = re.compile(r";\s*tag\s*=\s*([A-Za-z0-9.!%*_+`'~-]{1,128})", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]{1,256})", re.IGNORECASE)
_RPORT = re.compile(r";\s*rport(?=\s*(;|,|$))", re.IGNORECASE)
_URI = re.compile(r"(?:sips?:(?:([^@\s<>]{1,128})@)?|tel:([^@;\s<>]{1,128}))", re.IGNORECASE)
_COMMA = re.compile(r",(?=(?:[^\"<>]|\"[^\"]*\"|<[^<>]*>)*$)")


def uri_of(value: str) -> str:
    """Of `"Klaus" <sip:+4989123456@10.0.0.7>;tag=1` or without brackets; empty where none is."""
    if "<" in value:
        return value.rpartition("<")[2].partition(">")[0].strip()
    return value.partition(";")[0].strip()


def user_of(uri: str) -> str:
    """Before the @, or the number of a tel address; empty where none is."""
    found = _URI.match(uri)
    if not found:
        return ""
    user = (found[1] or found[2] or "").partition(";")[0].partition(":")[0]
    return unquote(user)


def tag_of(value: str) -> str:
    """The other side's half of a dialog's id; empty where none is."""
    found = _TAG.search(value.rpartition(">")[2] if ">" in value else value)
    return found[1] if found else ""


def branch_of(via: str) -> str:
    """What names a transaction; empty where none is."""
    found = _BRANCH.search(via)
    return found[1] if found else ""


def parts_of(values: tuple[str, ...]) -> tuple[str, ...]:
    """Values that were joined by commas, one by one."""
    return tuple(part.strip() for value in values for part in _COMMA.split(value) if part.strip())


def seen_from(via: str, address: tuple[str, int]) -> str:
    """The topmost Via, with where the request really came from (RFC 3581)."""
    host, port = address
    top, comma, others = via.partition(",")
    told = _RPORT.sub(f";rport={port}", top)
    return f"{told};received={host}{comma}{others}"
