"""The amount of money in a sentence, such as 49.90 EUR."""

import re
from decimal import Decimal

_CURRENCIES = {
    "EUR": r"euros?|eur|€|teuro",
    "USD": r"dollars?|usd|us-dollar|\$",
    "GBP": r"pounds?|pfund|gbp|£|quid",
    "CHF": r"franken|francs?|chf|fränkli",
}
_ANY = "|".join(_CURRENCIES.values())
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SMALL = r"cents?|c|rappen|pence|p"
_NO_CENTS = r"uhr|tage?n?|mal|prozent|%|days?|weeks?|months?|monaten?|wochen?|o'clock|am\b|pm\b"

_AFTER = re.compile(
    rf"(?:(?P<whole>\d{{1,4}}) (?=\d\d\b ?(?:{_ANY})(?!\w)))?"
    rf"(?<![\w.,])(?P<number>{_NUMBER}) ?(?P<currency>{_ANY})(?!\w)"
    rf"(?: ?(?:und |and )?(?P<cents>\d\d?)(?![\d.,]\d|\d)"
    rf"(?:(?P<named> ?(?:{_SMALL})\b)|(?! ?(?:{_NO_CENTS}))))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<!\w)(?P<currency>€|\$|£|eur|usd|gbp|chf) ?(?P<number>{_NUMBER})(?!\w)", re.IGNORECASE
)
_ONLY_CENTS = re.compile(r"(?<![\w.,])(?P<cents>\d\d?) ?(?:cents?|pence)\b", re.IGNORECASE)
_DECIMALS = re.compile(r"(.*)[.,](\d{1,2})")


def read_amount(written: str) -> str | None:
    """The first amount with its currency; numbers are in digits.

    "49 Euro 90", "49,90 Euro", "€49.90" and "49 90 Euro" are all 49.90 EUR. A number without a
    currency is no amount.
    """
    found = min(
        (match for form in (_BEFORE, _AFTER) if (match := form.search(written))),
        key=lambda match: match.start(),
        default=None,
    )
    if found is None:
        cents = _ONLY_CENTS.search(written)
        return f"{Decimal(cents['cents']) / 100:.2f} EUR" if cents else None
    return f"{_value(found.groupdict()):.2f} {_currency(found['currency'])}"


def _value(found: dict[str, str | None]) -> Decimal:
    value = _decimal(found["number"] or "0")
    if whole := found.get("whole"):
        return Decimal(whole) + value / 100
    cents = found.get("cents")
    said_as_cents = cents and (len(cents) == 2 or found.get("named"))  # noqa: PLR2004 - "fünf Euro neunzig"
    return value + Decimal(cents or 0) / 100 if said_as_cents else value


def _decimal(number: str) -> Decimal:
    """One or two digits after the last mark are cents; every other mark groups thousands."""
    whole, cents = number, "0"
    if found := _DECIMALS.fullmatch(number):
        whole, cents = found[1], found[2]
    return Decimal(re.sub(r"\D", "", whole) + "." + cents)


def _currency(said: str) -> str:
    return next(
        code for code, names in _CURRENCIES.items() if re.fullmatch(names, said, re.IGNORECASE)
    )
