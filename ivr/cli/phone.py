"""`ivr phone`: call the house from this machine, by browser or softphone."""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ivr.settings import Settings

HERE = "127.0.0.1"


def phone(
    demo: Annotated[
        Path | None,
        typer.Option(help="Folder with manifest.toml: with its customers, forgotten afterwards."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the page.", min=1, max=65535)] = 8080,
    sip_port: Annotated[
        int, typer.Option(help="Port for SIP telephones; 0 for none.", min=0, max=65535)
    ] = 5060,
    pack: Annotated[str, typer.Option(help="airline, bank, telecom, retail or a file.")] = "",
) -> None:
    """Try it with your own voice: a page in the browser, and SIP, on this machine only."""
    from rich.console import Console

    from ivr.cli.serve import answer_calls
    from ivr.cli.waiting import waiting
    from ivr.wiring import House

    with ExitStack() as closing:
        if demo is None:
            settings = House.from_environment(pack=pack).settings
        else:
            folder = closing.enter_context(tempfile.TemporaryDirectory())
            settings = House.for_rehearsal(Path(folder)).settings
        house = House(to_be_called(settings, sip_port=sip_port, pack=pack))
        closing.callback(house.close)
        if demo is not None:
            with waiting("Enrolling the customers; the first time takes a minute"):
                house.stage(demo)
        console = Console(stderr=True)
        console.print(f"Open http://localhost:{port}/phone in a browser of this machine.")
        if sip_port:
            console.print(f"Or call sip:ivr@{HERE}:{sip_port} with a SIP telephone.")
        answer_calls(house, HERE, port)


def to_be_called(settings: Settings, *, sip_port: int, pack: str = "") -> Settings:
    """The same, with both telephones of this machine let in and nobody else."""
    doors = settings.gateways
    gateways = replace(
        doors,
        phone=replace(doors.phone, enabled=True),
        sip=replace(doors.sip, host=HERE, allow="", port=sip_port),
    )
    understand = replace(settings.understand, pack=pack or settings.understand.pack)
    return replace(settings, gateways=gateways, understand=understand)
