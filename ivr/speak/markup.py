"""What a voice may be given to read: words, never markup."""

import re
import unicodedata

_LONGEST_WORD = 80
"""Letters. Pico gives up on words of some thousands; numbers in words stay under this."""

_LONGEST_TEXT = 1_000
"""Signs: a minute of speech, more than any prompt needs and any caller endures."""

_KEPT_SIGNS = frozenset(" .,;:?!'-&%+€$£")

_PLAIN_SIGNS = str.maketrans(
    "łŁđĐøØőŐűŰœŒÆæ\u0131\u2018\u2019\u2013\u2014\u2026",
    "lLdDöÖöÖüÜöÖÄäi'',,.",
)
"""Letters that have no plain base of their own, and typographic signs."""


def without_markup(text: str) -> str:
    """The text as letters, digits and sentence signs, all else turned into spaces.

    Pico treats `<...>` as commands, one of which (`<spell>`) ends the process, and hibari reads
    `[word](/sounds/)` as a pronunciation; names and other facts come from outside and must
    command nothing. Letters that neither voice knows lose their accents.
    """
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN_SIGNS)
    safe = " ".join("".join(_safe(sign) for sign in plain[:_LONGEST_TEXT]).split())
    return re.sub(rf"(\S{{{_LONGEST_WORD}}})(?=\S)", r"\1 ", safe)


def _safe(sign: str) -> str:
    if sign in _KEPT_SIGNS or (sign.isascii() and sign.isalnum()) or _is_latin_1_letter(sign):
        return sign
    base = unicodedata.normalize("NFKD", sign)[0]
    return base if base.isascii() and base.isalpha() else " "


def _is_latin_1_letter(sign: str) -> bool:
    return "À" <= sign <= "ÿ" and sign.isalpha()
