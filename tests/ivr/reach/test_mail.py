"""E-mail against a small mail server on this machine that speaks real SMTP."""

import logging
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path
from socket import socket

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fakes.log_lines import logged

from ivr.call import CustomerId, Language
from ivr.reach.incident import IncidentId
from ivr.reach.mail import Mail
from ivr.reach.messenger import Delivery, Message
from ivr.reach.propose import Channel
from ivr.settings import ReachSettings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

MESSAGE = Message(
    key="k" * 32,
    incident=IncidentId("i-1"),
    kind="outage",
    customer=CustomerId("C-1"),
    channel=Channel.EMAIL,
    language=Language.GERMAN,
    subject="Hinweis von Rufwerk",
    text="Störung in Schwabing.",
    address="klaus@example.org",
)


@dataclass
class MailServer:
    """What it answers to which command, and what it heard."""

    tls: ssl.SSLContext
    answers: dict[str, str] = field(default_factory=dict)
    offers: list[str] = field(default_factory=lambda: ["STARTTLS", "AUTH PLAIN"])
    goes_silent: bool = False
    hangs_up_on: str = ""
    heard: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    encrypted: list[str] = field(default_factory=list)
    port: int = 0


class Conversation(socketserver.StreamRequestHandler):
    """One client (RFC 5321)."""

    def handle(self) -> None:
        self.is_private = False
        self.say("220 here")
        while line := self.rfile.readline():
            if not self.answered(line.decode().rstrip()):
                return

    def finish(self) -> None:
        with suppress(OSError):
            self.wfile.close()
        self.rfile.close()
        self.connection.close()

    def answered(self, line: str) -> bool:
        us: MailServer = self.server.us  # type: ignore[attr-defined]
        verb = line.split(maxsplit=1)[0].upper()
        us.heard.append(line)
        if self.is_private:
            us.encrypted.append(verb)
        if verb == us.hangs_up_on:
            return False
        if verb in us.answers:
            self.say(us.answers[verb])
        elif verb == "EHLO":
            offers = ["here", *(us.offers if not self.is_private else us.offers[1:])]
            for offer in offers[:-1]:
                self.say(f"250-{offer}")
            self.say(f"250 {offers[-1]}")
        elif verb == "STARTTLS":
            self.say("220 go on")
            self.connection = us.tls.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
            self.is_private = True
        elif verb == "DATA":
            return self.took_data(us)
        else:
            self.say("235 fine" if verb == "AUTH" else "250 fine")
        return verb != "QUIT"

    def took_data(self, us: MailServer) -> bool:
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        us.mails.append(b"".join(lines))
        if us.goes_silent:
            return False
        self.say(us.answers.get(".", "250 taken"))
        return True

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()


