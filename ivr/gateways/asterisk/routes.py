"""What a dialplan tells before a call's sound comes, and asks when it is over."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Header, Path, Query
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import WithJsonSchema

from ivr.call import CallId, Language
from ivr.gateways.priority import asterisk_queue_prio
from ivr.live.reception import Reception
from ivr.live.wire import Ending, Incoming

_FORM = "application/x-www-form-urlencoded"

_Call = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:@+-]{1,128}$")]
"""A UUID, which AudioSocket demands, or the id of a channel."""

_LONGEST_SOURCE = 128

_YES_OR_NO = ("1", "0", "true", "false")
_Asked = Annotated[bool, WithJsonSchema({"type": "string", "enum": [*_YES_OR_NO]})]
_Filled = Annotated[bool, WithJsonSchema({"type": "string", "enum": ["", *_YES_OR_NO]}), Form()]
"""As dialplans write it; a field that is left empty is not told."""


def routes(reception: Reception) -> APIRouter:
    """`/v1/asterisk/calls`, behind the service's token."""
    asterisk = APIRouter(prefix="/v1/asterisk", tags=["gateways"])

    async def announce(told: Incoming) -> Response:
        await reception.announce(told)
        return PlainTextResponse("OK")

    @asterisk.get("/calls/{call}", response_class=PlainTextResponse)
    async def announced(
        call: _Call,
        from_: Annotated[str, Query(alias="from")] = "",
        lang: str = "",
        source: Annotated[str, Query(max_length=_LONGEST_SOURCE)] = "",
        record: _Asked = False,  # noqa: FBT002 - a field of the query
    ) -> Response:
        """CURL() with one argument asks like this."""
        told = read_incoming(call, from_, lang, source)
        return await announce(replace(told, may_record=record))

    @asterisk.post("/calls/{call}", response_class=PlainTextResponse)
    async def announced_by_form(
        call: _Call,
        from_: Annotated[str, Form(alias="from")] = "",
        lang: Annotated[str, Form()] = "",
        source: Annotated[str, Form(max_length=_LONGEST_SOURCE)] = "",
        record: _Filled = False,  # noqa: FBT002 - a field of the form
    ) -> Response:
        """CURL() with two arguments sends a form."""
        told = read_incoming(call, from_, lang, source)
        return await announce(replace(told, may_record=record))

    @asterisk.get("/calls/{call}/result", responses={200: {"content": {_FORM: {}}}})
    async def result(call: str, accept: Annotated[str, Header()] = "") -> Response:
        """What to do now that the sound is over; whoever is not known goes to people."""
        told = _told(await reception.ending(read_call_id(call)) or reception.fallback)
        if "application/json" in accept:
            return JSONResponse(told)
        # CURL with hashcompat=yes takes a plus for what it is.
        return Response(urlencode(told, quote_via=quote), media_type=_FORM)

    return asterisk


def read_call_id(text: str) -> CallId:
    """A UUID is the same call however it is written; other ids are taken as they are."""
    try:
        return CallId(str(UUID(text)))
    except ValueError:
        return CallId(text)


def read_incoming(call: str, caller_id: str, lang: str, source: str) -> Incoming:
    """What Asterisk tells of a call; empty is not told."""
    return Incoming(
        call_id=read_call_id(call),
        caller_id=caller_id or None,
        language=_language(lang),
        source=source or "asterisk",
        gateway="asterisk",
    )


def _language(text: str) -> Language | None:
    """What is neither German nor English is left to be found out."""
    short = text.lower().replace("_", "-").split("-")[0]
    return Language(short) if short in set(Language) else None


def _told(ending: Ending) -> dict[str, str]:
    return {
        "action": ending.type,
        "queue": ending.queue or "",
        "prio": str(asterisk_queue_prio(ending.priority or 0)),
        "lang": ending.language.value,
        "verified": "1" if ending.is_verified else "0",
        "context": ending.context_token or "",
    }
