"""Takes out of a sentence what belongs to one person, and leaves what was wanted."""

import re
from collections.abc import Iterable

_EMAIL = re.compile(r"\S+@\S+\.\w+")
_DOT = r"(?:punkt|dot|minus|bindestrich|unterstrich|underscore|dash|hyphen)"
_SPOKEN_EMAIL = re.compile(
    rf"\b\w+(?: {_DOT} \w+)* (?:at|ät|et|klammeraffe) \w+(?: {_DOT} \w+)* (?:punkt|dot) \w+",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}[ -]?\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}(?:[ -]?[A-Z0-9])?\b")

_STREET = re.compile(
    r"\b[A-ZÄÖÜ][\w-]*?(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer)\s+\d+\w?",
)
_SPACED_STREET = re.compile(r"\b[A-ZÄÖÜ][\w-]+ (?:Straße|Weg|Platz|Allee|Gasse)\s+\d+\w?")
_ROAD = re.compile(
    r"\b\d+\w? (?:[A-Z][\w'-]+ ){1,3}(?:Road|Street|Lane|Avenue|Drive|Close|Way|Court|Square)\b"
)

_NAME = r"(?:[A-ZÄÖÜ][\w'-]+)"
_INTRODUCED = re.compile(
    rf"\b((?i:mein name ist|ich heiße|ich heisse|hier spricht|my name is|my name's))"
    rf"((?: {_NAME}){{1,3}})"
)
_TWO_NAMES = re.compile(
    rf"\b((?i:hier ist|ich bin|this is|i am|i'm|it's))((?: {_NAME}){{2,3}})(?=[,.!?]|$)"
)
_TITLED = re.compile(rf"\b(Herrn?|Frau|Mr|Mrs|Ms|Miss|Doktor|Dr)(\.?)((?: {_NAME}){{1,2}})")

_NUMBER_WORD = (
    r"(?:null|eins?|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
    r"|(?:ein|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun)(?:und)?\w*(?:zig|ßig|hundert)\w*"
    r"|\w+zehn|\w+zig|\w+ßig"
    r"|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|double|triple|doppel|hundred|thousand|tausend)"
)
_NUMBERS = re.compile(
    rf"\b{_NUMBER_WORD}(?:(?:[ ,.-]+(?:und |and )?){_NUMBER_WORD}){{2,}}\b", re.IGNORECASE
)
_SPELLED = re.compile(r"\b(?:[A-ZÄÖÜa-zäöü](?:[.,-]+ ?| )){3,}[A-ZÄÖÜa-zäöü]\b\.?")
_DIGIT = re.compile(r"\d")

_SOMEBODY = "Name"
_ADDRESS = "name@example.org"


def masked(text: str, *, names: Iterable[str] = ()) -> str:
    """The sentence with every digit 0 and without addresses, numbers in words and names.

    Names are found where they are introduced or titled, and where they are among `names`. Others
    stay, as does whatever else only a person would notice.
    """
    text = _EMAIL.sub(_ADDRESS, text)
    text = _SPOKEN_EMAIL.sub(_ADDRESS, text)
    text = _IBAN.sub("IBAN", text)
    for road in (_STREET, _SPACED_STREET, _ROAD):
        text = road.sub("Gartenweg 0", text)
    text = _INTRODUCED.sub(rf"\1 {_SOMEBODY}", text)
    text = _TWO_NAMES.sub(rf"\1 {_SOMEBODY}", text)
    text = _TITLED.sub(rf"\1\2 {_SOMEBODY}", text)
    text = _without(text, names)
    text = _NUMBERS.sub("0000", text)
    text = _SPELLED.sub("A B C", text)
    return _DIGIT.sub("0", text)


def _without(text: str, names: Iterable[str]) -> str:
    """Whole words only, and their genitive: who is called Ernst may still be earnest."""
    parts = {part for name in names for part in re.findall(r"[\w'-]{2,}", name)}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(part)}(?:'?s)?\b", _SOMEBODY, text, flags=re.IGNORECASE)
    return text
