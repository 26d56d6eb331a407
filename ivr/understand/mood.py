"""Whether the words tell that the caller is upset."""

from ivr.call import Language, Mood
from ivr.understand.mood_signs import Signs, clauses, signs

_NEGATION_REACHES = 3
"""Words between a negation and what it takes back: "nicht mehr so sehr sauer"."""


def mood_of(text: str, language: Language) -> Mood:
    """Upset when a phrase says so and nothing just before it in the clause takes it back.

    Only the words are judged, not how loud they were. A polite complaint is not anger, and neither
    is the anger of somebody else.
    """
    here = signs(language)
    for clause in clauses(text):
        words = here.no_negations.sub("", clause)
        if any(
            _is_meant(words, hit.start(), hit.end(), here) for hit in here.upset.finditer(words)
        ):
            return Mood.UPSET
    return Mood.NEUTRAL


def is_taken_back(before: str, here: Signs) -> bool:
    """Whether one of the last words of `before` is a negation."""
    return not here.negations.isdisjoint(before.split()[-_NEGATION_REACHES - 1 :])


def _is_meant(words: str, start: int, end: int, here: Signs) -> bool:
    before = words[:start]
    if is_taken_back(before, here) or here.praise.match(words[end:].lstrip()):
        return False
    is_feeling = here.feelings.search(words[start:end]) is not None
    return not (is_feeling and _is_others(before, here))


def _is_others(before: str, here: Signs) -> bool:
    """Whether what comes now is said of somebody else: "das ist so, weil ich" comes back to me."""
    others = [hit.end() for hit in here.others_feel.finditer(before)]
    return bool(others) and here.own.search(before, others[-1]) is None
