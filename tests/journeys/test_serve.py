"""The service as it is run: its own process, a real socket, curl's kind of request."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.process import free_port

from ivr.wiring import House

DEADLINE_S = 120
TOKEN = "a token of the tests"

pytestmark = pytest.mark.enable_socket


@dataclass(frozen=True)
class Server:
    port: int

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {TOKEN}", **headers})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


def is_ready(server: Server) -> bool:
    try:
        return server.ask("GET", "/ready")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def server(
    house: House, fixtures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    del house  # skips where models are missing
    port = free_port()
    folder = tmp_path_factory.mktemp("served")
    staged = House.for_rehearsal(folder)
    staged.stage(fixtures)
    staged.close()
    log = (folder / "log").open("wb")
    process = subprocess.Popen(  # noqa: S603 - our own command
        [Path(sys.executable).with_name("ivr"), "serve", "--port", str(port)],
        env={
            **os.environ,
            "IVR_DATABASE_URL": staged.settings.database,
            "IVR_KEYS__DATABASE": staged.settings.key_database,
            "IVR_KEYS__FILE": str(staged.settings.master_key_file),
            "IVR_SERVICE__TOKEN": TOKEN,
        },
        stderr=log,
        stdout=log,
    )
    running = Server(port)
    try:
        deadline = time.monotonic() + DEADLINE_S
        while not is_ready(running):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the server did not become ready"
            time.sleep(0.2)
        yield running
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def form(recording: bytes, **fields: str) -> tuple[bytes, str]:
    parts = [
        f'--frame\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = b'--frame\r\nContent-Disposition: form-data; name="audio"; filename="a.wav"\r\n\r\n'
    return b"".join([*parts, head, recording, b"\r\n--frame--\r\n"]), (
        "multipart/form-data; boundary=frame"
    )


def test_a_stranger_is_turned_away(server: Server) -> None:
    status, _, body = server.ask("GET", "/v1/opening.wav", Authorization="Bearer guessed")

    assert (status, json.loads(body)["code"]) == (401, "not_allowed")


def test_three_hundred_megabytes_are_refused_before_they_are_sent(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest("POST", "/v1/calls")
    connection.putheader("Authorization", f"Bearer {TOKEN}")
    connection.putheader("Content-Type", "multipart/form-data; boundary=frame")
    connection.putheader("Content-Length", str(300 * 1024 * 1024))
    connection.endheaders()

    answer = connection.getresponse()
    code = json.loads(answer.read())["code"]
    connection.close()

    assert (answer.status, code) == (413, "upload_too_large")


def test_a_call_is_greeted_and_its_prompt_can_be_played(server: Server, fixtures: Path) -> None:
    body, kind = form(
        (fixtures / "klaus-flight.wav").read_bytes(),
        **{"from": "+4989123456", "call_id": "PBX-1.42", "lang": "de"},
    )
    status, headers, answer = server.ask("POST", "/v1/calls", body, **{"Content-Type": kind})
    result = json.loads(answer)
    prompt_at = headers["link"].split(">")[0].strip("<")
    _, _, prompt = server.ask("GET", prompt_at)

    assert (status, result["verification"]["decision"]) == (200, "accepted")
    assert result["action"]["prompt"].startswith("Hallo Klaus. Rufen Sie wegen dem LH Flug 815")
    assert prompt[:4] == b"RIFF"
    assert len(prompt) > 5 * 8_000 * 2


def test_every_call_begins_with_the_machine_saying_that_it_is_one(server: Server) -> None:
    status, headers, sound = server.ask("GET", "/v1/opening.wav?lang=en")

    assert (status, headers["content-type"], sound[:4]) == (200, "audio/wav", b"RIFF")
