"""Pages in the browser of somebody at this machine."""

import pytest

from ivr.service.browser_pages import is_of_another_site


@pytest.mark.parametrize(
    "header",
    [
        (b"origin", b"https://example.com"),
        (b"origin", b"http://localhost.example.com"),
        (b"origin", b"null"),
        (b"origin", b"http://[::1"),
        (b"origin", b"file://"),
        (b"host", b"rebound.example.com:8080"),
        (b"host", b"127.0.0.1.example.com"),
    ],
)
def test_pages_of_other_sites_are_found_out(header: tuple[bytes, bytes]) -> None:
    assert is_of_another_site([header])
    assert is_of_another_site([(b"host", b"127.0.0.1:8080"), (b"origin", b"http://[::1]"), header])


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"host", b"127.0.0.1:8080")],
        [(b"host", b"ivr:8080")],
        [(b"host", b"[::1]:8080"), (b"origin", b"http://localhost:8080")],
        [(b"host", b"localhost"), (b"origin", b"http://127.0.0.1:8080")],
    ],
)
def test_gateways_and_our_own_page_are_not(headers: list[tuple[bytes, bytes]]) -> None:
    assert not is_of_another_site(headers)
