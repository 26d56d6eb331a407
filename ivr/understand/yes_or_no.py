"""A bare yes or no."""

from biometrics import Speech
from ivr.call import Language, Unheard
from ivr.understand.grammars import NO, YES, YES_OR_NO
from ivr.understand.plausible import words
from ivr.understand.recogniser import Recogniser

_BESIDE = {
    Language.GERMAN: frozenset({"bitte", "danke", "doch", "das", "ist"}),
    Language.ENGLISH: frozenset({"please", "thanks", "thank", "you", "that", "s", "is"}),
}
"""Said beside a yes or no without changing it."""


def hear_yes_or_no(recogniser: Recogniser, speech: Speech, language: Language) -> bool | None:
    """What a recogniser hears that is told, as far as it can be, to expect yes or no.

    It gets the turn with all its pauses: a lone short word is easily taken for one.
    """
    if not speech.spans:
        return None
    hearing = recogniser.start(language, grammar=YES_OR_NO[language])
    hearing.feed(speech.waveform)
    heard = hearing.finish()
    return None if isinstance(heard, Unheard) else is_yes(heard.text, language)


def is_yes(text: str, language: Language) -> bool | None:
    """Whether a bare answer agrees; None for what is neither, both, or more than an answer."""
    said = set(words(text)) - _BESIDE[language]
    if said and said <= set(YES[language]):
        return True
    if said and said <= set(NO[language]):
        return False
    return None
