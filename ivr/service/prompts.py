"""Prompts that gateways fetch: each under an address that nobody can guess, for some minutes."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from anyio.to_thread import run_sync
from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from biometrics import Waveform
from ivr.lately import Lately, Remembered
from ivr.service.openapi import audio

_KEEP = timedelta(minutes=5)
_MOST = 500
_TOKEN_BYTES = 32


class Published:
    """Keeps prompts. One per process, safe from every thread."""

    def __init__(
        self,
        *,
        as_wav: Callable[[Waveform], bytes],
        clock: Callable[[], datetime],
        kept: Remembered[str, bytes] | None = None,
    ) -> None:
        """`kept` is where other workers find them; None keeps them in memory."""
        self._as_wav = as_wav
        self._kept: Remembered[str, bytes] = kept or Lately(_KEEP, clock, most=_MOST)

    def publish(self, sound: Waveform) -> str:
        """The path under which a prompt can be fetched now."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._kept.put(token, self._as_wav(sound))
        return f"/prompts/{token}.wav"

    def get(self, token: str) -> bytes | None:
        """None for what was never there, or too long ago."""
        return self._kept.get(token)


def prompt_routes(published: Published) -> APIRouter:
    """`/prompts/`: whoever has the address may fetch it, as gateways show no token there."""
    prompts = APIRouter(prefix="/prompts", tags=["gateways"])

    # FreeSWITCH asks by HEAD before it fetches (mod_httapi.c, locate_url_file).
    @prompts.head("/{token}.wav", include_in_schema=False)
    @prompts.get("/{token}.wav", response_class=Response, responses=audio("The prompt"))
    async def prompt(token: str) -> Response:
        """A prompt, 8 kHz."""
        data = await run_sync(published.get, token)
        if data is None:
            raise HTTPException(404)
        return Response(data, media_type="audio/wav", headers={"Cache-Control": "no-store"})

    return prompts
