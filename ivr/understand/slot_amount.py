"""The amount of money in a sentence, such as 49.90 EUR."""

import re
from decimal import Decimal

_CURRENCIES = {
    "EUR": r"euros?|eur|€|teuro",
    "USD": r"(?:us[- ])?dollars?|usd|\$",
    "GBP": r"pounds?|pfund|gbp|£|quid",
    "CHF": r"franken|francs?|chf|fränkli",
}
CURRENCY = "|".join(_CURRENCIES.values())
"""Pattern of any currency, to be used in a group and without regard to case."""

NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
"""Pattern of a sum in digits, to be used in a group."""

_SMALL = r"cents?|c|rappen|pence|p"
_NO_CENTS = r"uhr|tage?n?|mal|prozent|%|days?|weeks?|months?|monaten?|wochen?|o'clock|am\b|pm\b"

_AFTER = re.compile(
    rf"(?:(?P<whole>\d{{1,4}}) (?=\d\d\b ?(?:{CURRENCY})(?!\w)))?"
    rf"(?<![\w.,])(?P<number>{NUMBER}) ?(?P<currency>{CURRENCY})(?!\w)"
    rf"(?: ?(?:und |and )?(?P<cents>\d\d?)(?![\d.,]\d|\d)"
    rf"(?:(?P<named> ?(?:{_SMALL})\b)|(?! ?(?:{_NO_CENTS}))))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<!\w)(?P<currency>€|\$|£|eur|usd|gbp|chf) ?(?P<number>{NUMBER})(?!\w|[.,]\d)"
    r"(?! ?(?:mio|mrd|million|thousand|tausend|grand|1000))",
    re.IGNORECASE,
)
_ONLY_CENTS = re.compile(r"(?<![\w.,])(?P<cents>\d\d?) ?(?:cents?|pence)\b", re.IGNORECASE)
_ONE = re.compile(rf"(?<!\w)(?:eine[nm]?|ein|one) (?=(?:{CURRENCY})(?!\w))", re.IGNORECASE)
_ONE_AND_A_HALF = re.compile(
    r"(?<!und )(?<!and )\b(?:anderthalb|eineinhalb|one and a half)\b", re.IGNORECASE
)
_HALF = re.compile(
    r"(?<!und )(?<!and )\b(?:eine[rn]? halben?|half an?) (?=10{3,}\b)", re.IGNORECASE
)
_SCALED = re.compile(r"(?<![\w.,])(\d+)[.,](\d{1,2}) (1000|1000000|1000000000)\b")
_VAGUE = re.compile(
    r"(?:\w*halb\w*|half(?: an?)?|paar|couple(?: of)?|few|several|mehreren?|einigen?|many|viele)"
    r"\s+$",
    re.IGNORECASE,
)
_JOINED = re.compile(
    rf"\d(?: ?(?:{CURRENCY}))?(?: ?[-\u2013] ?| (?:(?:bis(?: zu)?|to|oder|or|und|and) )?)$",
    re.IGNORECASE,
)
"""A number stands right before: a range, a choice, or digits that were said one by one."""

_TO_MORE = re.compile(
    rf" ?[-\u2013] ?\d| (?:bis(?: zu)?|to|oder|or) "
    rf"(?:[€$£] ?\d|(?:{NUMBER}) ?(?:{CURRENCY})(?!\w))",
    re.IGNORECASE,
)
_LONE_DIGIT_ENDS = re.compile(r"\s*(?:[.?!]?\s*$|[,;])")
_DECIMALS = re.compile(r"(.*)[.,](\d{1,2})")


def read_amount(written: str) -> str | None:
    """The first amount with its currency; numbers are in digits.

    "49 Euro 90", "49,90 Euro", "€49.90" and "49 90 Euro" are all 49.90 EUR. A number without a
    currency is no amount; neither is a range, a choice or "a few hundred".
    """
    written = _write_halves(written)
    found = min(
        (match for form in (_BEFORE, _AFTER) if (match := form.search(written))),
        key=lambda match: match.start(),
        default=None,
    )
    if found is None:
        cents = _ONLY_CENTS.search(written)
        return f"{Decimal(cents['cents']) / 100:.2f} EUR" if cents else None
    if _is_unsure(found):
        return None
    return f"{_value(found.groupdict()):.2f} {_currency(found['currency'])}"


def _write_halves(written: str) -> str:
    """Makes "1500" of "anderthalb 1000" and "1 Euro" of "ein Euro"."""
    written = _ONE_AND_A_HALF.sub("1,5", _HALF.sub("0,5 ", _ONE.sub("1 ", written)))
    return _SCALED.sub(
        lambda found: f"{Decimal(f'{found[1]}.{found[2]}') * int(found[3]):.0f}", written
    )


def _is_unsure(found: re.Match[str]) -> bool:
    before, after = found.string[: found.start()], found.string[found.end() :]
    if _VAGUE.search(before) or _JOINED.search(before) or _TO_MORE.match(after):
        return True
    parts = found.groupdict()
    is_lone_digit = len(parts.get("cents") or "") == 1 and not parts.get("named")
    return is_lone_digit and not _LONE_DIGIT_ENDS.match(after)


def _value(found: dict[str, str | None]) -> Decimal:
    value = _decimal(found["number"] or "0")
    if whole := found.get("whole"):
        return Decimal(whole) + value / 100
    return value + Decimal(found.get("cents") or 0) / 100


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
