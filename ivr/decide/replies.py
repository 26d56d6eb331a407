"""What short replies to our own questions mean, by the words themselves.

A classifier of requests cannot tell "the second one" or a bare "no" from everything else.
"""

import re

_BARE_NO = frozenset(
    {
        "nein",
        "nö",
        "nee",
        "ne",
        "danke",
        "vielen",
        "dank",
        "schön",
        "das",
        "war's",
        "wars",
        "war",
        "es",
        "alles",
        "ist",
        "ja",
        "gut",
        "im",
        "moment",
        "nicht",
        "nichts",
        "mehr",
        "sonst",
        "weiter",
        "reicht",
        "passt",
        "auf",
        "wiederhören",
        "tschüss",
        "no",
        "nope",
        "thanks",
        "thank",
        "you",
        "that's",
        "all",
        "that",
        "is",
        "it",
        "nothing",
        "else",
        "bye",
        "goodbye",
        "very",
        "much",
        "fine",
    }
)
_FIRST = re.compile(r"\b(erste[nrs]?|erstens|eins|first|one)\b")
_SECOND = re.compile(r"\b(zweite[nrs]?|zweitens|zwei|letztere[nrs]?|second|two|latter)\b")


def is_bare_no(text: str) -> bool:
    """No, and nothing more: "nein danke, das war's"."""
    words = re.findall(r"[\w']+", text.casefold())
    return bool(words) and all(word in _BARE_NO for word in words)


def which_of_two(text: str) -> int | None:
    """0 for the first, 1 for the second, None when neither or both are named."""
    text = text.casefold()
    named = [bool(pattern.search(text)) for pattern in (_FIRST, _SECOND)]
    return named.index(True) if sum(named) == 1 else None
