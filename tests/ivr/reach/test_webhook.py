"""The webhook against a real server on this machine."""

import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket

import pytest
from fakes.log_lines import logged

from ivr.call import CustomerId, Language
from ivr.reach.incident import IncidentId
from ivr.reach.messenger import Delivery, Message
from ivr.reach.propose import Channel
from ivr.reach.webhook import Webhook, signature

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SECRET = "0123456789abcdef"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MESSAGE = Message(
    key="k" * 32,
    incident=IncidentId("i-1"),
    kind="outage",
    customer=CustomerId("C-1"),
    channel=Channel.SMS,
    language=Language.GERMAN,
    subject="Hinweis",
    text="Störung in Schwabing.",
    address="klaus@example.org",
)


@dataclass
class Receiver:
    """What the other side answers and what it got."""

    status: int = 204
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((self.path, dict(self.headers.items()), body))
            self.send_response(receiver.status)
            self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()


def hook(url: str) -> Webhook:
    return Webhook(url, secret=SECRET, timeout_s=5, clock=lambda: NOW)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.status = status

    assert hook(receiver.url).send(MESSAGE) is Delivery.REFUSED
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_refusal_is_final(receiver: Receiver, status: int) -> None:
    receiver.status = status

    assert hook(receiver.url).send(MESSAGE) is Delivery.REFUSED


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_what_may_pass_is_tried_later(receiver: Receiver, status: int) -> None:
    receiver.status = status

    assert hook(receiver.url).send(MESSAGE) is Delivery.LATER


def test_a_receiver_that_is_not_there_is_tried_later() -> None:
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert hook(f"http://127.0.0.1:{port}/").send(MESSAGE) is Delivery.LATER


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_message_arrives_whole_and_signed(receiver: Receiver, status: int) -> None:
    receiver.status = status

    assert hook(f"{receiver.url}/in?for=us").send(MESSAGE) is Delivery.SENT

    ((path, headers, body),) = receiver.got
    signed = b"1795608000." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert path == "/in?for=us"
    assert headers["Rufwerk-Timestamp"] == str(int(NOW.timestamp())) == "1795608000"
    assert headers["Rufwerk-Signature"] == f"v1={expected}"
    assert headers["Idempotency-Key"] == "k" * 32
    assert json.loads(body) == {
        "id": "k" * 32,
        "incident": "i-1",
        "kind": "outage",
        "customer_id": "C-1",
        "channel": "sms",
        "language": "de",
        "text": "Störung in Schwabing.",
    }


def test_a_signature_is_for_this_time_and_this_body() -> None:
    right = signature(SECRET, "1", b"body")

    assert right not in {
        signature(SECRET, "2", b"body"),
        signature(SECRET, "1", b"bodY"),
        signature("another secret, long", "1", b"body"),
    }


def test_logs_tell_neither_words_nor_addresses(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 500

    with caplog.at_level(logging.DEBUG):
        hook(receiver.url).send(MESSAGE)

    assert [record.getMessage() for record in caplog.records] == ["webhook refused"]
    told = str(logged(caplog.records))
    assert not any(word in told for word in ("Schwabing", "C-1", "klaus@", SECRET))
