import pytest

from ivr.reach.mail_address import is_mail_address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "klaus",
        "klaus@localhost",
        "@example.org",
        "klaus@example.org, erna@example.org",
        "klaus@example.org\nBcc: erna@example.org",
        "klaus@example.org\n",
        "Klaus <klaus@example.org>",
        "klaus @example.org",
        "klaus@-example.org",
        "klaus@example..org",
        "kläus@example.org",
        "a" * 65 + "@example.org",
        "klaus@" + "a" * 250 + ".org",
    ],
)
def test_anything_but_one_plain_address_is_refused(text: str) -> None:
    assert not is_mail_address(text)


@pytest.mark.parametrize("text", ["klaus@example.org", "k.m+news@mail.ex-ample.co.uk", "o'x@a.de"])
def test_plain_addresses_are_taken(text: str) -> None:
    assert is_mail_address(text)
