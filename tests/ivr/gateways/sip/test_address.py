import pytest

from ivr.gateways.sip.address import branch_of, parts_of, seen_from, tag_of, uri_of, user_of


@pytest.mark.parametrize(
    ("value", "uri", "user", "tag"),
    [
        ('"Klaus" <sip:+4989@10.0.0.7>;tag=a1', "sip:+4989@10.0.0.7", "+4989", "a1"),
        ("<sip:%2B49@host;user=phone>;x=y; TAG = b.2", "sip:%2B49@host;user=phone", "+49", "b.2"),
        ("sip:17@host;tag=3", "sip:17@host", "17", "3"),
        ("<tel:+49-89-123456;ext=1>", "tel:+49-89-123456;ext=1", "+49-89-123456", ""),
        ("<sip:17;phone-context=x:secret@host>", "sip:17;phone-context=x:secret@host", "17", ""),
        ('"<sip:evil@x>;tag=9" <sip:good@y>;tag=1', "sip:good@y", "good", "1"),
        ("<sip:host>", "sip:host", "", ""),
        ("<mailto:klaus@host>", "mailto:klaus@host", "", ""),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_who_is_meant(value: str, uri: str, user: str, tag: str) -> None:
    assert (uri, user, tag) == (uri_of(value), user_of(uri_of(value)), tag_of(value))


def test_values_that_were_joined() -> None:
    joined = ('<sip:a@b;x=1,2>, "one, two" <sip:c@d>', "<sip:e@f>")

    assert parts_of(joined) == ("<sip:a@b;x=1,2>", '"one, two" <sip:c@d>', "<sip:e@f>")


def test_the_way_back_is_the_way_it_came() -> None:
    via = "SIP/2.0/UDP 10.0.0.7:5060;rport;branch=z9hG4bK1, SIP/2.0/UDP other;rport"

    assert branch_of(via) == "z9hG4bK1"
    assert seen_from(via, ("192.0.2.7", 4711)) == (
        "SIP/2.0/UDP 10.0.0.7:5060;rport=4711;branch=z9hG4bK1;received=192.0.2.7,"
        " SIP/2.0/UDP other;rport"
    )
