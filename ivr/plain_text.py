"""Text of others, made harmless: in a terminal it can do more than stand there."""

import unicodedata

_HARMLESS = "\N{REPLACEMENT CHARACTER}"
_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, marks that turn the direction of writing or cannot be seen, halves of characters, and
separators of lines."""


def plain(text: str) -> str:
    """On one line, with a visible sign for each character that would act."""
    return "".join(_HARMLESS if unicodedata.category(one) in _ACTING else one for one in text)
