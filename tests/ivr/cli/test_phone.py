from dataclasses import replace

from ivr.cli.phone import to_be_called
from ivr.settings import GatewaySettings, PhoneSettings, Settings, SipSettings


def test_trying_opens_nothing_to_other_machines() -> None:
    doors = GatewaySettings(
        sip=SipSettings(host="0.0.0.0", allow="10.0.0.0/8"),  # noqa: S104 - to be overruled
        phone=PhoneSettings(token="kept"),
    )
    tried = to_be_called(replace(Settings(), gateways=doors), sip_port=5070).gateways

    assert tried.sip == SipSettings(host="127.0.0.1", allow="", port=5070)
    assert tried.phone == PhoneSettings(enabled=True, token="kept")


def test_by_default_both_telephones_are_off() -> None:
    doors = GatewaySettings()

    assert (doors.phone.enabled, doors.sip.port) == (False, 0)


def test_the_business_is_the_one_that_is_named() -> None:
    settings = Settings()

    assert to_be_called(settings, sip_port=0, pack="bank").understand.pack == "bank"
    assert to_be_called(settings, sip_port=0).understand == settings.understand
