"""Where a request comes from."""

import pytest
from starlette.types import Scope

from ivr.service.address import address_of, is_here, source_of

PROXY = "10.0.0.1"


def scope(*forwarded: str, client: tuple[str, int] | None = (PROXY, 4711)) -> Scope:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return {"type": "http", "client": client, "headers": headers}


def test_nobody_is_believed_without_trusted_proxies() -> None:
    assert address_of(scope("203.0.113.9"), trusted_proxies=0) == PROXY


@pytest.mark.parametrize(
    "forwarded", [(), ("",), ("nonsense",), ("203.0.113.9, ",), ("[",), ("203.0.113.9.x",)]
)
def test_whoever_comes_past_the_proxy_is_known_by_the_socket(forwarded: tuple[str, ...]) -> None:
    assert address_of(scope(*forwarded), trusted_proxies=1) == PROXY


def test_what_the_client_wrote_itself_is_not_believed() -> None:
    assert address_of(scope("127.0.0.1, 203.0.113.9"), trusted_proxies=1) == "203.0.113.9"
    assert address_of(scope("127.0.0.1", "203.0.113.9"), trusted_proxies=1) == "203.0.113.9"
    forged = scope("127.0.0.1, 203.0.113.9, 10.0.0.2")
    assert address_of(forged, trusted_proxies=2) == "203.0.113.9"


def test_with_fewer_entries_than_proxies_nothing_in_them_is_believed() -> None:
    assert address_of(scope("127.0.0.1"), trusted_proxies=2) == PROXY


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
    ],
)
def test_ports_are_left_out(named: str, address: str) -> None:
    assert address_of(scope(named), trusted_proxies=1) == address


def test_a_socket_of_this_machine_has_no_address() -> None:
    assert address_of(scope(client=None), trusted_proxies=0) == ""
    assert is_here("")


@pytest.mark.parametrize("address", ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "0.0.0.0"])  # noqa: S104
def test_other_machines_are_not_this_one(address: str) -> None:
    assert not is_here(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_this_one(address: str) -> None:
    assert is_here(address)


def test_a_network_of_ipv6_is_one_source() -> None:
    assert source_of("2001:db8::1") == source_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert source_of("2001:db8:0:1::1") != source_of("2001:db8::1")


def test_an_ipv4_address_is_one_source_however_it_is_written() -> None:
    assert source_of("::ffff:192.0.2.1") == source_of("192.0.2.1") == "192.0.2.1"
    assert source_of("192.0.2.2") == "192.0.2.2"
