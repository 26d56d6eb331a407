"""Sentences spoken by the project's own voices, over a telephone line, and heard again."""

from collections.abc import Callable

from biometrics import Codec, SpanSettings, find_speech, over_telephone
from ivr.call import Language, Transcript, Unheard
from ivr.errors import BadTestSet
from ivr.understand.recogniser import transcribe
from ivr.wiring.house import House

_VOICES = {Language.GERMAN: "pico-de", Language.ENGLISH: "hibari"}


def heard_over_telephone(
    house: House, language: Language, codec: str
) -> Callable[[str], Transcript | Unheard]:
    """What the house hears of a sentence that is said to it.

    Raises:
        BadTestSet: there is no such codec.
    """
    try:
        line = Codec(codec)
    except ValueError as err:
        raise BadTestSet(f"The codec must be one of {', '.join(Codec)}.") from err
    speak = house.studio().engines[_VOICES[language]]
    recogniser, detector = house.words.recogniser, house.voices.detector

    def hear(sentence: str) -> Transcript | Unheard:
        sound = over_telephone(speak(sentence, tempo=1.0, pitch=1.0), line)
        return transcribe(recogniser, find_speech(sound, detector, SpanSettings()), language)

    return hear
