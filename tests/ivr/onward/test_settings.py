"""Where links may lead."""

import pytest

from ivr.errors import BadSettings
from ivr.settings import OnwardSettings


@pytest.mark.parametrize(
    "url",
    [
        "http://service.example.org",
        "service.example.org",
        "ftp://service.example.org",
        "https://",
        "https://service.example.org:port",
        "https://somebody@service.example.org",
        "https://service.example.org/?a=b",
        "https://service.example.org/#a",
        "https://[service",
        "https://service.example.org/calls/",
    ],
)
def test_a_link_leads_nowhere_where_others_listen(url: str) -> None:
    with pytest.raises(BadSettings, match="IVR_ONWARD__URL"):
        OnwardSettings(url=url)


@pytest.mark.parametrize(
    "url", ["https://service.example.org", "https://x.example/", "http://127.0.0.1:8080"]
)
def test_https_or_this_machine(url: str) -> None:
    assert OnwardSettings(url=url).is_on


def test_without_an_address_it_is_off() -> None:
    assert not OnwardSettings().is_on
