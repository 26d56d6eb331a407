"""Digits that were said one by one."""

import re
from collections.abc import Callable
from itertools import pairwise

from biometrics import Speech
from ivr.call import Language, Transcript, Unheard
from ivr.understand.grammars import DIGITS
from ivr.understand.recogniser import Recogniser

_LARGE = re.compile(r"hundert|tausend|million|hundred|thousand", re.IGNORECASE)
_ROUND = re.compile(r"[1-9]0")
_SINGLE = re.compile(r"[1-9]")


def hear_digits(recogniser: Recogniser, speech: Speech, language: Language) -> Transcript | Unheard:
    """What a recogniser hears that is told, as far as it can be, to expect nothing but digits.

    It gets the turn with all its pauses: a lone short word is easily taken for one.
    """
    if not speech.spans:
        return Unheard.SILENCE
    hearing = recogniser.start(language, grammar=DIGITS[language])
    hearing.feed(speech.waveform)
    return hearing.finish()


def read_digits(text: str, *, write_numbers: Callable[[str], str]) -> str:
    """All digits of a sentence in a row, empty when there are none or it can be read in two ways.

    "vierundzwanzig sieben" is 247, but "zwanzig vier" may be 204 or 24, and a number of hundreds
    has zeros that nobody says.
    """
    if _LARGE.search(text):
        return ""
    numbers = re.findall(r"\d+", write_numbers(text.replace("-", " ")))
    if any(_ROUND.fullmatch(one) and _SINGLE.fullmatch(two) for one, two in pairwise(numbers)):
        return ""
    return "".join(numbers)
