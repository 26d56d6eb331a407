"""jambonz' webhooks: signed JSON comes, a list of verbs goes back.

Behind each verb that waits for us stand verbs that bring the caller to a person: jambonz goes on
with them where our answer does not come. Source: jambonz-feature-server, lib/tasks/task.js.
"""

import logging
import time
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from ivr.gateways.documented import answering, reading
from ivr.gateways.jambonz.desk import Desk
from ivr.gateways.jambonz.hook import read_hook
from ivr.gateways.jambonz.listen import listen_routes
from ivr.gateways.jambonz.signature import HEADER, is_signed, secrets_of
from ivr.gateways.links import body_of
from ivr.gateways.tickets import Tickets
from ivr.live.reception import Reception
from ivr.settings import GatewaySettings

log = logging.getLogger(__name__)

_LARGEST_BYTES = 128 * 1024
"""The first hook of a call holds the whole INVITE; everything else is smaller."""


def routes(
    reception: Reception, settings: GatewaySettings, *, clock: Callable[[], float] = time.time
) -> APIRouter:
    """`/jambonz/...` and `/ws/jambonz`; nothing at all where no secret is set.

    `clock` tells seconds since 1970.
    """
    jambonz = APIRouter(tags=["gateways"])
    secrets = secrets_of(settings.jambonz.secrets)
    if not secrets:
        return jambonz
    tickets = Tickets(clock, reception.tickets)
    desk = Desk(reception, settings, tickets)

    async def hook(request: Request) -> Response:
        body, signature = (
            await body_of(request, most_bytes=_LARGEST_BYTES),
            request.headers.get(HEADER, ""),
        )
        if not is_signed(signature, body, secrets=secrets, now_s=int(clock())):
            log.warning("jambonz refused", extra={"code": "not_signed"})
            raise HTTPException(401, "Sign the webhook with the account's secret.")
        name = request.url.path.rpartition("/")[2]
        read = read_hook(body, signature, request.query_params)
        return JSONResponse(await desk.answer(name, read))

    for name in desk.hooks:
        jambonz.add_api_route(
            f"/jambonz/{name}",
            hook,
            methods=["POST"],
            name=f"jambonz {name}",
            responses=answering("application/json", refusing=(401,)),
            openapi_extra=reading("application/json"),
        )
    jambonz.include_router(listen_routes(reception, tickets))
    return jambonz
