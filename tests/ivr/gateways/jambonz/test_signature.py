"""Only who knows the secret may send webhooks, and only now."""

import hashlib
import hmac

import pytest

from ivr.gateways.jambonz.signature import is_signed, secrets_of

NOW = 1_700_000_000
BODY = '{"call_sid":"c1","from":"Jürgen"}'.encode()
SECRETS = (b"first", b"second")

ARABIC = "".join(chr(0x0660 + int(digit)) for digit in str(NOW))
"""Digits, but not those of a header."""


def v1(secret: bytes = b"first", at: object = NOW, body: bytes = BODY) -> str:
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def is_accepted(header: str, *, body: bytes = BODY, secrets: tuple[bytes, ...] = SECRETS) -> bool:
    return is_signed(header, body, secrets=secrets, now_s=NOW)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t",
        f"t={NOW}",
        f"v1={v1()}",
        f"t={NOW},v1=",
        f"t={NOW},v1=zz{v1()[2:]}",
        f"t={NOW},v1={v1()[:-2]}",
        f"t={NOW},v1={v1(b'third')}",
        f"t={NOW + 1},v1={v1()}",
        f"t={NOW},v0={v1()}",
        f"t={NOW},t={NOW},v1={v1()}",
        f"t=-{NOW},v1={v1(at=-NOW)}",
        f"t={NOW}.0,v1={v1(at=f'{NOW}.0')}",
        f"t={ARABIC},v1={v1(at=ARABIC)}",
        f"t={'9' * 5_000},v1={v1(at='9' * 5_000)}",
        f"t={NOW}," + ",".join([f"v1={v1()}"] * 9),
    ],
)
def test_what_is_not_signed_as_it_should_be_is_refused(header: str) -> None:
    assert not is_accepted(header)


@pytest.mark.parametrize("at", [NOW - 301, NOW + 301, 0])
def test_a_signature_of_another_time_is_refused(at: int) -> None:
    assert not is_accepted(f"t={at},v1={v1(at=at)}")


def test_another_body_is_refused() -> None:
    assert not is_accepted(f"t={NOW},v1={v1()}", body=BODY + b" ")


def test_without_a_secret_nobody_is_let_in() -> None:
    assert not is_accepted(f"t={NOW},v1={v1(b'')}", secrets=())
    assert secrets_of(" , ,") == ()


@pytest.mark.parametrize("at", [NOW - 300, NOW, NOW + 300])
def test_what_is_signed_within_five_minutes_is_accepted(at: int) -> None:
    assert is_accepted(f"t={at},v1={v1(at=at)}")


@pytest.mark.parametrize("secret", SECRETS)
def test_while_secrets_are_exchanged_either_signs(secret: bytes) -> None:
    assert is_accepted(f"t={NOW},v1={v1(b'old')},v1={v1(secret)}")
    assert is_accepted(f"v1={v1(secret)}, t={NOW}")


def test_secrets_are_separated_by_commas() -> None:
    assert secrets_of("first, second") == SECRETS


def test_a_signature_that_another_program_made() -> None:
    """Of `openssl dgst -sha256 -hmac whsec`."""
    digest = "237f98fd8bd8af4eb74be3b2bc976ff02ed643c3c4ee80fa4ce89bf0966844ce"
    body = b'{"call_sid":"c1"}'

    assert is_accepted(f"t={NOW},v1={digest}", body=body, secrets=(b"whsec",))
