"""mod_httapi: a form comes, with the recording of a turn, and a document goes back."""

import asyncio
import base64
import binascii
import hmac
import logging
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, QueryParams, UploadFile
from starlette.exceptions import HTTPException

from ivr.call import CallId, Language
from ivr.decide.dialogue import Dialogue
from ivr.errors import CallOver, RefusedRecording
from ivr.gateways.freeswitch.document import TURN, document, handed_on, turn, variables_of
from ivr.gateways.once import Once
from ivr.live.patience import Patience
from ivr.live.reception import Message, Reception
from ivr.live.wire import Ending, Incoming
from ivr.settings import GatewaySettings
from ivr.trace import trace
from ivr.turn import Answer, Awaited

log = logging.getLogger(__name__)

_LONGEST_S = 15.0
_MOST_FIELDS = 1_000
"""With extended data on, FreeSWITCH sends everything it knows of a channel."""

_KEYS = frozenset("0123456789*#")
_MOST_KEYS = 32


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
        asked = await _asked(request)
        return Response(await desk.answer(asked), media_type="text/xml")

    httapi.add_api_route("/httapi", hit, methods=["GET", "POST"], name="httapi")
    return httapi


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One hit, whoever sent it known."""

    session: str
    caller: str = field(repr=False)
    called: str
    language: Language | None
    step: int
    """0 where the call begins."""

    is_exiting: bool
    message: Message


class _Desk:
    def __init__(self, reception: Reception, settings: GatewaySettings) -> None:
        self._reception = reception
        self._settings = settings
        self._once: Once[bytes] = Once()

    async def answer(self, asked: _Asked) -> bytes:
        """Whatever fails or takes too long, a document that brings the caller to a person."""
        try:
            async with asyncio.timeout(_LONGEST_S):
                key = (asked.session, asked.step, asked.is_exiting)
                return await self._once.answer(key, lambda: self._made(asked))
        except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
            log.error("httapi hit failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            return self._ended(self._reception.fallback)

    async def _made(self, asked: _Asked) -> bytes:
        incoming = Incoming(
            call_id=CallId(asked.session),
            caller_id=asked.caller,
            language=asked.language,
            source=asked.called or "freeswitch",
        )
        if asked.is_exiting:
            self._reception.forget(incoming.call_id)
            return document()
        if not asked.session:
            return self._ended(self._reception.fallback)
        if asked.step == 0:
            _, sound = await self._reception.opening(asked.language)
            return self._asks((self._url(self._reception.publish(sound)),), Dialogue(), asked)
        return await self._turn(asked, incoming)

    async def _turn(self, asked: _Asked, incoming: Incoming) -> bytes:
        try:
            answer = await self._reception.take(incoming, asked.message)
        except CallOver:
            return self._ended(self._reception.ending(incoming.call_id))
        except RefusedRecording:
            answer = await self._reception.take(incoming, Message())
        prompts = self._prompts(answer)
        if answer.result.action.type in ("say", "ask"):
            return self._asks(prompts, answer.so_far.dialogue, asked)
        return self._ended(self._reception.ending(incoming.call_id), prompts)

    def _asks(self, prompts: tuple[str, ...], dialogue: Dialogue, asked: _Asked) -> bytes:
        awaited = Awaited(language=None, dialogue=dialogue, needs_time=dialogue.is_slow)
        language = asked.language.value if asked.language else ""
        address = self._url(f"/httapi?lang={language}&step={asked.step + 1}")
        return document(*turn(prompts, Patience(self._settings.live, awaited), address))

    def _ended(self, ending: Ending | None, prompts: tuple[str, ...] = ()) -> bytes:
        ending = ending or self._reception.fallback
        return document(*handed_on(ending, prompts), variables=variables_of(ending))

    def _prompts(self, answer: Answer) -> tuple[str, ...]:
        sound = answer.sound
        return (self._url(self._reception.publish(sound)),) if len(sound.samples) else ()

    def _url(self, path: str) -> str:
        return self._settings.public_url.rstrip("/") + path


def _may_enter(authorization: str, secret: str) -> bool:
    scheme, _, credentials = authorization.partition(" ")
    try:
        pair = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return False
    shown = pair.partition(b":")[2]
    return scheme.lower() == "basic" and hmac.compare_digest(shown, secret.encode())


async def _asked(request: Request) -> _Asked:
    """What mod_httapi sends, as a form or in the address."""
    if request.method != "POST":
        return await _read(FormData(), request.query_params)
    async with request.form(max_files=2, max_fields=_MOST_FIELDS) as form:
        return await _read(form, request.query_params)


async def _read(form: FormData, query: QueryParams) -> _Asked:
    def text(name: str) -> str:
        value = form.get(name)
        return value if isinstance(value, str) else query.get(name, "")

    lang, step = query.get("lang", ""), query.get("step", "")
    upload = form.get(TURN)
    keys = "".join(key for key in text(TURN) if key in _KEYS)[:_MOST_KEYS]
    audio = await upload.read() if isinstance(upload, UploadFile) else b""
    return _Asked(
        session=text("session_id")[:128],
        caller=text("Caller-Caller-ID-Number"),
        called=text("Caller-Destination-Number"),
        language=Language(lang) if lang in set(Language) else None,
        step=int(step) if step.isascii() and step.isdigit() and len(step) < 6 else 0,  # noqa: PLR2004
        is_exiting=text("exiting") == "true",
        message=Message(keys=keys) if keys else Message(audio=audio),
    )
