"""Read a caller id as gateways write it. Withheld and malformed numbers are values, not errors."""

import phonenumbers

from ivr.call import CallerNumber, Malformed, PhoneNumber, Withheld

_WITHHELD = frozenset(
    {"", "anonymous", "restricted", "private", "unavailable", "unknown", "withheld", "none", "null"}
)
"""What SIP (RFC 3323), Asterisk, Twilio and jambonz send when a caller hides the number."""

_SPELT_ON_KEYS = frozenset(
    {
        "+266696687",  # ANONYMOUS
        "+2562533",  # BLOCKED
        "+7378742833",  # RESTRICTED
        "+86282452253",  # UNAVAILABLE
        "+8656696",  # UNKNOWN
    }
)
"""What some carriers show instead, Twilio too: two of them would pass for Chinese numbers."""

_LONGEST = 64
"""Longer than any number or SIP user part; the rest is not worth parsing."""


def read_number(caller_id: str | None, *, region: str) -> CallerNumber:
    """The number behind a caller id such as +49 89 123456, 089123456 or a SIP address.

    `region` is the country (ISO 3166) whose numbers may come without a country code.
    """
    user = _user_part(caller_id or "")
    if user.lower() in _WITHHELD or user in _SPELT_ON_KEYS:
        return Withheld()
    if len(user) > _LONGEST or not _looks_like_a_number(user):
        return Malformed()
    try:
        number = phonenumbers.parse(user, region)
    except phonenumbers.NumberParseException:
        return Malformed()
    if not phonenumbers.is_possible_number(number):
        return Malformed()
    return PhoneNumber(e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _user_part(caller_id: str) -> str:
    """`sip:+49891@host;user=phone` and `"Klaus" <tel:+49891>` both name +49891."""
    text = caller_id.strip()
    if "<" in text and ">" in text:
        # The last pair: a display name before it is the caller's own writing.
        text = text[text.rindex("<") + 1 :].split(">")[0]
    for scheme in ("sips:", "sip:", "tel:"):
        if text.lower().startswith(scheme):
            text = text[len(scheme) :]
    return text.split("@")[0].split(";")[0].strip()


def _looks_like_a_number(user: str) -> bool:
    """The parser would also find a number inside other text; a caller id holds nothing else."""
    return any(char.isdigit() for char in user) and all(
        char.isdigit() or char in "+-./() " for char in user
    )
