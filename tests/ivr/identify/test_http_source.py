"""A CRM over HTTP, on a socket of this machine, on its bad days."""

import gzip
import logging
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from time import monotonic
from typing import Any

import pytest
from fakes.crm import Crm, answering, crm_answering, waiting_for
from fakes.log_lines import logged

from ivr.identify.described import HttpSource as Described
from ivr.identify.fact import Answer, Failed, Nobody, Told, Why
from ivr.identify.http_source import HttpSource

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

NUMBER = "+4989123456"
ANSWER = {"tier": "vip"}


@pytest.fixture
def crm() -> Iterator[Crm]:
    with crm_answering(answering(200, ANSWER)) as crm:
        yield crm


def ask(
    url: str, headers: dict[str, str] | None = None, key: str = NUMBER, **fields: Any
) -> Answer:
    given = {"kind": "http", "url": url, "facts": {"tier": "/tier"}, "timeout_ms": 2_000} | fields
    described = Described.model_validate(given)
    source = HttpSource("crm", described, headers=headers or {}, region="DE", clock=monotonic)
    try:
        return source.ask(key)
    finally:
        source.close()


def told(answer: Answer) -> dict[str, object]:
    assert isinstance(answer, Told)
    return {one.name: one.value for one in answer.facts}


def test_nobody_there_is_down_and_not_nobody() -> None:
    with socket.socket() as taken:
        # Bound and not listening: whoever knocks is turned away.
        taken.bind(("127.0.0.1", 0))

        assert ask(f"http://127.0.0.1:{taken.getsockname()[1]}/{{number}}") == Failed(why=Why.DOWN)


def test_who_hangs_up_is_down(crm: Crm) -> None:
    crm.answer = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)

    assert ask(f"{crm.url}/{{number}}") == Failed(why=Why.DOWN)


def test_who_is_too_slow_is_given_up(crm: Crm) -> None:
    never = threading.Event()
    crm.answer = waiting_for(never, answering(200, ANSWER))
    begun = monotonic()

    assert ask(f"{crm.url}/{{number}}", timeout_ms=100) == Failed(why=Why.TIMED_OUT)
    assert monotonic() - begun < 5
    never.set()


def test_an_answer_that_comes_in_drops_is_not_waited_for(crm: Crm) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(100):
            time.sleep(0.05)
            handler.wfile.write(b" ")

    crm.answer = drip

    assert ask(f"{crm.url}/{{number}}", timeout_ms=200) == Failed(why=Why.TIMED_OUT)


def test_a_huge_answer_is_not_read(crm: Crm) -> None:
    crm.answer = answering(200, b'{"tier": "' + b"x" * 400_000 + b'"}')

    assert ask(f"{crm.url}/{{number}}") == Failed(why=Why.TOO_LARGE)


def test_what_is_packed_is_not_unpacked(crm: Crm) -> None:
    packed = gzip.compress(b'{"tier": "' + b" " * 5_000_000 + b'"}')
    crm.answer = answering(200, packed, **{"Content-Encoding": "gzip"})

    assert ask(f"{crm.url}/{{number}}") == Failed(why=Why.NOT_AS_DESCRIBED)
    assert crm.asked[0][2]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_else_is_told_who_calls(crm: Crm, status: int) -> None:
    with crm_answering(answering(200, ANSWER)) as elsewhere:
        crm.answer = answering(status, {}, Location=f"{elsewhere.url}/{NUMBER}")

        assert ask(f"{crm.url}/{{number}}") == Failed(why=Why.REDIRECTED)
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (400, Why.FAILED),
        (401, Why.REFUSED),
        (403, Why.REFUSED),
        (429, Why.FAILED),
        (500, Why.FAILED),
        (503, Why.FAILED),
    ],
)
def test_who_cannot_tell_is_not_taken_for_nobody(crm: Crm, status: int, why: Why) -> None:
    crm.answer = answering(status, {})

    assert ask(f"{crm.url}/{{number}}") == Failed(why=why)


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff", b"[" * 100_000, b'"text"', b"[7]"])
def test_what_is_no_record_is_not_as_described(crm: Crm, body: bytes) -> None:
    crm.answer = answering(200, body)

    assert ask(f"{crm.url}/{{number}}") == Failed(why=Why.NOT_AS_DESCRIBED)


def test_wrong_types_are_named_and_the_rest_is_used(crm: Crm) -> None:
    crm.answer = answering(200, {"tier": {"no": "text"}, "flag": "perhaps", "born": "1953-02-03"})
    facts = {"tier": "/tier", "is_vulnerable": "/flag", "birth_date": "/born"}

    answer = ask(f"{crm.url}/{{number}}", facts=facts)

    assert isinstance(answer, Told)
    assert answer.unread == ("tier", "is_vulnerable")
    assert list(told(answer)) == ["birth_date"]


def test_of_two_customers_nobody_is_chosen(crm: Crm) -> None:
    crm.answer = answering(200, {"items": [ANSWER, ANSWER]})

    answer = ask(f"{crm.url}/{{number}}", record="/items")

    assert answer == Failed(why=Why.AMBIGUOUS)


def test_whoever_has_another_number_is_nobody(crm: Crm) -> None:
    people = [
        {"phones": ["+49 89 1234567"], "tier": "vip"},
        {"phones": ["089 123456", "+49 170 1"], "tier": "gold"},
        {"phones": "anonymous", "tier": "vip"},
        {"tier": "vip"},
    ]
    crm.answer = answering(200, {"items": people})
    described = {"record": "/items", "own_numbers": "/phones"}

    assert told(ask(f"{crm.url}/{{number}}", **described)) == {"tier": "gold"}
    crm.answer = answering(200, {"items": people[:1]})
    assert ask(f"{crm.url}/{{number}}", **described) == Nobody()


@pytest.mark.parametrize(
    ("status", "body"), [(404, {}), (200, {"items": []}), (200, {}), (200, {"items": None})]
)
def test_nobody_is_known(crm: Crm, status: int, body: object) -> None:
    crm.answer = answering(status, body)

    assert ask(f"{crm.url}/{{number}}", record="/items") == Nobody()


@pytest.mark.parametrize("key", ["", ".", ".."])
def test_an_id_of_dots_leads_nowhere_else(crm: Crm, key: str) -> None:
    assert ask(f"{crm.url}/customers/{{customer_id}}", key=key) == Nobody()
    assert crm.asked == []


def test_a_question_carries_what_lets_us_in_and_the_number_once(crm: Crm) -> None:
    headers = {"Authorization": "Bearer t0ken"}
    url = f"{crm.url}/find?q={{number}}&d={{number_digits}}"

    answer = ask(url, headers, method="POST", body={"phone": "{number}", "limit": 2})

    assert told(answer) == {"tier": "vip"}
    ((method, path, sent, body),) = crm.asked
    assert (method, path) == ("POST", "/find?q=%2B4989123456&d=4989123456")
    assert sent["Authorization"] == "Bearer t0ken"
    assert body == b'{"phone":"+4989123456","limit":2}'


def test_nothing_of_a_question_is_logged(crm: Crm, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(f"{crm.url}/{{number}}", {"Authorization": "Bearer t0ken"})
    crm.answer = answering(500, {})
    ask(f"{crm.url}/{{number}}")

    shown = str(logged(caplog.records))
    assert "89123456" not in shown
    assert "t0ken" not in shown
