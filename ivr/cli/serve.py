"""`ivr serve`: the HTTP endpoint."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.checkup.finding import Finding
    from ivr.wiring import House

_LARGEST_MESSAGE_BYTES = 256 * 1024
"""Of a WebSocket. Gateways send 20 ms at a time; Asterisk at most 65,500 bytes."""

_LARGEST_HEAD_BYTES = 16 * 1024

_SHORTEST_TOKEN = 24
"""Of letters and digits at random: more than 128 bits."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 0,
    pack: Annotated[str, typer.Option(help="airline, bank, telecom, retail or a file.")] = "",
) -> None:
    """Answer calls over HTTP until stopped."""
    from ivr.wiring import House

    house = House.from_environment(pack=pack)
    settings = house.settings.service
    address = host or settings.host
    refuse_open_door(address, token=settings.token, has_keys=bool(house.api_keys.keys.all()))
    answer_calls(house, address, port or settings.port)


def answer_calls(house: "House", host: str, port: int) -> None:
    """Until stopped."""
    import uvicorn

    from ivr.cli.ending import end_well
    from ivr.cli.waiting import waiting
    from ivr.service.draining_server import DrainingServer
    from ivr.service.loaded import keep_what_is_loaded
    from ivr.wiring.checking import Address

    options = server_options(house.settings)
    with waiting("Looking whether everything is well"):
        checked = house.checking.before_calls(Address(host=host, port=port))
    _tell(checked)
    with waiting("Loading models"):
        service = house.service()
    with waiting("Speaking the fixed prompts; the first time takes some seconds"):
        house.warm_up()
        keep_what_is_loaded()
    config = uvicorn.Config(service, host=host, port=port, **options)
    with suppress(KeyboardInterrupt):
        DrainingServer(config, house.bounds.drain).run()
    end_well(house.close)


def _tell(checked: "tuple[Finding, ...]") -> None:
    """What is not well and no reason not to begin."""
    from rich.console import Console

    console = Console(stderr=True)
    for finding in checked:
        if not finding.is_well:
            console.print(finding.sentence, style="yellow", highlight=False, markup=False)


def server_options(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told beside the address.

    Raises:
        BadSettings: the certificate and its key cannot be used.
    """
    from ivr.service.connections import impatient_protocol
    from ivr.service.logs import log_config

    service = settings.service
    return {
        "http": impatient_protocol(settings.limits, trusted_proxies=service.trusted_proxies),
        "h11_max_incomplete_event_size": _LARGEST_HEAD_BYTES,
        "ws_max_size": _LARGEST_MESSAGE_BYTES,
        "ws_per_message_deflate": False,
        # Whom to believe about addresses is decided where limits are kept.
        "proxy_headers": False,
        "server_header": False,
        "log_config": log_config(service.log_format),
        "access_log": False,
        "timeout_graceful_shutdown": 30,
        **_tls(service.tls_certificate, service.tls_key),
    }


def _tls(certificate: str, key: str) -> dict[str, str]:
    import ssl

    from ivr.errors import BadSettings

    if not certificate and not key:
        return {}
    if not (certificate and key):
        raise BadSettings("IVR_SERVICE__TLS_CERTIFICATE and IVR_SERVICE__TLS_KEY go together.")
    try:
        # Without a password of its own: nobody is there to type one.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as err:
        raise BadSettings(
            "The files of IVR_SERVICE__TLS_CERTIFICATE and IVR_SERVICE__TLS_KEY cannot be read, "
            "or do not belong together."
        ) from err
    return {"ssl_certfile": certificate, "ssl_keyfile": key}


def refuse_open_door(address: str, *, token: str | None, has_keys: bool) -> None:
    """Only this machine may ask without a token or a key, or with a token that can be guessed.

    Raises:
        BadSettings: others would be listened to.
    """
    from ipaddress import ip_address

    from ivr.errors import BadSettings

    try:
        is_local = address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        is_local = False
    if is_local:
        return
    if token is None and not has_keys:
        raise BadSettings(
            "Set IVR_SERVICE__TOKEN or make a key (ivr api-keys add) before listening beyond this "
            "machine; without either anybody could send calls."
        )
    if token is not None and len(token) < _SHORTEST_TOKEN:
        raise BadSettings(
            f"IVR_SERVICE__TOKEN must have {_SHORTEST_TOKEN} characters at random or more before "
            "others than this machine are listened to."
        )
