"""The postal address in a sentence, such as Gartenweg 5, 80331 München."""

import re
from dataclasses import dataclass

_STREET_ENDINGS = (
    r"straße|strasse|str|weg|platz|allee|gasse|ring|ufer|damm|hof|berg|graben|chaussee|promenade|"
    r"steig|stieg|markt|park|wall|kamp|brücke|garten|gärten|pfad|stiege|zeile|tor|winkel|anger|"
    r"feld|grund|höhe|hang|bogen|kai|heide|aue|wiese|eck|blick"
)
_LETTERS = r"[^\W\d_]"
_BEFORE_STREET = (
    r"(?:(?:am|an der|an den|auf der|auf dem|in der|in den|im|unter den|zum|zur|hinter der|hinter "
    r"dem|alte[nrs]?|neue[nrs]?|große[nrs]?|kleine[nrs]?|obere[nrs]?|untere[nrs]?|lange[nrs]?|"
    r"hohe[nrs]?|sankt|st\.) )"
)
_NAMED_STREET = (
    rf"(?:{_BEFORE_STREET})?(?:{_LETTERS}+-)*(?:{_LETTERS}{{3,}}(?:{_STREET_ENDINGS})"
    rf"|{_LETTERS}{{3,}}[ -](?:{_STREET_ENDINGS}))"
)
_ODD_STREET = (
    rf"(?:am|an der|an den|auf der|auf dem|in der|in den|im|unter den|zum|zur|hinter der)"
    rf" {_LETTERS}{{3,}}(?: {_LETTERS}{{3,}})?"
)
_NUMBER = (
    r"\.?,? (?:(?:haus)?nummer |hausnr\.? |nr\.? |number )?"
    r"(?P<digits>\d{1,3}(?!\d)(?: ?(?P<letter>[a-h])(?![^\W_]))?(?:[ ,.]+\d+)*|\d[\d ,]*)"
)
_TOWN = (
    rf"(?:{_LETTERS}+)(?:-{_LETTERS}+)*(?: (?:am|an der|im|in der|ob der|vor der|bei|on|upon) "
    rf"{_LETTERS}{{3,}})?"
)
_BEFORE_TOWN = r"(?:bad|sankt|st\.|new|neu|alt|hohen|markt|great|little|north|south|east|west)"
_TO_TOWN = (
    rf"(?:(?:,| in(?: der stadt)?|,? und zwar in|,? (?:die )?postleitzahl(?: ist)?| ) ?)*"
    rf"(?P<town>(?:{_BEFORE_TOWN} )?{_TOWN})?"
)

_AFTER_STREET = (
    rf"{_NUMBER}(?:,? (?:(?:in|die|und|mit der|postleitzahl|ist) )*"
    rf"(?P<postcode>\d[\d ]{{3,8}}\d)(?!\d))?{_TO_TOWN}"
)
_GERMAN = re.compile(rf"\b(?P<street>{_NAMED_STREET}){_AFTER_STREET}", re.IGNORECASE)
_GERMAN_ODD = re.compile(rf"\b(?P<street>{_ODD_STREET}){_AFTER_STREET}", re.IGNORECASE)
"""Such as "Am Markt": taken for a street only where a postcode follows."""

_ROADS = (
    r"street|st|road|rd|lane|ln|avenue|ave|drive|close|way|place|square|court|gardens?|crescent|"
    r"terrace|hill|row|grove|park|boulevard|mews|walk|green|parade|rise|view"
)
_UK_POSTCODE = r"[a-z] ?(?:[a-z] ?)?\d ?(?:\d ?|[a-z] ?)??,? ?\d ?[a-z] ?[a-z]"
_ENGLISH = re.compile(
    rf"\b(?P<digits>\d(?:[\d ]{{0,6}}\d)?)(?: ?(?P<letter>[a-h])(?= ))?,? "
    rf"(?P<street>(?:{_LETTERS}+['\u2019]?s? ){{1,3}}?(?:{_ROADS}))\b\.?"
    rf"(?:,?(?: in| and the town is)? (?P<town>(?!in\b|and\b|please\b|postcode\b)"
    rf"(?:{_BEFORE_TOWN} )?{_TOWN}))?"
    rf"(?:,?(?: (?:the )?(?:postcode|post code|postal code|zip(?: code)?)(?: is)?)?,? "
    rf"(?P<postcode>{_UK_POSTCODE}|\d{{5}})(?![^\W_]))?",
    re.IGNORECASE,
)

