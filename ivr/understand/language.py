"""Which language to listen in, and what recognisers regularly misspell in it."""

import re

from ivr.call import Language

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: tuple[str, str]) -> _Rules:
    return tuple((re.compile(pattern, re.IGNORECASE), right) for pattern, right in pairs)


_EVERYWHERE = _rules(
    (r"\s+", " "),
    (r"\b([a-z])[. ]+([a-z])[. ]+(?=\d)", r"\1\2 "),
    (r"\bi[- ]?ban\b", "IBAN"),
)
_RULES: dict[Language, _Rules] = {
    Language.GERMAN: _rules(
        (r"\bel+[ -]?ha[ -]?(?=\d)", "LH "),
        (r"\bmit arbeiter", "Mitarbeiter"),
        (r"\bconto(?=\b|auszug)", "Konto"),
    ),
    Language.ENGLISH: _rules((r"\bel+[ -](?:age|aitch|h)[ -]?(?=\d)", "LH ")),
}
"""Seen when Whisper base heard service sentences over the telephone."""


def choose_language(*, profile: Language | None, asked: Language | None) -> Language | None:
    """The caller's own language, else the one the call came with, else None: detect it."""
    return profile or asked


def corrected(text: str, language: Language) -> str:
    """The text with the commonest misspellings put right; what is in doubt stays as heard."""
    for pattern, right in (*_EVERYWHERE, *_RULES[language]):
        text = pattern.sub(right, text)
    return text.strip()
