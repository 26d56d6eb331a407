"""Whom a sentence names, such as Frau Meier."""

import re

from ivr.call import Language

_TITLES = {
    "frau": "Frau", "herr": "Herr", "herrn": "Herr", "doktor": "Dr.", "dr": "Dr.",
    "mr": "Mr", "mister": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "doctor": "Dr",
}  # fmt: skip
_NAME = r"[^\W\d_]+(?:(?:-|['\u2019](?!s\b))[^\W\d_]+)*"
_PARTICLES = r"(?:(?:von|van|de)(?: (?:der|den|dem|la))? |(?:zu|zur|vom|ter) )?"
_FIRST_LETTERS = re.compile(r"(?:^|(?<=[-'\u2019]))\w")
_TITLED = re.compile(
    rf"\b(?P<title>frau|herrn?|mr|mister|mrs|ms|miss|doctor|dr|doktor)\b\.? "
    rf"(?:(?:dr|doktor|prof|professor)\b\.? )*(?P<name>{_PARTICLES}{_NAME})",
    re.IGNORECASE,
)
_SOMEBODYS = re.compile(
    r"\b(?:mein|dein|sein|ihr|unser|ein|die|der)(?:e[rnms]?)?\s+$", re.IGNORECASE
)
"""Before it "Frau von der Hotline" is no name."""

_ASKED_FOR = {
    Language.GERMAN: re.compile(
        rf"\bmit (?P<name>{_NAME}(?: {_NAME})?) (?:sprechen|verbinden|reden|telefonieren)",
        re.IGNORECASE,
    ),
    Language.ENGLISH: re.compile(
        rf"\b(?:speak|talk|put me through|connect me) (?:to|with) (?P<name>{_NAME}(?: {_NAME})?)",
        re.IGNORECASE,
    ),
}
_NO_NAMES = frozenset({
    "am", "an", "auf", "bei", "bitte", "das", "dem", "den", "der", "die", "dort", "ein", "eine",
    "einem", "einen", "einer", "er", "es", "gerade", "gestern", "hat", "hatte", "heute", "hier",
    "ich", "ihnen", "ihr", "ihre", "ihrem", "ihren", "ihrer", "im", "in", "ist", "jemand",
    "jemandem", "jetzt", "kann", "kollege", "kollegen", "kollegin", "kollegium", "meine",
    "meinem", "mitarbeiter", "mitarbeiterin", "morgen", "nicht", "oder", "sagte", "sagt", "sie",
    "und", "uns", "vom", "von", "war", "was", "wie", "wird", "wurde", "zum", "zur", "a",
    "and", "agent", "anybody", "anyone", "at", "from", "he", "her", "him", "human", "is",
    "it", "me", "my", "of", "on", "or", "our", "person", "real", "she", "somebody", "someone",
    "support", "that", "the", "them", "they", "this", "told", "who", "with", "your",
    "you",
})  # fmt: skip


def read_person(text: str, language: Language) -> str | None:
    """The first person named with a title, or asked for by name."""
    is_cased = text != text.casefold()
    for found in _TITLED.finditer(text):
        name = found["name"]
        if " " in name and _SOMEBODYS.search(text[: found.start()]):
            continue
        if is_name(name, is_cased=is_cased):
            return f"{_title(found['title'], language)} {with_capitals(name)}"
    if (asked := _ASKED_FOR[language].search(text)) and is_cased:
        names = [word for word in asked["name"].split() if word[0].isupper()]
        if names and all(is_name(name, is_cased=True) for name in names):
            return " ".join(names)
    return None


def _title(said: str, language: Language) -> str:
    title = _TITLES[said.casefold()]
    return title.rstrip(".") if language is Language.ENGLISH else title


def is_name(name: str, *, is_cased: bool) -> bool:
    """Not one of the words that stand where names do; `is_cased` says that capitals tell."""
    last = name.rsplit(maxsplit=1)[-1]
    return (
        last.casefold() not in _NO_NAMES and len(last) > 1 and (last[0].isupper() or not is_cased)
    )


def with_capitals(name: str) -> str:
    """The name as it is written: von der Heide, Müller-Lüdenscheidt."""
    *before, last = name.split()
    return " ".join([*before, _FIRST_LETTERS.sub(lambda found: found[0].upper(), last)])