_NO_TOWNS = frozenset({
    "und", "ist", "bitte", "danke", "ich", "das", "die", "der", "mein", "meine", "nicht",
    "sondern", "wohne", "wohnt", "umgezogen", "ziehe", "zieh", "gezogen", "um", "ab", "seit",
    "am", "vom", "zum", "nach", "ja", "nein", "also", "gemeldet", "and", "is", "please",
    "thanks", "thank", "i", "my", "that", "the", "not", "but", "from", "since", "as", "with",
    "starting", "to", "heißt", "lautet", "ändern", "geändert", "in", "ein", "eine", "im", "bis",
    "mit", "für", "now", "instead", "wo", "jetzt", "neu", "alt", "postleitzahl", "postcode",
    "nummer", "hausnummer", "stimmt", "uhr",
})  # fmt: skip
_LEADING = frozenset({
    "die", "der", "das", "den", "dem", "meine", "neue", "unsere", "adresse", "lautet", "ist",
    "in", "of", "at", "to",
})  # fmt: skip
_NO_STREETS = frozenset({
    "bestellung", "rechnung", "buchung", "flug", "karte", "nummer", "vertrag", "auftrag", "kunden",
    "mein", "meinen", "meinem", "dein", "ihr", "unser", "ein", "einen", "kein", "sitz",
})  # fmt: skip
_SMALL = frozenset({"am", "an", "auf", "der", "dem", "den", "im", "in", "ob", "vor", "on", "upon"})
_POSTCODE_DIGITS = 5
_MOST_HOUSE_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a house stands."""

    street: str
    number: str
    postcode: str = ""
    town: str = ""
    is_number_first: bool = False

    def __str__(self) -> str:
        if self.is_number_first:
            place = f"{self.town} {self.postcode}".strip()
            house = f"{self.number} {self.street}"
        else:
            place = f"{self.postcode} {self.town}".strip()
            house = f"{self.street} {self.number}"
        return f"{house}, {place}" if place else house


def read_address(written: str) -> str | None:
    """Street and house number, with postcode and town where they were said; numbers are in digits.

    German order, or English where the number stands before the road. A street without a number
    is no address.
    """
    for street in _GERMAN.finditer(written):
        if place := _german(street):
            return str(place)
    if (road := _ENGLISH.search(written)) and (place := _english(road)):
        return str(place)
    place = _odd(written)
    return str(place) if place and place.postcode else None


def read_bare_address(written: str) -> str | None:
    """As `read_address`, of an answer: "Am Markt 1" cannot be anything else."""
    place = _odd(written)
    return read_address(written) or (str(place) if place else None)


def _odd(written: str) -> _Place | None:
    found = _GERMAN_ODD.search(written)
    return _german(found) if found else None


def with_house_number(address: str, number: str) -> str:
    """The same address, another house."""
    return _HOUSE_NUMBER.sub(lambda found: f"{found[1] or ''}{number}{found[3] or ''}", address, 1)


def with_postcode(address: str, postcode: str) -> str:
    """The same address, another postcode."""
    changed, count = re.subn(r"(?<=, )\d{5}\b", postcode, address, count=1)
    return changed if count else f"{address}, {postcode}"


_HOUSE_NUMBER = re.compile(r"^(\D+ )?(\d+[a-h]?)((?:,| ).*)?$")


def _german(found: re.Match[str]) -> _Place | None:
    number, postcode = _split(found["digits"])
    if not _is_street(found):
        return None
    if found["postcode"]:
        postcode = re.sub(r"\D", "", found["postcode"])
    if not number or (postcode and len(postcode) != _POSTCODE_DIGITS):
        return None
    return _Place(
        street=_street(found["street"]),
        number=number,
        postcode=postcode,
        town=_town(found["town"], found.string, is_sure=bool(postcode) or _says_in(found)),
    )


def _is_street(found: re.Match[str]) -> bool:
    """Neither is a seat, such as "mein Platz 23", nor an order, such as "zur Bestellung 505012"."""
    words = found["street"].split()
    while words and words[0].casefold() in _LEADING:
        words = words[1:]
    is_cased = found.string != found.string.casefold()
    is_one_word = len(words) == 1 and not re.fullmatch(_STREET_ENDINGS, words[0], re.IGNORECASE)
    is_named = len(words) > 1 and (words[0][0].isupper() or not is_cased)
    return (is_one_word or is_named) and not {word.casefold() for word in words} & _NO_STREETS


def _split(digits: str) -> tuple[str, str]:
    """House number and postcode of what was said in a row: "5 80 3 3 1" is 5 and 80331."""
    found = re.fullmatch(r"(\d{1,3}) ?([a-hA-H])(?:[ ,.]+([\d ,.]*))?", digits)
    if found:
        return found[1] + found[2].lower(), re.sub(r"\D", "", found[3] or "")
    row = re.sub(r"\D", "", digits)
    if len(row) > _POSTCODE_DIGITS:
        number, postcode = row[:-_POSTCODE_DIGITS], row[-_POSTCODE_DIGITS:]
    else:
        number, postcode = row, ""
    return (number, postcode) if 0 < len(number) <= _MOST_HOUSE_DIGITS else ("", "")


def _says_in(found: re.Match[str]) -> bool:
    between = found.string[found.end("digits") : found.start("town")] if found["town"] else ""
    return "," in between or " in " in f" {between} "


def _street(said: str) -> str:
    words = said.replace("strasse", "straße").replace("Strasse", "Straße").split()
    while len(words) > 1 and words[0].casefold() in _LEADING:
        words = words[1:]
    street = " ".join(
        word if place and word.casefold() in _SMALL else _capital(word)
        for place, word in enumerate(words)
    )
    return re.sub(r"(?i)str$", lambda end: "Straße" if end[0] == "Str" else "straße", street)


def _town(said: str | None, sentence: str, *, is_sure: bool) -> str:
    if not said:
        return ""
    words = said.split()
    is_cased = sentence != sentence.casefold()
    is_town = words[0].casefold() not in _NO_TOWNS and (said[0].isupper() or not is_cased)
    if not (is_town and is_sure):
        return ""
    return " ".join(word if word.casefold() in _SMALL else _capital(word) for word in words)


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _english(found: re.Match[str]) -> _Place | None:
    number = found["digits"].replace(" ", "") + (found["letter"] or "").lower()
    words = found["street"].split()
    if len(number) > _MOST_HOUSE_DIGITS + 1 or {word.casefold() for word in words} & _NO_TOWNS:
        return None
    town = found["town"] or ""
    return _Place(
        street=" ".join(_capital(word) for word in words),
        number=number,
        postcode=_uk_postcode(found["postcode"] or ""),
        town=_town(town, found.string, is_sure=bool(town[:1].isupper() or found["postcode"])),
        is_number_first=True,
    )


def _uk_postcode(said: str) -> str:
    """The last three stand apart: SW1A 1AA."""
    compact = re.sub(r"[^A-Za-z0-9]", "", said).upper()
    return f"{compact[:-3]} {compact[-3:]}" if compact and not compact.isdecimal() else compact
