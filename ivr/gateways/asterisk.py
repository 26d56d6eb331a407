"""What a dialplan tells before a call's sound comes, and asks when it is over."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Header, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from ivr.call import CallId, Language
from ivr.gateways.priority import asterisk_queue_prio
from ivr.live.reception import Reception
from ivr.live.wire import Ending, Incoming


def routes(reception: Reception) -> APIRouter:
    """`/v1/asterisk/calls`, behind the service's token."""
    asterisk = APIRouter(prefix="/v1/asterisk", tags=["gateways"])

    def announce(call: UUID, caller_id: str, lang: str, *, may_record: bool) -> Response:
        reception.announce(
            Incoming(
                call_id=CallId(str(call)),
                caller_id=caller_id,
                language=_language(lang),
                source="asterisk",
                may_record=may_record,
            )
        )
        return PlainTextResponse("OK")

    @asterisk.get("/calls/{call}", response_class=PlainTextResponse)
    async def announced(
        call: UUID,
        from_: Annotated[str, Query(alias="from")] = "",
        lang: str = "",
        record: bool = False,  # noqa: FBT001, FBT002 - a field of the query
    ) -> Response:
        """CURL() with one argument asks like this."""
        return announce(call, from_, lang, may_record=record)

    @asterisk.post("/calls/{call}", response_class=PlainTextResponse)
    async def announced_by_form(
        call: UUID,
        from_: Annotated[str, Form(alias="from")] = "",
        lang: Annotated[str, Form()] = "",
        record: Annotated[bool, Form()] = False,  # noqa: FBT002 - a field of the form
    ) -> Response:
        """CURL() with two arguments sends a form."""
        return announce(call, from_, lang, may_record=record)

    @asterisk.get("/calls/{call}/result")
    async def result(
        request: Request, call: UUID, accept: Annotated[str, Header()] = ""
    ) -> Response:
        """What to do now that the sound is over; whoever is not known goes to people."""
        del request
        ending = reception.ending(CallId(str(call))) or reception.fallback
        told = _told(ending)
        if "application/json" in accept:
            return JSONResponse(told)
        return Response(urlencode(told), media_type="application/x-www-form-urlencoded")

    return asterisk


def _told(ending: Ending) -> dict[str, str]:
    return {
        "action": ending.type,
        "queue": ending.queue or "",
        "prio": str(asterisk_queue_prio(ending.priority or 0)),
        "lang": ending.language.value,
        "verified": "1" if ending.is_verified else "0",
        "context": ending.context_token or "",
    }


def _language(lang: str) -> Language | None:
    """What is neither German nor English is left to be found out."""
    short = lang.lower().replace("_", "-").split("-")[0]
    return Language(short) if short in set(Language) else None
