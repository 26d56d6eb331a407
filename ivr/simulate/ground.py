"""The service to be called: this house on loopback with every door open, or one that runs."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import uvicorn

from ivr.errors import BadSettings, NobodyAnswers
from ivr.gateways.asterisk.audiosocket import serve_audiosocket
from ivr.settings import AudioSocketSettings, GatewaySettings, Settings, VoskServerSettings
from ivr.simulate.leg import Door, Unanswered
from ivr.wiring import House

_HERE = "127.0.0.1"

_PORTS = range(20_000, 32_000)
"""Below those that systems hand out to whoever asks for any."""

_TRIES = 100


def open_for_all(settings: Settings, *, is_fast: bool) -> tuple[Settings, Door]:
    """Settings under which every gateway may call, and how. The secrets are drawn anew.

    Raises:
        NobodyAnswers: nothing more can be listened to on this machine.
    """
    port = _free_port()
    door = Door(
        url=f"http://{_HERE}:{port}",
        audiosocket_port=_free_port(),
        vosk_port=_free_port(),
        token=secrets.token_hex(24),
        jambonz_secret=secrets.token_hex(24),
        twilio_token=secrets.token_hex(24),
        freeswitch_secret=secrets.token_hex(24),
    )
    given = settings.gateways
    gateways: GatewaySettings = replace(
        given,
        public_url=door.url,
        live=replace(given.live, pacing="lockstep" if is_fast else "clock"),
        audiosocket=AudioSocketSettings(),
        vosk_server=VoskServerSettings(port=door.vosk_port),
        jambonz=replace(given.jambonz, secrets=door.jambonz_secret, mode="stream"),
        twilio=replace(given.twilio, tokens=door.twilio_token, mode="stream"),
        freeswitch=replace(given.freeswitch, secret=door.freeswitch_secret),
    )
    service = replace(settings.service, host=_HERE, port=port, token=door.token)
    return replace(settings, gateways=gateways, service=service), door


def running(settings: Settings, address: str) -> Door:
    """A service that runs at this address with these settings, and so with these secrets.

    Raises:
        BadSettings: it is no address of a service.
    """
    given = settings.gateways
    return Door(
        url=_base_of(address),
        public_url=given.public_url.rstrip("/"),
        audiosocket_port=given.audiosocket.port,
        vosk_port=given.vosk_server.port,
        token=settings.service.token or "",
        jambonz_secret=_first(given.jambonz.secrets),
        twilio_token=_first(given.twilio.tokens),
        freeswitch_secret=given.freeswitch.secret,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A house that is called where it can be watched."""

    house: House
    door: Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A service that runs already, of which only answers are seen."""

    door: Door


Called = Ground | Elsewhere


@asynccontextmanager
async def served(ground: Ground) -> AsyncIterator[None]:
    """The house answers until left.

    Raises:
        Unanswered: it does not begin to.
    """
    house, door = ground.house, ground.door
    config = uvicorn.Config(
        house.service(),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    async with AsyncExitStack() as stack:
        audiosocket = AudioSocketSettings(port=door.audiosocket_port)
        try:
            await stack.enter_async_context(serve_audiosocket(house.front_desk, audiosocket))
            # uvicorn by itself would end the process.
            listening = socket.create_server((_HERE, house.settings.service.port))
        except OSError as err:
            raise Unanswered("The service does not start: its port is taken.") from err
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started:
                if serving.done():
                    serving.result()
                    raise Unanswered("The service does not start.")
                await asyncio.sleep(0.01)
            yield
        finally:
            server.should_exit = True
            await asyncio.wait([serving])


def _base_of(address: str) -> str:
    try:
        parts = urlsplit(address if "//" in address else f"http://{address}")
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        is_whole = False
    if not is_whole or parts.scheme not in ("http", "https") or parts.path not in ("", "/"):
        raise BadSettings("The address of a service looks like http://127.0.0.1:8080.")
    return f"{parts.scheme}://{parts.netloc}"


def _first(several: str) -> str:
    return several.partition(",")[0].strip()


def _free_port() -> int:
    """Nobody else is given it by the system before it is listened to."""
    for _ in range(_TRIES):
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((_HERE, port))
            return port
    raise NobodyAnswers("No port of this machine is free: end other services first.")
