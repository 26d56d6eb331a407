"""`ivr serve`: the HTTP endpoint."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.wiring import House


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
    refuse_open_door(address, has_token=settings.token is not None)
    answer_calls(house, address, port or settings.port)


def answer_calls(house: "House", host: str, port: int) -> None:
    """Until stopped."""
    import uvicorn

    from ivr.cli.waiting import waiting
    from ivr.service.logs import log_config

    with waiting("Loading models"):
        service = house.service()
    with waiting("Speaking the fixed prompts; the first time takes some seconds"):
        house.warm_prompts()
    uvicorn.run(
        service,
        host=host,
        port=port,
        log_config=log_config(),
        access_log=False,
        timeout_graceful_shutdown=30,
    )


def refuse_open_door(address: str, *, has_token: bool) -> None:
    """Without a token only this machine may ask."""
    from ipaddress import ip_address

    from ivr.errors import BadSettings

    try:
        is_local = address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        is_local = False
    if not is_local and not has_token:
        raise BadSettings(
            "Set IVR_SERVICE__TOKEN before listening beyond this machine; "
            "without it anybody could send calls."
        )
