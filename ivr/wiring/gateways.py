"""The doors for gateways that are switched on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from anyio import CapacityLimiter
from fastapi import APIRouter

from ivr.call import Language
from ivr.front_desk import FrontDesk
from ivr.gateways.asterisk.audiosocket import serve_audiosocket
from ivr.gateways.asterisk.routes import routes as asterisk_routes
from ivr.gateways.asterisk.websocket import routes as asterisk_websocket_routes
from ivr.gateways.freeswitch.routes import routes as freeswitch_routes
from ivr.gateways.jambonz.routes import routes as jambonz_routes
from ivr.gateways.jambonz.speech import speech_routes
from ivr.gateways.phone.routes import routes as phone_routes
from ivr.gateways.sentences import Recognition
from ivr.gateways.sip.server import serve_sip
from ivr.gateways.twilio.routes import routes as twilio_routes
from ivr.gateways.vosk_server import Speaker, serve_vosk
from ivr.live.ear import Ear
from ivr.service.app import Server
from ivr.settings import GatewaySettings
from ivr.understand.recogniser import LiveHearing

_THREADS = 8
"""Sentences that are recognised for others at the same time; the lane behind them is shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """For gateways that only want to know what was said."""

    hearing: Callable[[Language | None], LiveHearing]
    ear: Callable[[], Ear]
    speaker: Speaker


def gateway_routes(desk: FrontDesk, ears: Ears, settings: GatewaySettings) -> tuple[APIRouter, ...]:
    """What is answered over HTTP and WebSocket."""
    return tuple(_routes(desk, ears, settings))


def gateway_servers(desk: FrontDesk, ears: Ears, settings: GatewaySettings) -> tuple[Server, ...]:
    """What listens on sockets of its own."""
    return tuple(_servers(desk, ears, settings))


def _routes(desk: FrontDesk, ears: Ears, settings: GatewaySettings) -> Iterator[APIRouter]:
    yield asterisk_routes(desk)
    yield asterisk_websocket_routes(desk)
    yield jambonz_routes(desk, settings)
    yield speech_routes(ears.hearing, ears.ear, settings)
    yield twilio_routes(desk, settings)
    yield freeswitch_routes(desk, settings)
    yield phone_routes(desk, settings.phone)


def _servers(desk: FrontDesk, ears: Ears, settings: GatewaySettings) -> Iterator[Server]:
    if settings.vosk_server.port:
        recognition = Recognition(
            hearing=ears.hearing,
            ear=ears.ear,
            settings=settings.live,
            limiter=CapacityLimiter(_THREADS),
        )
        most = settings.live.most_calls
        yield partial(
            serve_vosk, recognition, settings.vosk_server, speaker=ears.speaker, most=most
        )
    if settings.audiosocket.port:
        yield partial(serve_audiosocket, desk, settings.audiosocket)
    if settings.sip.port:
        yield partial(serve_sip, desk, settings.sip)
