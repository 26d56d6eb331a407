"""More than one wish in one sentence: where it falls apart, and what each part asks for."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ivr.call import Intent, Language, Several
from ivr.understand.intents import Reading

MOST_WISHES = 3
"""With more nobody can be sure that they were meant as wishes."""

_FEWEST_WORDS = 1
"""A part with fewer words says too little by itself."""

_ADDING = {
    Language.GERMAN: (
        r"(?:und\s+|oder\s+)?(?:außerdem|ausserdem|zusätzlich|zudem|des\s+weiteren|darüber\s+hinaus)"
        r"|und\s+(?:dann|auch|gleichzeitig|zweitens|als\s+zweites|danach)(?:\s+(?:noch|bitte|auch))*"
        r"|(?:und\s+)?(?:dann|danach)\s+(?:noch|auch)"
        r"|und\s+noch(?!\s+(?:mal|einmal|immer|nie|nicht|kein))"
        r"|ferner|sowie|zweitens"
    ),
    Language.ENGLISH: (
        r"(?:and\s+)?(?:also|additionally|secondly|besides|furthermore)"
        r"|and\s+(?:then|after\s+that|while\s+you're\s+at\s+it|on\s+top\s+of\s+that)(?:\s+also)?"
        r"|as\s+well\s+as|on\s+top\s+of\s+that|another\s+thing"
    ),
}
_PLAIN = {Language.GERMAN: r"und", Language.ENGLISH: r"and|plus"}
_STOP = r"[.!?;]+(?:\s+|$)"
"""What adds a wish, what may as well join two halves of one, and the end of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralSettings:
    """When parts count as wishes of their own.

    A wish that is not noticed costs one more sentence; one that was never there costs the caller
    a wrong answer. So parts must be surer than a whole sentence.
    """

    sure_from: float = 0.6
    """Probability of each part where a word adds it, such as außerdem or also."""

    sure_from_plain: float = 0.85
    """The same where there is nothing but und, and, or the end of a sentence."""

    torn_from: float = 0.2
    """Probability of the second in the whole sentence from which it holds both."""


Read = Callable[[str, Language], Reading]


def several_wishes(
    text: str,
    language: Language,
    *,
    read: Read,
    requests: frozenset[str],
    settings: SeveralSettings | None = None,
) -> Several | None:
    """Two or three different requests in the order in which they were said, or None.

    Greetings, thanks and other small talk between them are passed over. Slots are empty.
    """
    settings = settings or SeveralSettings()
    for joints, sure_from in _ways_to_cut(language, settings):
        parts = _parts(text, joints)
        if len(parts) < 2:  # noqa: PLR2004 - two wishes
            continue
        readings = [read(part, language) for part in parts]
        found = _wishes(readings, requests, sure_from)
        if not found and sure_from == settings.sure_from:
            found = _completed(readings, read(text, language), requests, settings)
        if found:
            return Several(intents=found)
    return None


def parts_of(text: str, language: Language) -> tuple[str, ...]:
    """Every part of a sentence that may have to be read to find several wishes in it."""
    ways = [_parts(text, joints) for joints, _ in _ways_to_cut(language, SeveralSettings())]
    return tuple(dict.fromkeys(part for parts in ways if len(parts) > 1 for part in parts))


def _ways_to_cut(language: Language, settings: SeveralSettings) -> list[tuple[str, float]]:
    adding, plain = _ADDING[language], _PLAIN[language]
    return [
        (rf"\b(?:{adding})\b|{_STOP}(?:{adding})\b", settings.sure_from),
        (rf"{_STOP}|\b(?:{adding})\b", settings.sure_from_plain),
        (rf"{_STOP}|,?\s*\b(?:{adding}|{plain})\b", settings.sure_from_plain),
    ]


def _parts(text: str, joints: str) -> list[str]:
    parts = [part.strip(" ,;-") for part in re.split(joints, text, flags=re.IGNORECASE)]
    return [part for part in parts if len(part.split()) >= _FEWEST_WORDS]


def _wishes(
    readings: Sequence[Reading], requests: Collection[str], sure_from: float
) -> tuple[Intent, ...]:
    """One for each part; nothing when a part asks for something that is not clear."""
    found: dict[str, Intent] = {}
    for reading in readings:
        name, probability = reading.best_first[0], reading.probabilities[0]
        if name not in requests:
            continue
        if probability < sure_from or not reading.is_in_scope:
            return ()
        found.setdefault(name, Intent(name=name, confidence=probability))
    return tuple(found.values()) if 2 <= len(found) <= MOST_WISHES else ()  # noqa: PLR2004 - two wishes


def _completed(
    readings: Sequence[Reading],
    whole: Reading,
    requests: frozenset[str],
    settings: SeveralSettings,
) -> tuple[Intent, ...]:
    """Two wishes of which one leaves a word out: my card blocked and also a new one ordered.

    The whole sentence must waver between them, and one part must be sure of its own.
    """
    pair = whole.best_first[:2]
    is_torn = whole.probabilities[1] >= settings.torn_from and requests.issuperset(pair)
    if not is_torn or len(readings) != 2:  # noqa: PLR2004 - two wishes
        return ()
    names = [max(pair, key=lambda name: _share(reading, name)) for reading in readings]
    surest = max(_share(*one) for one in zip(readings, names, strict=True))
    if names[0] == names[1] or surest < settings.sure_from or not whole.is_in_scope:
        return ()
    confidence = sum(whole.probabilities[:2])
    return tuple(Intent(name=name, confidence=confidence) for name in names)


def _share(reading: Reading, name: str) -> float:
    return reading.probabilities[reading.best_first.index(name)]
