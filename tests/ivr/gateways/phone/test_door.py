import pytest

from ivr.errors import PhoneRefused
from ivr.gateways.phone.door import check, is_own_page
from ivr.settings import PhoneSettings

OPEN = PhoneSettings(enabled=True)
TOKEN = PhoneSettings(enabled=True, token="a token of the tests")


@pytest.mark.parametrize(
    ("client", "host", "token", "settings"),
    [
        ("192.0.2.7", "localhost:8080", "", OPEN),
        ("192.0.2.7", "ivr.example.com", "", OPEN),
        ("", "localhost", "", OPEN),
        ("127.0.0.1", "", "", OPEN),
        ("127.0.0.1", "ivr.example.com", "", OPEN),
        ("127.0.0.1", "localhost.example.com", "", OPEN),
        ("127.0.0.1", "[::1", "", OPEN),
        ("192.0.2.7", "ivr.example.com", "", TOKEN),
        ("192.0.2.7", "ivr.example.com", "a token", TOKEN),
        ("192.0.2.7", "ivr.example.com", "a token of the tests and more", TOKEN),
        ("127.0.0.1", "localhost", "wrong", TOKEN),
        ("127.0.0.1", "localhost", "any", OPEN),
        ("192.0.2.7", "ivr.example.com", "ä \udcff".encode("utf-8", "replace").decode(), TOKEN),
    ],
)
def test_who_is_elsewhere_does_not_call_without_the_token(
    client: str, host: str, token: str, settings: PhoneSettings
) -> None:
    with pytest.raises(PhoneRefused):
        check(client, host, token, settings)


@pytest.mark.parametrize(
    ("client", "host", "token", "settings"),
    [
        ("127.0.0.1", "localhost:8080", "", OPEN),
        ("127.0.0.1", "127.0.0.1:8080", "", OPEN),
        ("::1", "[::1]:8080", "", OPEN),
        ("127.0.0.1", "localhost:8080", "", TOKEN),
        ("192.0.2.7", "ivr.example.com", "a token of the tests", TOKEN),
    ],
)
def test_who_is_here_or_shows_the_token_calls(
    client: str, host: str, token: str, settings: PhoneSettings
) -> None:
    check(client, host, token, settings)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("", ""),
        ("", "localhost:8080"),
        ("null", "localhost:8080"),
        ("http://", ""),
        ("http://evil.example", "localhost:8080"),
        ("http://localhost:8080.evil.example", "localhost:8080"),
        ("http://localhost", "localhost:8080"),
        ("file://localhost:8080", "localhost:8080"),
    ],
)
def test_pages_of_others_open_no_socket(origin: str, host: str) -> None:
    assert not is_own_page(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [("http://localhost:8080", "localhost:8080"), ("https://ivr.example.com", "ivr.example.com")],
)
def test_the_own_page_opens_one(origin: str, host: str) -> None:
    assert is_own_page(origin, host)
