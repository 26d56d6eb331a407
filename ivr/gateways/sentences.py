"""Sentences in sound that goes on: where one ends, and its words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from ivr.call import Language, Transcript
from ivr.live.ear import Ear
from ivr.live.pcm import waveform_of
from ivr.live.utterance import Utterance
from ivr.live.wire import FRAME_BYTES
from ivr.settings import LiveSettings
from ivr.understand.recogniser import LiveHearing, well_spelt

T = TypeVar("T")

_PIECE_BYTES = 1_600
"""100 ms; smaller pieces cost more changes of thread than they bring words earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What hears, shared by every connection."""

    hearing: Callable[[Language | None], LiveHearing]
    """Begins to hear one sentence; may take a while."""

    ear: Callable[[], Ear]
    """Hears whether somebody speaks."""

    settings: LiveSettings
    limiter: CapacityLimiter
    """How many threads may work on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Of a sentence, so far or all of it."""

    text: str = field(repr=False)
    confidence: float = 0.0
    is_final: bool = False


class Sentences:
    """One caller's sound. Never shared; while words are looked for, more sound has to wait."""

    def __init__(self, recognition: Recognition, language: Language | None) -> None:
        self._recognition = recognition
        self._settings = recognition.settings
        self._language = language
        self._ear = recognition.ear()
        self._utterance = Utterance(least_speech_ms=self._settings.least_speech_ms)
        self._hearing: LiveHearing | None = None
        self._rest = b""
        self._unheard = b""
        self._is_speech = False
        self._so_far = ""

    async def begin(self) -> None:
        """Get ready.

        Raises:
            NoRecogniser: nobody here understands the language.
        """
        self._hearing = await self._in_thread(self._start)

    async def hear(self, sound: bytes) -> list[Words]:
        """What is new: words so far where the recogniser tells, and whole sentences."""
        found: list[Words] = []
        data = self._rest + sound
        whole = len(data) // FRAME_BYTES * FRAME_BYTES
        self._rest = data[whole:]
        for at in range(0, whole, FRAME_BYTES):
            found += await self._hear_frame(data[at : at + FRAME_BYTES])
        return found

    async def finish(self) -> list[Words]:
        """The sentence ends here; nothing where none had begun, or it held no words."""
        if not self._utterance.has_begun:
            return []
        await self._listen()
        hearing, self._hearing = self._hearing, None
        self._utterance = Utterance(least_speech_ms=self._settings.least_speech_ms)
        self._so_far = ""
        heard = await self._in_thread(hearing.finish) if hearing else None
        heard = well_spelt(heard) if heard is not None else None
        if not isinstance(heard, Transcript):
            return []
        return [Words(text=heard.text, confidence=heard.confidence, is_final=True)]

    async def _hear_frame(self, frame: bytes) -> list[Words]:
        utterance, settings = self._utterance, self._settings
        is_speech = self._ear.hear(frame)
        new = utterance.hear(frame, is_speech=is_speech)
        self._unheard += b"".join(new)
        self._is_speech |= is_speech and bool(new)
        is_long = utterance.length_ms >= settings.longest_turn_ms
        if utterance.quiet_ms >= settings.quiet_ms or is_long:
            return await self.finish()
        return await self._listen() if len(self._unheard) >= _PIECE_BYTES else []

    async def _listen(self) -> list[Words]:
        """Have the recogniser hear what came."""
        before, self._so_far = self._so_far, await self._in_thread(self._heard)
        is_new = self._so_far and self._so_far != before
        return [Words(text=self._so_far)] if is_new else []

    def _heard(self) -> str:
        hearing = self._hearing = self._hearing or self._start()
        sound, self._unheard = self._unheard, b""
        is_speech, self._is_speech = self._is_speech, False
        hearing.feed(waveform_of(sound), is_speech=is_speech)
        if self._utterance.quiet_ms >= self._settings.try_after_ms:
            hearing.pause()
        return hearing.partial()

    def _start(self) -> LiveHearing:
        return self._recognition.hearing(self._language)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._recognition.limiter)
