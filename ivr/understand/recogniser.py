"""The port to speech recognition."""

from concurrent.futures import Future
from dataclasses import replace
from typing import Protocol

from biometrics import Speech, Waveform, joined
from ivr.call import Language, Transcript, Unheard
from ivr.understand.language import corrected

_MARGIN_MS = 300
"""Kept around speech: soft beginnings and ends, and the pause that ends a sentence."""


class Hearing(Protocol):
    """One turn of one caller. Never shared."""

    def feed(self, sound: Waveform) -> None:
        """Hear more, in order, at any one rate."""

    def partial(self) -> str:
        """The words so far, empty while nothing is certain or the engine cannot tell early."""

    def finish(self) -> Transcript | Unheard:
        """The words of the whole turn. Nothing can be fed afterwards."""

    def abandon(self) -> None:
        """Nobody waits for the words any more: from any thread, even while they are looked for.

        What is not begun yet may be left; what `finish` then gives means nothing.
        """


class LiveHearing(Hearing, Protocol):
    """One turn that is heard while it is spoken."""

    def feed(self, sound: Waveform, *, is_speech: bool = True) -> None:
        """Hear more; what is known to be quiet leaves standing what a pause began."""

    def pause(self) -> None:
        """The caller has been quiet for a moment and may have finished."""

    @property
    def trial(self) -> "Future[Transcript | Unheard] | None":
        """The words that are looked for since the last pause, if they are."""


class Recogniser(Protocol):
    """A loaded speech model. One per process, shared by every call."""

    @property
    def engine(self) -> str:
        """Such as whisper or vosk."""

    @property
    def languages(self) -> frozenset[Language]:
        """What it understands."""

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
    ) -> Hearing:
        """Listen to one turn; with no language the engine detects it among its own.

        `grammar`, where the engine can, limits what is heard to these phrases; `names` are likely
        to be said. What is known of a caller may be among them once the voice is proven, never
        before: Whisper may hear a name that was not said.
        """


def transcribe(
    recogniser: Recogniser,
    speech: Speech,
    language: Language | None,
    names: tuple[str, ...] = (),
) -> Transcript | Unheard:
    """The words of a turn that is already whole; `names` are likely to be said."""
    if not speech.spans:
        return Unheard.SILENCE
    hearing = recogniser.start(language, names=names)
    hearing.feed(without_long_pauses(speech))
    return well_spelt(hearing.finish())


def well_spelt(heard: Transcript | Unheard) -> Transcript | Unheard:
    """What a hearing gave, with what is regularly misspelt put right."""
    if isinstance(heard, Unheard):
        return heard
    return replace(heard, text=corrected(heard.text, heard.language))


def without_long_pauses(speech: Speech) -> Waveform:
    """The turn with every pause cut to 600 ms, 300 ms where it begins and ends.

    Pauses cost time, and Whisper fills long ones with invented or repeated sentences.
    """
    kept: list[tuple[int, int]] = []
    for span in speech.spans:
        start_ms = max(span.start_ms - _MARGIN_MS, 0)
        if kept and start_ms <= kept[-1][1]:
            start_ms = kept.pop()[0]
        kept.append((start_ms, span.end_ms + _MARGIN_MS))
    return joined([speech.waveform.cut(*stretch) for stretch in kept])
