"""A CRM on a socket of this machine: it answers as it is told, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Crm:
    """One CRM, listening."""

    port: int
    answer: Answering
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    """Method, path, headers and body of each request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def answering(status: int, body: object, **headers: str) -> Answering:
    """The body as JSON; bytes go out as they are."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def waiting_for(event: threading.Event, then: Answering) -> Answering:
    """Answer once the event has come, or after ten seconds."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        event.wait(10)
        then(handler)

    return answer


@contextmanager
def crm_answering(answer: Answering) -> Iterator[Crm]:
    told = Crm(port=0, answer=answer)

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.asked.append((self.command, self.path, dict(self.headers), body))
            try:
                told.answer(self)
            except OSError:
                # Whoever asked has hung up.
                self.close_connection = True

        do_GET = do_POST = handle_any  # noqa: N815 - as the library calls them

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as above
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        told.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield told
        finally:
            listening.shutdown()
            thread.join()
