"""Whether a caller needs more time or help: they say so, or search for words, or are very slow."""

import re
from itertools import pairwise

from ivr.call import Language
from ivr.settings import MoodSettings
from ivr.understand.mood import is_taken_back
from ivr.understand.mood_signs import Signs, clauses, signs
from ivr.understand.prosody import Prosody

_FEWEST_WORDS = 6
"""Short answers have no pace."""

_LEAST_MS = 3_000
_MOSTLY_PAUSED = 0.4
"""Share of the time from the first word to the last; a single breath is no search."""

_CODE = re.compile(r"\d|^[b-hj-z]$")
"""A digit, or a letter that is no English word."""

_DICTATED = 3
"""One in so many words is of a number or a code: those are said slowly by everybody."""


def asks_for_patience(text: str, language: Language) -> bool:
    """The caller did not hear, did not understand, wants it slower, or says they are lost."""
    here = signs(language)
    said = [clause for clause in clauses(text) if clause]
    return any(_is_meant(clause, after, here) for clause, after in pairwise([*said, ""]))


def _is_meant(clause: str, after: str, here: Signs) -> bool:
    """A question about the business may begin alike: "ich verstehe nicht, warum ..."."""
    for hit in here.help.finditer(clause):
        rest = clause[hit.end() :].strip() or after
        if not is_taken_back(clause[: hit.start()], here) and not here.no_help.match(rest):
            return True
    return False


def hesitates(text: str, language: Language, settings: MoodSettings) -> bool:
    """Sounds of searching for words, again and again."""
    words = " ".join(clauses(text))
    return len(signs(language).hesitations.findall(words)) >= settings.hesitations


def is_slow(text: str, language: Language, turn: Prosody, settings: MoodSettings) -> bool:
    """A whole sentence was said very slowly, or with long waits. Dictating a number is neither."""
    words = " ".join(clauses(text)).split()
    if len(words) < _FEWEST_WORDS or turn.net_ms < _LEAST_MS or _is_dictated(words, language):
        return False
    waits = turn.longest_pause_ms >= settings.longest_wait_ms and turn.paused >= _MOSTLY_PAUSED
    return waits or turn.syllables_per_second < settings.slow_syllables_per_second


def _is_dictated(words: list[str], language: Language) -> bool:
    dictated = signs(language).dictated
    codes = [word for word in words if _CODE.search(word) or dictated.fullmatch(word)]
    return len(codes) * _DICTATED >= len(words)
