"""What `ivr serve` tells the server, and what it refuses to begin with."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from ivr.cli.serve import server_options
from ivr.errors import BadSettings
from ivr.settings import ServiceSettings, Settings


def certified(folder: Path, name: str) -> tuple[str, str]:
    """A certificate that signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(paths[0]), str(paths[1])


def settings(certificate: str, key: str) -> Settings:
    return Settings(service=ServiceSettings(tls_certificate=certificate, tls_key=key))


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path, "one")

    for half in ((certificate, ""), ("", key)):
        with pytest.raises(BadSettings, match="go together"):
            server_options(settings(*half))


def test_files_that_are_missing_broken_or_of_others_are_refused(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path, "one")
    _, other = certified(tmp_path, "two")
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")

    for pair in ((certificate, other), (str(broken), key), (certificate, str(tmp_path / "none"))):
        with pytest.raises(BadSettings, match="cannot be read"):
            server_options(settings(*pair))


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_whoever_trusts_the_certificate_is_answered_over_tls(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path, "one")
    options = {**server_options(settings(certificate, key)), "log_config": None}
    server = uvicorn.Server(uvicorn.Config(FastAPI(), host="127.0.0.1", port=0, **options))

    async def ask(port: int, trusted: ssl.SSLContext) -> bytes:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=trusted, server_hostname="localhost"
        )
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    async def run() -> bytes:
        serving = asyncio.create_task(server._serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.001)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            with pytest.raises(ssl.SSLCertVerificationError):
                await ask(port, ssl.create_default_context())
            return await ask(port, ssl.create_default_context(cafile=certificate))
        finally:
            server.should_exit = True
            await serving

    assert asyncio.run(run()).startswith(b"HTTP/1.1 404")
