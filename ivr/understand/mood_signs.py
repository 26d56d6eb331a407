"""What is looked for in words to tell how the caller fares, as mood.yaml lists it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ivr.call import Language
from ivr.errors import BadPack
from ivr.strict_yaml import read_yaml

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CLAUSE_END = re.compile(r"[.,;:!?]|\b(?:aber|sondern|but)\b")
_NO_END = re.compile(r"(?<=\bgrund),|(?<=\breason),|,(?= (?:bitte|please)\b)")
"""The comma of "kein Grund, sauer zu sein" and of "slowly, please" parts nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What to look for in one language, in words with one space between them."""

    upset: re.Pattern[str]
    negations: frozenset[str]
    no_negations: re.Pattern[str]
    praise: re.Pattern[str]
    feelings: re.Pattern[str]
    others_feel: re.Pattern[str]
    own: re.Pattern[str]
    help: re.Pattern[str]
    no_help: re.Pattern[str]
    hesitations: re.Pattern[str]
    dictated: re.Pattern[str]


def clauses(text: str) -> Iterator[str]:
    """The text between its commas and full stops, one space between the words."""
    plain = text.casefold().replace("’", "'")  # noqa: RUF001 - some recognisers write it
    for clause in _CLAUSE_END.split(_NO_END.sub("", plain)):
        yield " ".join(_WORD.findall(clause))


@cache
def signs(language: Language) -> Signs:
    """The signs of one language.

    Raises:
        BadPack: mood.yaml cannot be used.
    """
    content = read_yaml(resources.files("ivr.understand") / "mood.yaml", BadPack)
    of = content[language.value]
    return Signs(
        upset=_any_of(of["phrases"]),
        negations=frozenset(of["negations"]),
        **{
            name: _any_of(of[name])
            for name in (
                *("no_negations", "praise", "feelings", "others_feel", "own"),
                *("help", "no_help", "hesitations", "dictated"),
            )
        },
    )


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(_form, phrases))})(?!\S)")


def _form(phrase: str) -> str:
    plain = re.escape(phrase.casefold().removesuffix(" $")).replace(r"\*", r"\S*")
    return rf"{plain}$" if phrase.endswith(" $") else plain