class Server(socketserver.ThreadingTCPServer):
    """Clients that turn away in the middle are nothing to tell."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself, its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    begin = datetime.now(UTC) - timedelta(days=1)
    address = x509.IPAddress(ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("mail") / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def server(certificate: Path) -> Iterator[MailServer]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    us = MailServer(tls=tls)
    with Server(("127.0.0.1", 0), Conversation) as tcp:
        tcp.us = us  # type: ignore[attr-defined]
        us.port = tcp.server_address[1]
        thread = threading.Thread(target=tcp.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield us
        tcp.shutdown()
        thread.join()


@pytest.fixture
def mail(server: MailServer, certificate: Path) -> Callable[..., Mail]:
    """Towards the server, whose certificate it knows, with changed settings."""

    def make(**changes: object) -> Mail:
        settings = ReachSettings(
            mail_host="127.0.0.1",
            mail_port=server.port,
            mail_from="service@rufwerk.example",
            timeout_s=5,
        )
        changed = replace(settings, **changes)  # type: ignore[arg-type]
        return Mail(changed, lambda: ssl.create_default_context(cafile=str(certificate)))

    return make


def arrived(server: MailServer) -> EmailMessage:
    (data,) = server.mails
    return message_from_bytes(data, EmailMessage, policy=SMTP)  # type: ignore[arg-type]


def test_a_server_that_does_not_encrypt_gets_nothing(
    server: MailServer, mail: Callable[..., Mail]
) -> None:
    server.offers = ["SIZE 1000"]

    assert mail().send(MESSAGE) is Delivery.LATER
    assert [line.split()[0] for line in server.heard] == ["ehlo"]


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    server: MailServer, mail: Callable[..., Mail]
) -> None:
    trusting = mail()
    wary = Mail(trusting._settings)

    assert wary.send(MESSAGE) is Delivery.LATER
    assert server.encrypted == []
    assert server.mails == []


@pytest.mark.parametrize(
    "address", ["", "klaus@example.org\r\nBcc: erna@example.org", "a@b.de, c@d.de"]
)
def test_an_address_that_carries_more_than_one_is_refused(
    server: MailServer, mail: Callable[..., Mail], address: str
) -> None:
    assert mail().send(replace(MESSAGE, address=address)) is Delivery.REFUSED
    assert server.heard == []


@pytest.mark.parametrize(
    ("command", "answer", "delivery"),
    [
        ("RCPT", "550 nobody here", Delivery.REFUSED),
        ("RCPT", "450 not now", Delivery.LATER),
        ("MAIL", "421 not now", Delivery.LATER),
        ("MAIL", "553 not you", Delivery.REFUSED),
        ("DATA", "554 no", Delivery.REFUSED),
        (".", "554 no", Delivery.REFUSED),
        (".", "452 full", Delivery.LATER),
    ],
)
def test_what_the_server_answers_is_believed(
    server: MailServer,
    mail: Callable[..., Mail],
    command: str,
    answer: str,
    delivery: Delivery,
) -> None:
    server.answers[command] = answer

    assert mail().send(MESSAGE) is delivery


def test_a_server_that_falls_silent_may_have_taken_it(
    server: MailServer, mail: Callable[..., Mail]
) -> None:
    server.goes_silent = True

    assert mail().send(MESSAGE) is Delivery.UNSURE
    assert len(server.mails) == 1


def test_a_server_that_falls_silent_before_the_message_has_not_taken_it(
    server: MailServer, mail: Callable[..., Mail]
) -> None:
    server.hangs_up_on = "RCPT"

    assert mail().send(MESSAGE) is Delivery.LATER
    assert server.mails == []


def test_a_server_that_is_not_there_is_tried_later(mail: Callable[..., Mail]) -> None:
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert mail(mail_port=port).send(MESSAGE) is Delivery.LATER


def test_a_wrong_password_is_an_operators_matter_and_waits(
    server: MailServer, mail: Callable[..., Mail]
) -> None:
    server.answers["AUTH"] = "535 wrong"

    assert mail(mail_user="us", mail_password="sesame").send(MESSAGE) is Delivery.LATER
    assert server.mails == []


def test_a_message_arrives_as_plain_text_over_an_encrypted_line(
    server: MailServer, mail: Callable[..., Mail]
) -> None:
    assert mail(mail_user="us", mail_password="sesame").send(MESSAGE) is Delivery.SENT

    assert server.encrypted[:5] == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
    got = arrived(server)
    assert got["From"] == "service@rufwerk.example"
    assert got["To"] == "klaus@example.org"
    assert got["Subject"] == "Hinweis von Rufwerk"
    assert got["Message-ID"] == f"<{'k' * 32}@rufwerk.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert server.mails[0].isascii()
    assert got.get_content_type() == "text/plain"
    assert got.get_content().strip() == "Störung in Schwabing."


def test_this_machines_own_server_may_be_spoken_to_openly(
    server: MailServer, mail: Callable[..., Mail]
) -> None:
    assert mail(mail_security="none").send(MESSAGE) is Delivery.SENT
    assert [line.split()[0].upper() for line in server.heard[:2]] == ["EHLO", "MAIL"]
    assert server.encrypted == []


def test_a_subject_is_one_line(server: MailServer, mail: Callable[..., Mail]) -> None:
    subject = "Hinweis\r\nBcc: erna@example.org"

    assert mail().send(replace(MESSAGE, subject=subject)) is Delivery.SENT
    got = arrived(server)
    assert got["Bcc"] is None
    assert got["Subject"] == "Hinweis Bcc: erna@example.org"


def test_logs_tell_neither_words_nor_addresses(
    server: MailServer, mail: Callable[..., Mail], caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["RCPT"] = "550 klaus@example.org is unknown"

    with caplog.at_level(logging.DEBUG):
        mail().send(MESSAGE)

    assert [record.getMessage() for record in caplog.records] == ["mail refused"]
    told = str(logged(caplog.records))
    assert not any(word in told for word in ("Schwabing", "C-1", "klaus"))
