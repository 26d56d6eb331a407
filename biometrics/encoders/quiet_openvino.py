"""Lets OpenVINO be imported without its telemetry, which tells Google Analytics of each import.

`import openvino` imports its conversion tools, and those write an identifier into the home folder
and send an event, before anybody could refuse. Both packages are closed here before the first
import, and stay closed: what OpenVINO tries to import of them is then an ImportError that it
expects. Nothing here converts models; the graphs are built in this package.
"""

import sys

_CLOSED = ("openvino.tools.ovc", "openvino_telemetry")


def make_openvino_quiet() -> None:
    """Call it before anything is imported from OpenVINO; calling it again changes nothing."""
    for name in _CLOSED:
        # Importing a module that is None here is refused by Python itself.
        sys.modules[name] = None  # type: ignore[assignment]
