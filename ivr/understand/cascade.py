"""Two recognisers as one: the better one answers, the quicker one whenever that takes too long.

While the better one keeps up, the quicker one rests: it hears what was said when its words are
asked for, or when it must answer.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from biometrics import Waveform, joined
from ivr.call import Language, Transcript, Unheard
from ivr.errors import NoRecogniser
from ivr.settings import UnderstandSettings
from ivr.understand.lane import Lane, ThreadLane
from ivr.understand.recogniser import Hearing, Recogniser
from ivr.understand.speculation import Speculation

log = logging.getLogger(__name__)

LOAD = "load"
DEADLINE = "deadline"

_MOST_BEHIND_MS = 6_000
"""So much sound the streaming recogniser catches up with in half of the usual deadline, on a busy
machine too: the small English model needs 0.7 s of one core for it. Few turns are longer."""


def _never() -> bool:
    return False


class Cascade:
    """A recogniser that hears a turn at its end, over one that hears it while it is spoken.

    The transcript says which of them answered, and why it was not the preferred one. One per
    process: its lane is where all recognitions wait, and by its length the load is known.
    """

    def __init__(
        self,
        final: Recogniser | None,
        streaming: Recogniser | None,
        *,
        settings: UnderstandSettings | None = None,
        lane: Lane | None = None,
        is_pressed: Callable[[], bool] = _never,
    ) -> None:
        """`is_pressed`: more turns wait in the house than the better recogniser can answer."""
        self._final = final
        self._streaming = streaming
        self._settings = settings or UnderstandSettings()
        self._lane = lane or ThreadLane(at_once=self._settings.lanes)
        self._is_pressed = is_pressed

    @property
    def engine(self) -> str:
        return "cascade"

    @property
    def languages(self) -> frozenset[Language]:
        here = [each.languages for each in (self._final, self._streaming) if each]
        return frozenset().union(*here)

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
    ) -> "CascadeHearing":
        """Listen with everybody who understands the language.

        With no language it is who can tell all of the cascade's languages apart, or else the
        most preferred alone.

        Raises:
            NoRecogniser: none understands the language, or none is installed.
        """
        final = self._able(self._final, language)
        streaming = self._able(self._streaming, language)
        if final is None and streaming is None and language is None:
            final, streaming = self._final, None if self._final else self._streaming
        if final is None and streaming is None:
            raise NoRecogniser("No speech recogniser is installed for this language.")

        most_ms = _MOST_BEHIND_MS if final else 0

        def start(recogniser: Recogniser) -> Hearing:
            return recogniser.start(language, grammar=grammar, names=names)

        return CascadeHearing(
            final=Speculation(partial(start, final), self._lane) if final else None,
            streaming=_Behind(partial(start, streaming), most_ms=most_ms) if streaming else None,
            settings=self._settings,
            lane=self._lane,
            is_pressed=self._is_pressed,
        )

    def _able(self, recogniser: Recogniser | None, language: Language | None) -> Recogniser | None:
        wanted = self.languages if language is None else frozenset({language})
        return recogniser if recogniser and wanted <= recogniser.languages else None


class CascadeHearing:
    """One turn of one caller. Never shared."""

    def __init__(
        self,
        *,
        final: Speculation | None,
        streaming: "_Behind | None",
        settings: UnderstandSettings,
        lane: Lane,
        is_pressed: Callable[[], bool] = _never,
    ) -> None:
        """Of the two at least one is there."""
        self._final = final
        self._streaming = streaming
        self._settings = settings
        self._lane = lane
        self._is_pressed = is_pressed

    def feed(self, sound: Waveform, *, is_speech: bool = True) -> None:
        """Hear more; what is known to be quiet leaves standing what a pause began."""
        if self._final:
            self._final.feed(sound, is_speech=is_speech)
        if self._streaming:
            self._streaming.feed(sound)

    def pause(self) -> None:
        """The caller has been quiet for a moment and may have finished."""
        if self._final:
            self._final.pause()

    @property
    def trial(self) -> "Future[Transcript | Unheard] | None":
        """The better words of a turn that may be over, while they are looked for on trial."""
        return self._final.trial if self._final else None

    def partial(self) -> str:
        """The words so far, where there is a streaming recogniser for the language.

        Whoever does not need them does not ask: they cost a second recognition.
        """
        return self._streaming.partial() if self._streaming else ""

    def finish(self) -> Transcript | Unheard:
        """The better words, or the quicker ones where those would come too late."""
        if self._streaming is None:
            return self._final.finish() if self._final else Unheard.SILENCE
        if self._final is None:
            return self._streaming.finish()
        reason = self._why_not(self._final, self._streaming)
        if not reason:
            return self._final.finish()
        log.warning("the quicker recogniser answers", extra={"reason": reason})
        self._final.abandon()
        heard = self._streaming.finish()
        return replace(heard, fallback=reason) if isinstance(heard, Transcript) else heard

    def abandon(self) -> None:
        if self._final:
            self._final.abandon()

    def _why_not(self, final: Speculation, streaming: "_Behind") -> str:
        """Wait for the final recogniser; empty if its words are there in time."""
        if not final.has_begun and self._is_loaded:
            return LOAD
        answer, deadline_ms = final.begin(), self._settings.deadline_ms
        began = time.monotonic()
        if _comes(answer, deadline_ms / 2):
            return ""
        # It may be late: the quicker one gets ready, so that its words do not come later still.
        streaming.catch_up()
        left_ms = deadline_ms - (time.monotonic() - began) * 1_000
        return "" if _comes(answer, left_ms) else DEADLINE

    @property
    def _is_loaded(self) -> bool:
        return self._lane.length > self._settings.most_in_hand or self._is_pressed()


class _Behind:
    """One turn for the streaming recogniser, which begins to hear it when it has to.

    However much it may be behind, the latest piece always waits. So a turn that comes whole, as a
    file, costs no second recognition unless the first one fails to answer.
    """

    def __init__(self, start: Callable[[], Hearing], *, most_ms: int) -> None:
        """`most_ms`: sound that may wait to be heard."""
        self._start = start
        self._most_ms = most_ms
        self._hearing: Hearing | None = None
        self._unheard: deque[Waveform] = deque()
        self._unheard_ms = 0

    def feed(self, sound: Waveform) -> None:
        self._unheard.append(sound)
        self._unheard_ms += sound.duration_ms
        while self._unheard_ms > self._most_ms and len(self._unheard) > 1:
            self._hear(self._unheard.popleft())

    def catch_up(self) -> None:
        if self._unheard:
            sound = joined(list(self._unheard))
            self._unheard.clear()
            self._hear(sound)

    def partial(self) -> str:
        self.catch_up()
        return self._begun().partial()

    def finish(self) -> Transcript | Unheard:
        self.catch_up()
        return self._begun().finish()

    def _hear(self, sound: Waveform) -> None:
        self._unheard_ms -= sound.duration_ms
        self._begun().feed(sound)

    def _begun(self) -> Hearing:
        if self._hearing is None:
            self._hearing = self._start()
        return self._hearing


def _comes(answer: "Future[Transcript | Unheard]", within_ms: float) -> bool:
    try:
        answer.exception(timeout=max(within_ms, 0) / 1_000)
    except TimeoutError:
        return False
    return True
