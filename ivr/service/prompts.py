"""Prompts that gateways fetch: each under an address that nobody can guess, for some minutes."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from biometrics import Waveform
from ivr.service.openapi import audio

_KEEP = timedelta(minutes=5)
_MOST = 500
_TOKEN_BYTES = 32


class Published:
    """Keeps prompts in memory. One per process, safe from every thread."""

    def __init__(
        self, *, as_wav: Callable[[Waveform], bytes], clock: Callable[[], datetime]
    ) -> None:
        self._as_wav = as_wav
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()
        self._lock = Lock()

    def publish(self, sound: Waveform) -> str:
        """The path under which a prompt can be fetched now."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock()
        with self._lock:
            self._kept[token] = (now, self._as_wav(sound))
            while len(self._kept) > _MOST or next(iter(self._kept.values()))[0] < now - _KEEP:
                self._kept.popitem(last=False)
        return f"/prompts/{token}.wav"

    def get(self, token: str) -> bytes | None:
        """None for what was never there, or too long ago."""
        with self._lock:
            at, data = self._kept.get(token, (None, None))
        return data if at is not None and self._clock() - at <= _KEEP else None


def prompt_routes(published: Published) -> APIRouter:
    """`/prompts/`: whoever has the address may fetch it, as gateways show no token there."""
    prompts = APIRouter(prefix="/prompts", tags=["gateways"])

    # FreeSWITCH asks by HEAD before it fetches (mod_httapi.c, locate_url_file).
    @prompts.head("/{token}.wav", include_in_schema=False)
    @prompts.get("/{token}.wav", response_class=Response, responses=audio("The prompt"))
    async def prompt(token: str) -> Response:
        """A prompt, 8 kHz."""
        data = published.get(token)
        if data is None:
            raise HTTPException(404)
        return Response(data, media_type="audio/wav", headers={"Cache-Control": "no-store"})

    return prompts
