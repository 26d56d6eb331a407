"""Requests over HTTP, to a server behind a socket of this machine."""

import json
import socket
import socketserver
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fakes.log_lines import logged

from ivr.serve.http_sender import HttpSender
from ivr.serve.sender import Answered, Method, Outgoing, Unanswered

ASK = Outgoing(method=Method.GET, path="/customers/C-1001/orders?number=7")


@dataclass
class Server:
    """Answers as it is told, and remembers what it was asked."""

    socket: Path
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda _: None
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def sender(self, **headers: str) -> HttpSender:
        return HttpSender("http://shop", headers=headers, clock=monotonic, socket=self.socket)


def answering(status: int, body: bytes = b"{}", **headers: str) -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    # The address of a socket may have about 100 bytes, fewer than many a test's folder.
    with tempfile.TemporaryDirectory() as folder:
        told = Server(Path(folder) / "s")

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                told.asked.append((self.command, self.path, dict(self.headers), body))
                told.answer(self)

            do_GET = do_POST = do_DELETE = handle_any  # noqa: N815 - as the library calls them

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as above
                pass

        class Listening(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

        with Listening(str(told.socket), Handler) as listening:
            thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
            thread.start()
            yield told
            listening.shutdown()
            thread.join()


def sent(sender: HttpSender, outgoing: Outgoing = ASK, ms: int = 2_000) -> Answered | Unanswered:
    try:
        return sender.send(outgoing, ms)
    finally:
        sender.close()


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_nobody_there_means_not_sent() -> None:
    with socket.socket() as taken:
        # Bound and not listening: whoever knocks is turned away.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        assert sent(HttpSender(url, headers={}, clock=monotonic)) is Unanswered.NOT_SENT


def test_a_server_that_hangs_up_may_have_done_it(server: Server) -> None:
    assert sent(server.sender()) is Unanswered.NO_ANSWER


def test_a_server_that_is_too_slow_may_have_done_it(server: Server) -> None:
    server.answer = lambda _: time.sleep(0.4)

    assert sent(server.sender(), ms=100) is Unanswered.NO_ANSWER


def test_an_answer_that_comes_in_drops_is_not_waited_for(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        for _ in range(20):
            time.sleep(0.05)
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    server.answer = drip
    begun = monotonic()

    assert sent(server.sender(), ms=200) is Unanswered.NO_ANSWER
    assert monotonic() - begun < 0.8


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.answer = answering(307, Location="http://elsewhere.example/")

    assert sent(server.sender()) == Answered(status=307)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[1]", b'"text"', b"\xff", b"[" * 100_000, b'{"a":"' + b"x" * 300_000],
)
def test_what_is_no_object_of_a_bearable_size_tells_nothing(server: Server, body: bytes) -> None:
    server.answer = answering(200, body)

    assert sent(server.sender()) == Answered(status=200)


def test_a_change_carries_its_key_and_what_lets_us_in(server: Server) -> None:
    server.answer = answering(409, b'{"code": "gone"}')
    change = Outgoing(method=Method.POST, path="/orders", body={"size": "ä"}, key="k-1")

    answered = sent(server.sender(Authorization="Bearer t0ken"), change)

    assert answered == Answered(status=409, body={"code": "gone"})
    ((method, path, headers, body),) = server.asked
    assert (method, path, json.loads(body)) == ("POST", "/orders", {"size": "ä"})
    assert headers["Idempotency-Key"] == "k-1"
    assert headers["Authorization"] == "Bearer t0ken"


def test_a_question_carries_no_key_and_keeps_what_was_encoded(server: Server) -> None:
    server.answer = answering(200)
    sent(server.sender(), Outgoing(method=Method.GET, path="/cards/..%2Fadmin?a=b%26c"))

    ((method, path, headers, _),) = server.asked
    assert (method, path) == ("GET", "/cards/..%2Fadmin?a=b%26c")
    assert "Idempotency-Key" not in headers


def test_nothing_that_is_sent_is_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    server.answer = answering(200)
    sent(server.sender(Authorization="Bearer t0ken"))
    server.answer = lambda _: None
    sent(server.sender(Authorization="Bearer t0ken"))

    shown = logged(caplog.records)
    assert len(shown) > 0
    assert [text for text in shown if "C-1001" in text or "t0ken" in text] == []
