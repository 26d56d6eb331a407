"""One file over HTTP, taken up again where an earlier try stopped."""

import http.client
import urllib.error
import urllib.request
from pathlib import Path

from ivr.models.content import CHUNK_BYTES, digest_of, size_of
from ivr.models.failure import SourceFailed
from ivr.models.model import Archive
from ivr.models.progress import Progress

TRIES = 4
"""A broken connection is taken up again this often before the source counts as failed."""

SILENCE_S = 30
"""Longest wait for the next bytes."""

_BROKEN = (http.client.HTTPException, OSError)
"""What a connection fails with; caught only where no file is touched."""


def download(url: str, wanted: Archive, target: Path, progress: Progress) -> None:
    """Get `url` into `target`; what is kept of an interrupted try lies beside it, as `.part`.

    Raises:
        SourceFailed: it cannot be reached, ends early, or is not the pinned content.
    """
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    was_resumed = bool(size_of(part))
    for tries_left in reversed(range(TRIES)):
        if _is_whole(part, url, wanted, progress):
            break
        if not tries_left:
            raise SourceFailed("the connection broke again and again; try later, it resumes")
    if digest_of(part) == wanted.sha256:
        part.replace(target)
        return
    part.unlink()
    if not was_resumed:
        raise SourceFailed("its content is not the one the catalogue pins (sha256)")
    download(url, wanted, target, progress)


def _is_whole(part: Path, url: str, wanted: Archive, progress: Progress) -> bool:
    """Append what is still missing. False where the connection broke and may be taken up again."""
    have = size_of(part) or 0
    progress.step(wanted.file, wanted.size_bytes)
    progress.reached(have)
    if have and have == wanted.size_bytes:
        return True
    reply = _ask(url, have)
    if reply is None:
        part.unlink(missing_ok=True)
        return False
    with reply:
        start = have if reply.status == http.HTTPStatus.PARTIAL_CONTENT else 0
        expected = wanted.size_bytes or _announced(reply, start)
        return _write(reply, part, start, expected, progress)


def _ask(url: str, have: int) -> http.client.HTTPResponse | None:
    """The server's reply; None where it has nothing from there on, so the rest we have is wrong."""
    if not url.startswith(("https://", "http://")):
        raise SourceFailed("its address is no web address")
    headers = {"Range": f"bytes={have}-"} if have else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked above
    try:
        reply: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=SILENCE_S)  # noqa: S310
    except urllib.error.HTTPError as err:
        err.close()
        if err.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return None
        raise SourceFailed(f"the server answered {err.code}") from err
    except _BROKEN as err:
        raise SourceFailed("it could not be reached (is this machine on the internet?)") from err
    return reply


def _announced(reply: http.client.HTTPResponse, start: int) -> int | None:
    length = reply.headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else None


def _write(
    reply: http.client.HTTPResponse,
    part: Path,
    start: int,
    expected: int | None,
    progress: Progress,
) -> bool:
    done = start
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        while chunk := _next(reply):
            file.write(chunk)
            done += len(chunk)
            progress.reached(done)
            if expected is not None and done > expected:
                raise SourceFailed("it sends more than the catalogue says there is")
    return expected is None or done == expected


def _next(reply: http.client.HTTPResponse) -> bytes:
    """More bytes; none at the end, and none where the connection broke: the count tells which."""
    try:
        return reply.read1(CHUNK_BYTES)
    except _BROKEN:
        return b""
