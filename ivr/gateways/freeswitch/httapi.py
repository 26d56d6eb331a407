"""mod_httapi: a form comes, with the recording of a turn or with a key, and a document goes back.

A prompt is one document and the recording behind it another, so that a key answers at once. While
nothing is said, recordings of a second follow each other until the caller is asked again.
"""

import asyncio
import base64
import binascii
import hmac
import logging
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from biometrics import Waveform
from ivr.call import CallId
from ivr.decide.dialogue import Dialogue
from ivr.errors import CallOver, HouseFull, RefusedRecording
from ivr.gateways.documented import answering
from ivr.gateways.freeswitch.calls import Call, Calls
from ivr.gateways.freeswitch.document import (
    document,
    handed_on,
    recorded,
    said,
    variables_of,
    waited,
)
from ivr.gateways.freeswitch.hit import ALL_KEYS, At, Hit, length_ms, mark_of, read_hit
from ivr.gateways.once import Once
from ivr.live.reception import Message, Reception
from ivr.live.wire import Ending, Incoming
from ivr.settings import GatewaySettings
from ivr.trace import trace

log = logging.getLogger(__name__)

_LONGEST_S = 15.0

_THEN_OVER = {"hangup_after_bridge": "true"}
"""Whoever has spoken to a person does not come back to the dialplan."""


def httapi_routes(reception: Reception, settings: GatewaySettings) -> APIRouter:
    """`/httapi` for who shows the secret; nothing at all where none is set."""
    httapi = APIRouter(tags=["gateways"])
    secret = settings.freeswitch.secret
    if not secret:
        return httapi
    desk = _Desk(reception, settings)

    async def hit(request: Request) -> Response:
        if not _may_enter(request.headers.get("authorization", ""), secret):
            log.warning("httapi refused", extra={"code": "not_allowed"})
            challenge = {"WWW-Authenticate": 'Basic realm="rufwerk"'}
            raise HTTPException(401, "Show the secret as password.", headers=challenge)
        read = await read_hit(request, secret)
        return Response(await desk.answer(read), media_type="text/xml")

    for method in ("GET", "POST"):  # one each, so that each is an operation of its own
        httapi.add_api_route(
            "/httapi",
            hit,
            methods=[method],
            name=f"httapi {method}",
            response_class=Response,
            responses=answering("text/xml", refusing=(401,)),
        )
    return httapi


class _Desk:
    def __init__(self, reception: Reception, settings: GatewaySettings) -> None:
        self._reception = reception
        self._settings = settings
        self._once: Once[bytes] = Once()
        self._calls = Calls(settings.live)

    async def answer(self, hit: Hit) -> bytes:
        """Whatever fails or takes too long, a document that brings the caller to a person."""
        try:
            async with asyncio.timeout(_LONGEST_S):
                key = (hit.session, hit.step, hit.is_exiting)
                return await self._once.answer(key, lambda: self._made(hit))
        except HouseFull as err:
            log.warning("httapi refused", extra={"code": err.code})
            return await self._ended(self._reception.fallback)
        except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
            log.error("httapi hit failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            return await self._ended(self._reception.fallback)

    async def _made(self, hit: Hit) -> bytes:
        if hit.is_exiting:
            self._calls.forget(hit.session)
            await self._reception.forget(CallId(hit.session))
            return document()
        if not hit.session:
            return await self._ended(self._reception.fallback)
        call = self._calls.of(hit.session)
        if hit.key:
            return await self._pressed(hit, call)
        match hit.at:
            case At.BEGINNING:
                _, sound = await self._reception.opening(hit.language)
                return await self._said(hit, call, sound, Dialogue())
            case At.PROMPT:
                return self._listens(hit, call)
            case At.TURN:
                return await self._heard(hit, call)
            case At.ROW:
                return await self._turn(hit, call, Message(keys=call.row))

    async def _pressed(self, hit: Hit, call: Call) -> bytes:
        if call.press(hit.key):
            return await self._turn(hit, call, Message(keys=call.row))
        wait_ms = self._settings.live.between_keys_ms
        return document(waited(self._next(hit, At.ROW), wait_ms=wait_ms))

    async def _heard(self, hit: Hit, call: Call) -> bytes:
        if call.has_spoken(length_ms(hit.audio) if hit.audio else 0):
            return await self._turn(hit, call, Message(audio=hit.audio))
        if call.is_silent:
            return await self._turn(hit, call, Message())
        return self._listens(hit, call)

    async def _turn(self, hit: Hit, call: Call, message: Message) -> bytes:
        incoming = _incoming(hit)
        message = replace(message, event=f"{hit.session} {hit.step}")
        try:
            answer = await self._reception.take(incoming, message)
        except CallOver:
            return await self._ended(await self._reception.ending(incoming.call_id))
        except RefusedRecording:
            answer = await self._reception.take(incoming, Message(event=message.event))
        if answer.result.action.type in ("say", "ask"):
            return await self._said(hit, call, answer.sound, answer.so_far.dialogue)
        return await self._ended(await self._reception.ending(incoming.call_id), answer.sound)

    async def _said(self, hit: Hit, call: Call, sound: Waveform, dialogue: Dialogue) -> bytes:
        call.ask(dialogue, self._settings.live)
        if not len(sound.samples):
            return self._listens(hit, call)
        return document(said(await self._published(sound), self._next(hit, At.PROMPT)))

    def _listens(self, hit: Hit, call: Call) -> bytes:
        address, step = self._next(hit, At.TURN), hit.step + 1
        secret = self._settings.freeswitch.secret
        at_keys = {
            key: f"{address}&mark={mark_of(key, hit.session, step, secret)}" for key in ALL_KEYS
        }
        return document(recorded(address, quiet_s=call.quiet_s, at_keys=at_keys))

    async def _ended(self, ending: Ending | None, sound: Waveform | None = None) -> bytes:
        ending = ending or self._reception.fallback
        prompt = await self._published(sound) if sound is not None and len(sound.samples) else ""
        return document(
            *handed_on(ending, prompt), variables={**variables_of(ending), **_THEN_OVER}
        )

    async def _published(self, sound: Waveform) -> str:
        return self._url(await self._reception.publish(sound))

    def _next(self, hit: Hit, at: At) -> str:
        """An address of its own for every document, so that a hit is known if it comes again."""
        language = hit.language.value if hit.language else ""
        return self._url(f"/httapi?lang={language}&at={at}&step={hit.step + 1}")

    def _url(self, path: str) -> str:
        return self._settings.public_url.rstrip("/") + path


def _incoming(hit: Hit) -> Incoming:
    return Incoming(
        call_id=CallId(hit.session),
        caller_id=hit.caller,
        language=hit.language,
        source=hit.called or "freeswitch",
        gateway="freeswitch",
    )


def _may_enter(authorization: str, secret: str) -> bool:
    scheme, _, credentials = authorization.partition(" ")
    try:
        pair = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return False
    shown = pair.partition(b":")[2]
    return scheme.lower() == "basic" and hmac.compare_digest(shown, secret.encode())
