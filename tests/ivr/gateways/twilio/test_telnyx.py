"""Telnyx' webhooks, signed as Telnyx signs them."""

import base64
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fakes.live import FakeReception, answer, sound
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from ivr.call import Unheard
from ivr.errors import BadSettings
from ivr.gateways.twilio.routes import routes
from ivr.settings import GatewaySettings, TwilioSettings

KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
NOW_S = 1_764_000_000
FORM = {"CallSid": "v3:abc", "From": "+4989123456", "To": "+4930815"}
BODY = urlencode(FORM).encode()


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signed(body: bytes, *, key: Ed25519PrivateKey = KEY, at_s: str = str(NOW_S)) -> dict[str, str]:
    signature = base64.b64encode(key.sign(at_s.encode() + b"|" + body)).decode()
    return {"Telnyx-Signature-Ed25519": signature, "Telnyx-Timestamp": at_s}


class Telnyx:
    """The other side."""

    def __init__(self, *, keys: str = public(KEY), tokens: str = "", mode: Any = "stream") -> None:
        self.reception = FakeReception()
        self.reception.answers = [answer("ask", sound(200), Unheard.SILENCE)] * 2
        settings = GatewaySettings(
            public_url="https://ivr.example.com",
            twilio=TwilioSettings(tokens=tokens, telnyx_keys=keys, mode=mode),
        )
        app = FastAPI()
        app.include_router(routes(self.reception, settings, clock=lambda: NOW_S))
        self.client = TestClient(app)

    def ask(
        self, headers: dict[str, str], body: bytes = BODY, path: str = "/twilio/voice"
    ) -> Response:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.client.post(path, content=body, headers={**kind, **headers})


def ask(headers: dict[str, str], *, path: str = "/twilio/voice", **settings: str) -> Response:
    return Telnyx(**settings).ask(headers, path=path)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Telnyx-Timestamp": str(NOW_S)},
        {**signed(BODY), "Telnyx-Timestamp": ""},
        {**signed(BODY), "Telnyx-Timestamp": str(NOW_S + 1)},
        {**signed(BODY), "Telnyx-Signature-Ed25519": "no base64"},
        {**signed(BODY), "Telnyx-Signature-Ed25519": base64.b64encode(b"x" * 64).decode()},
        {**signed(BODY), "Telnyx-Signature-Ed25519": base64.b64encode(b"short").decode()},
        signed(BODY, key=OTHER),
        signed(BODY + b"&Digits=1"),
        signed(BODY, at_s="-5"),
        signed(BODY, at_s="9" * 13),
    ],
)
@pytest.mark.parametrize("hook", ["voice", "turn", "status"])
def test_what_telnyx_did_not_sign_is_refused(headers: dict[str, str], hook: str) -> None:
    assert ask(headers, path=f"/twilio/{hook}").status_code == 403


@pytest.mark.parametrize("away_s", [-301, 301])
def test_what_was_signed_at_another_time_is_refused(away_s: int) -> None:
    assert ask(signed(BODY, at_s=str(NOW_S + away_s))).status_code == 403


def test_without_its_key_telnyx_is_refused_though_twilio_is_on() -> None:
    assert ask(signed(BODY), keys="", tokens="12345").status_code == 403


def test_without_any_key_there_are_no_routes() -> None:
    assert ask(signed(BODY), keys="").status_code == 404


@pytest.mark.parametrize("keys", ["x", "AAAA", f"{public(KEY)},no"])
def test_what_is_no_key_is_found_at_the_start(keys: str) -> None:
    with pytest.raises(BadSettings, match="TELNYX_KEYS"):
        ask(signed(BODY), keys=keys)


@pytest.mark.parametrize("away_s", [-299, 0, 299])
def test_a_signed_call_is_streamed_in_the_way_telnyx_plays(away_s: int) -> None:
    answered = ask(signed(BODY, at_s=str(NOW_S + away_s)))

    document = fromstring(answered.content)  # noqa: S314 - our own document
    stream = document.find("Connect/Stream")
    assert stream is not None
    assert stream.get("url") == "wss://ivr.example.com/ws/twilio"
    assert (stream.get("bidirectionalMode"), stream.get("bidirectionalCodec")) == ("rtp", "PCMU")


def test_either_of_two_keys_is_good_while_one_is_exchanged() -> None:
    both = f"{public(OTHER)}, {public(KEY)}"

    assert ask(signed(BODY), keys=both).status_code == 200
    assert ask(signed(BODY, key=OTHER), keys=both).status_code == 200


def test_a_turn_that_is_sent_again_is_served_once_whatever_its_address_says() -> None:
    """The address is not signed: somebody who saw the body may change it."""
    telnyx = Telnyx(mode="gather")
    body = urlencode({**FORM, "SpeechResult": "Guten Tag"}).encode()

    first = telnyx.ask(signed(body), body, "/twilio/turn?step=1")
    again = telnyx.ask(signed(body), body, "/twilio/turn?step=7&lang=en")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert len(telnyx.reception.messages) == 1
