"""The doors for gateways that are switched on."""

from collections.abc import Iterator
from functools import partial

from fastapi import APIRouter

from ivr.front_desk import FrontDesk
from ivr.gateways.asterisk import routes as asterisk_routes
from ivr.gateways.audiosocket import serve_audiosocket
from ivr.gateways.phone.routes import routes as phone_routes
from ivr.gateways.sip.server import serve_sip
from ivr.service.app import Server
from ivr.settings import GatewaySettings


def gateway_routes(desk: FrontDesk, settings: GatewaySettings) -> tuple[APIRouter, ...]:
    """What is answered over HTTP and WebSocket."""
    return tuple(_routes(desk, settings))


def gateway_servers(desk: FrontDesk, settings: GatewaySettings) -> tuple[Server, ...]:
    """What listens on sockets of its own."""
    return tuple(_servers(desk, settings))


def _routes(desk: FrontDesk, settings: GatewaySettings) -> Iterator[APIRouter]:
    yield asterisk_routes(desk)
    yield phone_routes(desk, settings.phone)


def _servers(desk: FrontDesk, settings: GatewaySettings) -> Iterator[Server]:
    if settings.audiosocket.port:
        yield partial(serve_audiosocket, desk, settings.audiosocket)
    if settings.sip.port:
        yield partial(serve_sip, desk, settings.sip)
