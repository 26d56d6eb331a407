"""Twilio's webhooks: signed forms come, TwiML goes back."""

import hashlib
import logging
import time
from collections.abc import Callable
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ivr.call import Language
from ivr.errors import BadSettings
from ivr.gateways.documented import answering, reading
from ivr.gateways.links import body_of
from ivr.gateways.tickets import Tickets
from ivr.gateways.twilio import telnyx
from ivr.gateways.twilio.desk import Desk, Hook
from ivr.gateways.twilio.media import media_routes
from ivr.gateways.twilio.signature import is_signed, shown_by, signed_text, tokens_of
from ivr.gateways.twilio.telnyx import keys_of
from ivr.live.reception import Reception
from ivr.settings import GatewaySettings

log = logging.getLogger(__name__)

_LARGEST_BYTES = 64 * 1024
_MOST_FIELDS = 200
_FORM = "application/x-www-form-urlencoded"


def routes(
    reception: Reception, settings: GatewaySettings, *, clock: Callable[[], float] = time.time
) -> APIRouter:
    """`/twilio/...` and `/ws/twilio`; nothing at all where no token is set.

    Raises:
        BadSettings: a token is set without the public address, which is part of what is signed.
    """
    twilio = APIRouter(tags=["gateways"])
    tokens, keys = tokens_of(settings.twilio.tokens), keys_of(settings.twilio.telnyx_keys)
    if not tokens and not keys:
        return twilio
    if not settings.public_url:
        raise BadSettings(
            "Set IVR_GATEWAYS__PUBLIC_URL to the address that Twilio calls: it signs that."
        )
    tickets = Tickets(clock, reception.tickets)
    desk = Desk(reception, settings, tickets)

    async def hook(request: Request) -> Response:
        body = await body_of(request, most_bytes=_LARGEST_BYTES)
        fields = _fields(body, request.headers.get("content-type", ""))
        # What was really asked for, byte by byte: Twilio signs the address as it wrote it.
        raw = request.scope["raw_path"].decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        url = settings.public_url.rstrip("/") + raw + (f"?{query}" if query else "")
        text = signed_text(fields)
        seen = telnyx.shown_by(request.headers)
        is_ours = (
            is_signed(shown_by(request.headers), url, text, tokens=tokens)
            if seen is None
            else telnyx.is_signed(seen, body, keys=keys, now_s=clock())
        )
        if not is_ours:
            log.warning("twilio refused", extra={"code": "not_signed"})
            raise HTTPException(403, "Sign the webhook with the account's auth token or key.")
        name = request.url.path.rpartition("/")[2]
        asked = Hook(
            fields=dict(fields),
            language=_language(request.query_params.get("lang", "")),
            step=_step(request.query_params.get("step", "")),
            sound=request.query_params.get("sound", ""),
            gateway="twilio" if seen is None else "telnyx",
            # Twilio's own token for what it tries again is in a header that nobody signs.
            event=hashlib.sha256(_signed(seen, url + text, body)).hexdigest(),
        )
        return Response(await desk.answer(name, asked), media_type="text/xml")

    for name in desk.hooks:
        twilio.add_api_route(
            f"/twilio/{name}",
            hook,
            methods=["POST"],
            name=f"twilio {name}",
            response_class=Response,
            responses=answering("text/xml", refusing=(403, 415)),
            openapi_extra=reading(_FORM),
        )
    twilio.include_router(media_routes(reception, tickets))
    return twilio


def _signed(seen: telnyx.Seen | None, text: str, body: bytes) -> bytes:
    """Of a request, what its signature covers: what is sent again may differ in the rest."""
    return text.encode() if seen is None else seen.seconds.encode() + b"|" + body


def _fields(body: bytes, content_type: str) -> list[tuple[str, str]]:
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, "Webhooks of Twilio are forms.")
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError as err:
        raise HTTPException(400, "The form cannot be read.") from err


def _language(lang: str) -> Language | None:
    return Language(lang) if lang in set(Language) else None


def _step(step: str) -> int:
    return int(step) if step.isascii() and step.isdigit() and len(step) <= 6 else 0  # noqa: PLR2004
