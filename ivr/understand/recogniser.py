"""The port to speech recognition."""

from dataclasses import replace
from typing import Protocol

from biometrics import Speech, Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.understand.language import corrected


class Hearing(Protocol):
    """One turn of one caller. Never shared."""

    def feed(self, sound: Waveform) -> None:
        """Hear more, in order, at any one rate."""

    def partial(self) -> str:
        """The words so far, empty while nothing is certain or the engine cannot tell early."""

    def finish(self) -> Transcript | Unheard:
        """The words of the whole turn. Nothing can be fed afterwards."""


class Recogniser(Protocol):
    """A loaded speech model. One per process, shared by every call."""

    @property
    def engine(self) -> str:
        """Such as whisper or vosk."""

    @property
    def languages(self) -> frozenset[Language]:
        """What it understands."""

    def start(self, language: Language | None, *, grammar: tuple[str, ...] = ()) -> Hearing:
        """Listen to one turn; with no language the engine detects it among its own.

        `grammar`, where the engine can, limits what is heard to these phrases.
        """


def transcribe(
    recogniser: Recogniser, speech: Speech, language: Language | None
) -> Transcript | Unheard:
    """The words of a turn that is already whole."""
    if not speech.spans:
        return Unheard.SILENCE
    hearing = recogniser.start(language)
    hearing.feed(speech.waveform)
    heard = hearing.finish()
    if isinstance(heard, Unheard):
        return heard
    return replace(heard, text=corrected(heard.text, heard.language))
