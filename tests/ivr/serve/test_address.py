"""Where a business system may be."""

import pytest

from ivr.errors import BadActions
from ivr.serve.address import checked_address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop",
        "http://shop.example",
        "ftp://127.0.0.1",
        "https://name:secret@shop.example",
        "https://shop.example?token=secret",
        "https://[::1",
        "http://127.0.0.1.shop.example",
        "http://127.0.0.1:99999",
    ],
)
def test_what_others_could_read_or_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadActions) as refused:
        checked_address(url, "other.internal")

    assert "secret" not in refused.value.sentence


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/api/",
        "http://127.0.0.1:8090",
        "http://localhost:8090",
        "http://[::1]:8090",
        "http://erp.internal",
    ],
)
def test_what_nobody_else_reads_is_taken(url: str) -> None:
    assert checked_address(url, "other.internal, ERP.internal") == url.rstrip("/")
