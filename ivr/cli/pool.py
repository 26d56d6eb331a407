"""`ivr pool`: models that several workers share."""

import signal
import sys
from threading import Event
from typing import TYPE_CHECKING

import typer

from ivr.errors import PoolUnavailable

if TYPE_CHECKING:
    from ivr.wiring.pooling import Pooling

app = typer.Typer(help="Models that several workers share.", no_args_is_help=True)

_STOPPED = 128 + signal.SIGTERM
"""As shells tell it."""

_LOOK_S = 1.0
"""Whether the node still runs is looked at so often."""


@app.command()
def serve() -> None:
    """Start or join the pool at IVR_POOL__ADDRESS, and put the models there, until stopped."""
    from ivr.cli.waiting import waiting

    pooling = _pooling()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_STOPPED))
    with waiting("Starting the pool"):
        pooling.open()
    # After Ray, which takes these signals for itself.
    stopped = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    typer.echo("The pool is ready.")
    while not stopped.wait(_LOOK_S):
        if pooling.has_ended:
            pooling.close()
            raise PoolUnavailable("Ray ended by itself; its logs tell why.")
    pooling.close()


@app.command()
def status() -> None:
    """Which models the pool at IVR_POOL__ADDRESS has, and how many of each answer."""
    states = _pooling().states()
    for one in states:
        how = "ready" if one.is_running else "not ready"
        typer.echo(f"{one.name:12}{how:12}{one.replicas} answer")
    if not all(one.is_running for one in states) or not states:
        raise PoolUnavailable("The pool is not ready.")


def _pooling() -> "Pooling":
    from ivr.settings import read_settings
    from ivr.wiring.pooling import Pooling

    return Pooling(read_settings())
