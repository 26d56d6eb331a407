"""Vectors that Twilio's own library made of the same addresses, forms and token."""

import pytest

from ivr.gateways.twilio.signature import is_signed, shown_by, signed_text, tokens_of

TOKENS = tokens_of("12345")
VOICE = "https://ivr.example.com/twilio/voice?lang=de"
FORM = [("CallSid", "CA1"), ("From", "+4989123456"), ("To", "+4930815"), ("Digits", "")]
SIGNATURE = "O5NVZTP1KgkQAwjHYaT+qAi+L20="


@pytest.mark.parametrize(
    ("shown", "url", "fields"),
    [
        ("", VOICE, FORM),
        (SIGNATURE[:-2] + "A=", VOICE, FORM),
        (SIGNATURE, VOICE + "&x=1", FORM),
        (SIGNATURE, VOICE.replace("ivr.", "evil."), FORM),
        (SIGNATURE, VOICE.replace("https", "http"), FORM),
        (SIGNATURE, VOICE, [*FORM[:-1], ("Digits", "1")]),
        (SIGNATURE, VOICE, [*FORM, ("Extra", "1")]),
        (SIGNATURE, VOICE, FORM[1:]),
        ("ü" * 28, VOICE, FORM),
    ],
)
def test_what_was_changed_is_not_signed(
    shown: str, url: str, fields: list[tuple[str, str]]
) -> None:
    assert not is_signed(shown, url, signed_text(fields), tokens=TOKENS)


def test_without_a_token_nothing_is_signed() -> None:
    assert tokens_of(" , ") == ()
    assert not is_signed(SIGNATURE, VOICE, signed_text(FORM), tokens=())


@pytest.mark.parametrize(
    ("signature", "url", "fields"),
    [
        (SIGNATURE, VOICE, FORM),
        ("twHldoHi7/fOCsYB6JTVa+PxsLk=", VOICE, FORM),
        (
            "ZaUd9UQW/+DqpiD9OBhvbMmfePs=",
            "https://ivr.example.com:8443/twilio/turn?lang=de&step=1",
            [("SpeechResult", "Grüß Gott, ich möchte umbuchen"), ("CallSid", "CA1")],
        ),
        ("aAY0gly5OyWbfkqX55WMc1f1JsI=", "https://ivr.example.com/twilio/status", []),
        ("UqebQGTLaMMqOYVPALVjIpWaESs=", "https://ivr.example.com/twilio/status", []),
        ("nJxpbqSk3PjNdbGM25JFEtc36Q4=", "https://IVR.example.com/twilio/status", []),
        (
            "K4/wyPgEMSRBPO3xVwTmXrl6Iak=",
            "https://ivr.example.com/twilio/turn?lang=de&step=1",
            [("B", "x"), ("A", "2"), ("A", "1"), ("A", "2")],
        ),
    ],
)
def test_what_twilio_signed_is_signed_with_the_port_and_without(
    signature: str, url: str, fields: list[tuple[str, str]]
) -> None:
    assert is_signed(signature, url, signed_text(fields), tokens=TOKENS)


def test_while_a_token_is_exchanged_both_count() -> None:
    assert is_signed(SIGNATURE, VOICE, signed_text(FORM), tokens=tokens_of("new, 12345"))
    assert not is_signed(SIGNATURE, VOICE, signed_text(FORM), tokens=tokens_of("new"))


def test_both_signers_have_a_header() -> None:
    assert shown_by({}) == ""
    assert shown_by({"X-Twilio-Signature": "a"}) == "a"
    assert shown_by({"X-SignalWire-Signature": "b"}) == "b"
