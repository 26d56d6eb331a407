"""Whether the words tell that the caller is upset."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ivr.call import Language, Mood
from ivr.errors import BadPack
from ivr.strict_yaml import read_yaml

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CLAUSE_END = re.compile(r"[.,;:!?]|\b(?:aber|sondern|but)\b")
_NEGATION_REACHES = 3
"""Words between a negation and what it takes back: "nicht mehr so sehr sauer"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """What to look for in one language, in words with one space between them."""

    upset: re.Pattern[str]
    negations: frozenset[str]
    no_negations: re.Pattern[str]


def mood_of(text: str, language: Language) -> Mood:
    """Upset when a phrase says so and nothing just before it in the clause takes it back.

    Only the words are judged, not how loud they were. A polite complaint is not anger.
    """
    signs = _signs()[language]
    for clause in _CLAUSE_END.split(text.casefold().replace("’", "'")):  # noqa: RUF001 - some recognisers write it
        words = signs.no_negations.sub("", " ".join(_WORD.findall(clause)))
        if any(_is_meant(words[: hit.start()], signs) for hit in signs.upset.finditer(words)):
            return Mood.UPSET
    return Mood.NEUTRAL


def _is_meant(before: str, signs: _Signs) -> bool:
    return signs.negations.isdisjoint(before.split()[-_NEGATION_REACHES - 1 :])


@cache
def _signs() -> dict[Language, _Signs]:
    file = resources.files("ivr.understand") / "mood.yaml"
    content = read_yaml(file, BadPack)
    return {
        language: _Signs(
            upset=_any_of(content[language.value]["phrases"]),
            negations=frozenset(content[language.value]["negations"]),
            no_negations=_any_of(content[language.value]["no_negations"]),
        )
        for language in Language
    }


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    forms = "|".join(re.escape(phrase.casefold()).replace(r"\*", r"\S*") for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{forms})(?!\S)")
