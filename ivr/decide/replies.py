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
        *("ja", "jawohl", "jawoll", "jo", "jep", "genau", "richtig", "stimmt", "korrekt"),
        *("einverstanden", "yes", "yeah", "yep", "yup", "right", "correct", "exactly"),
    }
)
_BARE_YES = frozenset(
    {
        *("okay", "ok", "gern", "gerne", "klar", "natürlich", "passt", "freilich", "sure", "fine"),
        *("in", "ordnung", "machen", "sie", "das", "ist", "so", "bitte", "sehr", "gut", "schon"),
        *("go", "ahead", "of", "course", "please", "that's", "that", "the", "one", "is", "it"),
        *("sounds", "good", "danke", "thanks", "thank", "you", "do"),
    }
)
_BARE_YES_BEGINS = frozenset(
    {
        *("okay", "ok", "gern", "gerne", "klar", "natürlich", "passt", "freilich", "in", "machen"),
        *("sure", "fine", "go", "of", "that's", "sounds"),
    }
)
_SPEAKS_AGAINST = re.compile(
    r"\b(?:nein|nee|nö|naa?|nicht|net|nie|nix|kein\w*|aber|sondern|doch|lieber|erst|falsch\w*"
    r"|andere\w*|statt|ab|\w*brech\w*|stopp?|halt|warten?|moment|augenblick|lass\w*|später"
    r"|zurück|wieso|warum|was|wie(?! möglich)|wann|wenn|ob|vergess\w*"
    r"|no|not|nope|never|don'?t|isn'?t|but|instead|wrong|other|rather|actually|wait|stop|hold"
    r"|hang|later|first|leave|forget|except|if|why|what|when|how|off|abort)\b"
)
_LONGEST_YES = 9
"""Words."""

_ORDINALS = (
    r"erste[nrs]?|erstens|1\.|first|1st",
    r"zweite[nrs]?|zweitens|2\.|second|2nd",
    r"dritte[nrs]?|drittens|3\.|third|3rd",
    r"vierte[nrs]?|viertens|4\.|fourth|4th",
)
_CARDINALS = (r"eins|one|1", r"zwei|zwo|two|2", r"drei|three|3", r"vier|four|4")
_LAST = r"letzte[nrs]?|letztere[nrs]?|last|latter"
_NAMED = r"(?:nummer|möglichkeit|variante|option|taste|number|possibility|choice|key)"
_BESIDE_A_PLACE = re.compile(
    r"\b(?:also|dann|ja|ok|okay|gut|bitte|gern|gerne|lieber|doch|ich|nehme|möchte|hätte|will|wähle"
    r"|die|den|das|der|danke|please|then|yes|well|i'll|i|take|would|like|want|the|go|for|with"
    r"|let's|meinte|meant)\b|[^\w ]"
)
_PRONOUN = re.compile(r"\b(first|second|third|fourth|last|latter) one\b")
"""No number is meant by this one."""

_NO_PLACE = re.compile(
    r"\b(?:zum|beim|das) (?:erste|zweite|dritte)n? mal\b|^first i\b"
    r"|\b(?:one|just a|eine) (?:second|sec|moment|minute|sekunde)\b"
    r"|\b(?:\w+n|\d{1,2}\.|first|second|third) (?:of )?(?:january|february|march|april|may|june"
    r"|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober"
    r"|dezember)\b|\bnicht (?:die|den|das|der) \w+|\bnot the \w+"
)
"""What holds a number and chooses nothing."""


def is_bare_no(text: str) -> bool:
    """No, and nothing more: "nein danke, das war's"."""
    words = re.findall(r"[\w']+", text.casefold())
    return bool(words) and all(word in _BARE_NO for word in words)


_PRONOUN = re.compile(r"\b(first|second|third|fourth|last|latter|this|that|which) one\b")
"""No number is meant by this one."""


def is_plain_yes(text: str) -> bool:
    """Yes, with nothing in it that speaks against: not "ja gut, brechen Sie das ab".

    What is half a yes, such as "okay", must stand alone: whatever follows may be misheard.
    """
    words = re.findall(r"[\w']+", text.casefold())
    if not words or len(words) > _LONGEST_YES or _SPEAKS_AGAINST.search(" ".join(words)):
        return False
    is_half = words[0] in _BARE_YES_BEGINS and all(w in _BARE_YES | _YES for w in words)
    return words[0] in _YES or is_half


def which_of(text: str, count: int) -> int | None:
    """The place that is named, counted from 0; None when none is, or more than one.

    A bare number counts where nothing else is said: "um drei" and "just one moment" name no place.
    """
    text = _NO_PLACE.sub(" ", _PRONOUN.sub(r"\1", text.casefold()))
    bare = " ".join(_BESIDE_A_PLACE.sub(" ", text).split())
    named = []
    for place in range(count):
        ordinal = _ORDINALS[place] + (f"|{_LAST}" if place == count - 1 else "")
        number = _CARDINALS[place]
        named.append(
            re.search(rf"(?<!\w)(?:{ordinal})(?!\w)", text) is not None
            or re.search(rf"\b{_NAMED} (?:{number})\b", text) is not None
            or re.fullmatch(rf"(?:{_NAMED} )?(?:{number})", bare) is not None
        )
    return named.index(True) if sum(named) == 1 else None
