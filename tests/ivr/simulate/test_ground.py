"""Where a service is that runs already, and what it asks for."""

from dataclasses import replace

import pytest

from ivr.errors import BadSettings
from ivr.settings import (
    AudioSocketSettings,
    FreeSwitchSettings,
    GatewaySettings,
    JambonzSettings,
    Settings,
    TwilioSettings,
    VoskServerSettings,
)
from ivr.simulate.ground import open_for_all, running
from ivr.simulate.leg import Door

DOORS = GatewaySettings(
    public_url="https://ivr.example.com/",
    audiosocket=AudioSocketSettings(port=9092),
    vosk_server=VoskServerSettings(port=2700),
    jambonz=JambonzSettings(secrets="new, old"),
    twilio=TwilioSettings(tokens="one,another"),
    freeswitch=FreeSwitchSettings(secret="shown"),
)
SETTINGS = replace(Settings(), gateways=DOORS)


@pytest.mark.parametrize(
    "address",
    [
        *("", "/", "http://", "ftp://127.0.0.1", "http://127.0.0.1:port", "http://127.0.0.1:0"),
        *("http://127.0.0.1:99999", "http://[::1", "http://127.0.0.1:8080/v1/calls"),
    ],
)
def test_what_is_no_address_of_a_service_is_refused(address: str) -> None:
    with pytest.raises(BadSettings, match="looks like"):
        running(SETTINGS, address)


@pytest.mark.parametrize(
    ("address", "url", "ws"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080", "ws://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080", "ws://localhost:8080"),
        ("https://ivr.example.com", "https://ivr.example.com", "wss://ivr.example.com"),
        ("http://[::1]:8080", "http://[::1]:8080", "ws://[::1]:8080"),
    ],
)
def test_an_address_is_written_in_several_ways(address: str, url: str, ws: str) -> None:
    door = running(SETTINGS, address)

    assert (door.url, door.ws) == (url, ws)


def test_a_service_that_runs_is_called_with_its_own_secrets_the_newest_of_several() -> None:
    service = replace(SETTINGS.service, token="a token")

    assert running(replace(SETTINGS, service=service), "127.0.0.1:8080") == Door(
        url="http://127.0.0.1:8080",
        public_url="https://ivr.example.com",
        audiosocket_port=9092,
        vosk_port=2700,
        token="a token",
        jambonz_secret="new",
        twilio_token="one",
        freeswitch_secret="shown",
    )


def test_no_secret_shows_where_a_door_is_printed() -> None:
    door = running(SETTINGS, "127.0.0.1:8080")

    assert not any(secret in repr(door) for secret in ("new", "one", "shown"))


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_house_of_our_own_is_open_to_this_machine_only_with_secrets_drawn_anew() -> None:
    settings, door = open_for_all(SETTINGS, is_fast=True)
    other, _ = open_for_all(SETTINGS, is_fast=False)

    assert settings.service.host == "127.0.0.1"
    assert settings.service.token == door.token
    assert settings.gateways.twilio.tokens == door.twilio_token
    assert settings.service.token != other.service.token
    assert [each.gateways.live.pacing for each in (settings, other)] == ["lockstep", "clock"]
