"""A process that has read the code of `ivr serve`, and becomes it as often as it is asked.

Reading the code is half of what a start costs. Each line that comes tells two ports, of HTTP and of
AudioSocket; the answer is the id of the process that listens there from then on.
"""

import importlib
import os
import signal
import sys

_READ = (
    *("ivr.cli.serve", "ivr.wiring.house", "ivr.service.app", "ivr.wiring.gateways", "uvicorn"),
    *("ivr.shared_switchboard", "ivr.sharing.sql_calls", "ivr.queue.sql_waiting", "psycopg"),
    *("hibari", "py_nanotts", "vosk", "sklearn.linear_model", "openvino", "onnxruntime"),
)


def main() -> None:
    for name in _READ:
        importlib.import_module(name)
    # Whoever is killed is not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)  # noqa: T201 - to whoever asks
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _serve(*line.split())
        print(child, flush=True)  # noqa: T201 - as above


def _serve(port: str, line_port: str) -> None:
    """As `ivr serve --pack bank --port PORT`, until it is killed."""
    from ivr.cli import main as ivr  # noqa: PLC0415 - in the child alone

    with open(os.devnull) as nothing:  # noqa: PTH123 - a device
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ["IVR_GATEWAYS__AUDIOSOCKET__PORT"] = line_port
    sys.argv = ["ivr", "serve", "--pack", "bank", "--port", port]
    ivr()
    os._exit(0)


if __name__ == "__main__":
    main()
