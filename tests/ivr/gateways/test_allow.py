import pytest

from ivr.errors import BadSettings
from ivr.gateways.allow import allowed_networks, may_connect


@pytest.mark.parametrize(
    "address", ["10.0.0.7", "192.168.1.1", "2001:db8::1", "", "nonsense", "127.0.0.1.example.com"]
)
def test_who_is_not_named_may_not_connect(address: str) -> None:
    assert not may_connect(address, ())


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.9.9.9"])
def test_this_machine_always_may(address: str) -> None:
    assert may_connect(address, ())


def test_named_addresses_and_networks_may() -> None:
    networks = allowed_networks("10.0.0.7, 192.168.0.0/16,2001:db8::/32")

    assert may_connect("10.0.0.7", networks)
    assert may_connect("::ffff:10.0.0.7", networks)
    assert may_connect("192.168.44.5", networks)
    assert may_connect("2001:db8::5", networks)
    assert not may_connect("10.0.0.8", networks)


def test_what_is_no_address_is_refused_when_settings_are_read() -> None:
    with pytest.raises(BadSettings, match="look like"):
        allowed_networks("10.0.0.7, everybody")
