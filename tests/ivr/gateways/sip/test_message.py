import random

import pytest

from ivr.gateways.sip.message import (
    BadMessage,
    Request,
    Response,
    cseq_of,
    read_message,
    write_message,
)

HEADERS = (
    b"Via: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"
    b"Call-ID: x@y\r\nCSeq: 7 INVITE\r\n"
)
INVITE = b"INVITE sip:ivr@10.0.0.1 SIP/2.0\r\n" + HEADERS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"\0" * 40,
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        INVITE,
        b"INVITE sip:ivr@10.0.0.1 SIP/3.0\r\n" + HEADERS + b"\r\n",
        b"invite sip:ivr@10.0.0.1 SIP/2.0\r\n" + HEADERS + b"\r\n",
        b"INVITE  SIP/2.0\r\n" + HEADERS + b"\r\n",
        b"BYE sip:ivr@10.0.0.1 SIP/2.0\r\n" + HEADERS + b"\r\n",
        b"SIP/2.0 99 Low\r\n" + HEADERS + b"\r\n",
        INVITE.replace(b"Call-ID: x@y\r\n", b"") + b"\r\n",
        INVITE.replace(b"CSeq: 7 INVITE", b"CSeq: seven INVITE") + b"\r\n",
        INVITE.replace(b"CSeq: 7 INVITE", b"CSeq: 77777777777 INVITE") + b"\r\n",
        INVITE + b"no colon\r\n\r\n",
        INVITE + b"X: a\nVia: b\r\n\r\n",
        INVITE + b"X: a\rVia: b\r\n\r\n",
        INVITE + b"X: \xff\xfe\r\n\r\n",
        INVITE + b"Content-Length: 9\r\n\r\nshort",
        INVITE + b"Content-Length: -1\r\n\r\n",
        INVITE + "Content-Length: ²\r\n\r\n".encode(),
        INVITE + b"X: y\r\n" * 200 + b"\r\n",
        INVITE + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_sip_is_dropped(data: bytes) -> None:
    with pytest.raises(BadMessage):
        read_message(data)


def test_no_damage_makes_anything_else_than_a_message_or_a_refusal() -> None:
    generator = random.Random(5)  # noqa: S311 - noise, no secret
    whole = INVITE + b"l: 4\r\n\r\nv=0\n"
    for _ in range(3_000):
        data = bytearray(whole)
        for _ in range(generator.randrange(1, 6)):
            match generator.randrange(3):
                case 0:
                    data[generator.randrange(len(data))] = generator.randrange(256)
                case 1:
                    del data[generator.randrange(len(data)) :]
                    data = data or bytearray(b"x")
                case _:
                    at = generator.randrange(len(data))
                    data[at:at] = data[at : at + generator.randrange(99)]
        try:
            message = read_message(bytes(data))
        except BadMessage:
            continue
        assert b"\r\n\r\n" in write_message(message)


def test_a_request_with_short_names_and_a_folded_line() -> None:
    message = read_message(
        b"INVITE sip:ivr@10.0.0.1 SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1\r\nf: <sip:a@b>\r\n"
        b"t: <sip:c@d>\r\ni: x@y\r\nCSEQ: 7\r\n INVITE\r\nl: 3\r\n\r\nv=0 and more"
    )

    assert isinstance(message, Request)
    assert message.method == "INVITE"
    assert message.get("via") == "SIP/2.0/UDP a;branch=z9hG4bK1"
    assert cseq_of(message.headers) == (7, "INVITE")
    assert message.body == b"v=0"


def test_a_response_is_read_and_written_alike() -> None:
    data = b"SIP/2.0 200 OK\r\n" + HEADERS
    message = read_message(data + b"Content-Length: 2\r\n\r\nhi")

    assert isinstance(message, Response)
    assert (message.status, message.reason, message.body) == (200, "OK", b"hi")
    without_length = Response(
        status=200,
        reason="OK",
        headers=tuple(one for one in message.headers if one[0] != "content-length"),
        body=b"hi",
    )
    assert data + b"Content-Length: 2\r\n\r\nhi" == write_message(without_length)


def test_what_somebody_said_is_not_printed() -> None:
    assert "a@b" not in repr(read_message(INVITE + b"\r\n"))
