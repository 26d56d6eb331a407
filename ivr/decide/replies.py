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
_YES = frozenset(
    {
        *("ja", "jawohl", "jo", "jep", "genau", "richtig", "stimmt", "korrekt", "einverstanden"),
        *("yes", "yeah", "yep", "yup", "right", "correct", "exactly", "absolutely"),
    }
)
_BESIDE_YES = frozenset(
    {
        *("das", "ist", "so", "bitte", "gern", "gerne", "sehr", "gut", "machen", "sie", "es"),
        *("okay", "ok", "ganz", "wäre", "danke", "natürlich", "klar", "doch", "passt", "völlig"),
        *("that", "that's", "thats", "is", "it", "it's", "please", "do", "go", "ahead", "sure"),
        *("of", "course", "thanks", "thank", "you", "fine", "quite", "all", "perfectly", "sir"),
    }
)

_PLACES = (
    r"erste[nrs]?|erstens|eins|first|one",
    r"zweite[nrs]?|zweitens|zwei|zwo|second|two",
    r"dritte[nrs]?|drittens|drei|third|three",
    r"vierte[nrs]?|viertens|vier|fourth|four",
)
_LAST = r"letzte[nrs]?|letztere[nrs]?|last|latter"


def is_bare_no(text: str) -> bool:
    """No, and nothing more: "nein danke, das war's"."""
    words = re.findall(r"[\w']+", text.casefold())
    return bool(words) and all(word in _BARE_NO for word in words)


_PRONOUN = re.compile(r"\b(first|second|third|fourth|last|latter|this|that|which) one\b")
"""No number is meant by this one."""


def is_bare_yes(text: str) -> bool:
    """Yes, and nothing more: "ja, das ist richtig". "Ja gut, brechen Sie das ab" is none."""
    words = re.findall(r"[\w']+", text.casefold())
    return bool(_YES.intersection(words)) and all(w in _YES or w in _BESIDE_YES for w in words)


def which_of(text: str, count: int) -> int | None:
    """The place that is named, counted from 0; None when none is, or more than one."""
    text = _PRONOUN.sub(r"\1", text.casefold())
    patterns = [*_PLACES[: count - 1], rf"{_PLACES[count - 1]}|{_LAST}|{count}"]
    named = [bool(re.search(rf"\b(?:{pattern})\b", text)) for pattern in patterns]
    digits = [
        bool(re.search(rf"(?<![\d.,:]){place}(?![\d:,]|\.\d)", text)) for place in range(1, count)
    ]
    is_named = [word or digit for word, digit in zip(named, [*digits, False], strict=True)]
    return is_named.index(True) if sum(is_named) == 1 else None
