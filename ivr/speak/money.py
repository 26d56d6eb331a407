"""Amounts of money, readable and spoken."""

import re

from ivr.call import Language
from ivr.speak.rendering import Rendering, cardinal

_CURRENCIES = {
    Language.GERMAN: {
        "EUR": ("Euro", "Euro"),
        "CHF": ("Franken", "Franken"),
        "USD": ("Dollar", "Dollar"),
        "GBP": ("Pfund", "Pfund"),
    },
    Language.ENGLISH: {
        "EUR": ("euro", "euros"),
        "CHF": ("franc", "francs"),
        "USD": ("dollar", "dollars"),
        "GBP": ("pound", "pounds"),
    },
}
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}

_CURRENCY = r"EUR|CHF|USD|GBP|[€$£]"
_NUMBER = r"(-?)([0-9]{1,3}(?:[.,]?[0-9]{3}){0,3})(?:[.,]([0-9]{1,2}))?"
"""Below a trillion; a mark with one or two digits behind it parts the cents."""


def money(value: str, language: Language) -> Rendering | None:
    """49.90 EUR, also 49,90 EUR, 1,234.50 EUR, EUR 49.90 and 49.90 €."""
    flipped = re.sub(rf"^({_CURRENCY}) ?(.+)$", r"\2 \1", value)
    parts = re.fullmatch(rf"{_NUMBER} ?({_CURRENCY})", flipped)
    if parts is None:
        return None
    minus, number, cents, sign = parts.groups()
    whole = int(re.sub(r"[.,]", "", number))
    hundredths = int((cents or "0").ljust(2, "0"))
    names = _CURRENCIES[language][_SIGNS.get(sign, sign)]
    render = _german if language is Language.GERMAN else _english
    amount = render(whole, hundredths, names)
    if not minus:
        return amount
    return Rendering(readable=f"minus {amount.readable}", spoken=f"minus {amount.spoken}")


def _german(whole: int, cents: int, names: tuple[str, str]) -> Rendering:
    digits = f"{whole:,}".replace(",", ".") + (f",{cents:02d}" if cents else "")
    words = "ein" if whole == 1 else cardinal(whole, Language.GERMAN)
    spoken = f"{words} {names[0]}"
    if cents:
        spoken += f" {cardinal(cents, Language.GERMAN)}"
    return Rendering(readable=f"{digits} {names[0]}", spoken=spoken)


def _english(whole: int, cents: int, names: tuple[str, str]) -> Rendering:
    one, many = names
    words = f"{cardinal(whole, Language.ENGLISH)} {one if whole == 1 else many}"
    if not cents:
        return Rendering(readable=f"{whole:,} {one if whole == 1 else many}", spoken=words)
    cent = "cent" if cents == 1 else "cents"
    return Rendering(
        readable=f"{whole:,}.{cents:02d} {many}",
        spoken=f"{words} and {cardinal(cents, Language.ENGLISH)} {cent}",
    )
