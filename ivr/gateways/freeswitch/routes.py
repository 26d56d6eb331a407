"""Everything that FreeSWITCH asks over HTTP and WebSocket."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Path
from fastapi.responses import JSONResponse, Response

from ivr.call import CallId
from ivr.gateways.documented import answering
from ivr.gateways.freeswitch.document import application_of, variables_of
from ivr.gateways.freeswitch.httapi import httapi_routes
from ivr.gateways.freeswitch.streams import stream_routes
from ivr.live.reception import Reception
from ivr.settings import GatewaySettings


def routes(reception: Reception, settings: GatewaySettings) -> APIRouter:
    """`/httapi`, `/ws/audio-fork`, `/ws/audio-stream` and `/v1/freeswitch/calls/{id}/result`."""
    freeswitch = APIRouter(tags=["gateways"])

    @freeswitch.get(
        "/v1/freeswitch/calls/{call}/result",
        responses=answering("application/json", "application/x-www-form-urlencoded"),
    )
    async def result(
        call: Annotated[str, Path(max_length=128)], accept: Annotated[str, Header()] = ""
    ) -> Response:
        """What to do now that the stream is over; whoever is not known goes to people."""
        ending = await reception.ending(CallId(call)) or reception.fallback
        application, data = application_of(ending)
        told = {
            "action": ending.type,
            "queue": ending.queue or "",
            "application": application,
            "data": data,
            **variables_of(ending),
        }
        if "application/json" in accept:
            return JSONResponse(told)
        return Response(urlencode(told), media_type="application/x-www-form-urlencoded")

    freeswitch.include_router(httapi_routes(reception, settings))
    freeswitch.include_router(stream_routes(reception))
    return freeswitch
