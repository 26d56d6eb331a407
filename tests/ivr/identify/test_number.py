import pytest

from ivr.call import Malformed, PhoneNumber, Withheld
from ivr.identify.number import read_number


@pytest.mark.parametrize(
    "caller_id",
    [
        None,
        "",
        "  ",
        "anonymous",
        "Anonymous",
        "Restricted",
        "sip:anonymous@anonymous.invalid",
        "+266696687",
        "sip:+86282452253@carrier.example",
        "+8656696",
    ],
)
def test_a_hidden_number_is_withheld(caller_id: str | None) -> None:
    assert Withheld() == read_number(caller_id, region="DE")


@pytest.mark.parametrize(
    "caller_id",
    ["'; DROP TABLE customers; --", "Klaus", "+", "1", "+49" + "1" * 40, "9" * 10_000, "+4989\x00"],
)
def test_what_is_no_number_is_malformed_and_no_error(caller_id: str) -> None:
    assert Malformed() == read_number(caller_id, region="DE")


@pytest.mark.parametrize(
    "caller_id",
    [
        "+4989123456",
        "+49 89 123456",
        "089 123456",
        "0049 89 123456",
        "(089) 12-34-56",
        "tel:+4989123456",
        "sip:+4989123456@pbx.example;user=phone",
        '"Klaus" <sip:+4989123456@pbx.example>',
    ],
)
def test_every_spelling_of_a_number_is_the_same_number(caller_id: str) -> None:
    assert PhoneNumber(e164="+4989123456") == read_number(caller_id, region="DE")


@pytest.mark.parametrize(
    "caller_id",
    ['"<+4989123456>" <sip:evil@x>', '"tel <+4989123456>" <sip:anonymous@anonymous.invalid>'],
)
def test_a_callers_display_name_is_no_caller_id(caller_id: str) -> None:
    assert read_number(caller_id, region="DE") in (Malformed(), Withheld())


def test_a_number_without_country_code_belongs_to_the_region() -> None:
    assert PhoneNumber(e164="+442079460018") == read_number("020 7946 0018", region="GB")


def test_a_number_does_not_print() -> None:
    assert "89123456" not in repr(read_number("+4989123456", region="DE"))
