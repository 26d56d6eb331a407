"""One fact in two renderings, and the words they are made of."""

import re
import unicodedata
from dataclasses import dataclass, field

from num2words import num2words

from ivr.call import Language

_LONGEST_FACT = 160
"""Characters; a longer fact is cut, for nobody listens to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """One fact, twice."""

    readable: str = field(repr=False)
    """For people who read, such as LH Flug 815."""

    spoken: str = field(repr=False)
    """For voices, such as L H Flug acht eins fünf."""


def cardinal(number: int, language: Language) -> str:
    """The number in words, as one says it."""
    return str(num2words(number, lang=str(language))).replace(",", "")


def ordinal(number: int, language: Language) -> str:
    """The number as a rank: vierundzwanzigste, twenty-fourth."""
    return str(num2words(number, lang=str(language), to="ordinal"))


def spelt(text: str, language: Language) -> str:
    """Letters and digits one by one, a pause (comma) between groups parted by a space."""
    groups = re.findall(r"[A-Za-z0-9+]+", text)
    return ", ".join(" ".join(_sign_name(sign, language) for sign in group) for group in groups)


def in_groups(text: str, size: int) -> str:
    """Groups from the left; a single sign at the end joins the group before it."""
    groups = [text[at : at + size] for at in range(0, len(text), size)]
    if len(groups) > 1 and len(groups[-1]) == 1 and size < 4:  # noqa: PLR2004 - IBANs keep theirs
        groups[-2:] = ["".join(groups[-2:])]
    return " ".join(groups)


def tidy(value: str) -> str:
    """One line of bounded length, without brackets that could mark anything up."""
    plain = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" or sign in "<>{}[]" else sign
        for sign in unicodedata.normalize("NFC", value)
    )
    return " ".join(plain.split())[:_LONGEST_FACT].rstrip()


def _sign_name(sign: str, language: Language) -> str:
    if sign == "+":
        return "plus"
    return cardinal(int(sign), language) if sign.isdigit() else sign.upper()
