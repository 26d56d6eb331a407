"""One turn's recognition: fed from the event loop, worked on in threads."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import CancelledError as TrialCancelled
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from biometrics import Ahead, Waveform
from ivr.call import Transcript, Unheard
from ivr.live.pcm import waveform_of
from ivr.trace import trace
from ivr.turn import Tried
from ivr.understand.recogniser import LiveHearing, well_spelt

Heard = Transcript | Unheard
T = TypeVar("T")

log = logging.getLogger(__name__)

_PIECE_BYTES = 1_600
"""100 ms; smaller pieces cost more changes of thread than they bring words earlier."""


class Threads(Protocol):
    """Runs blocking work elsewhere."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class EarlyWords:
    """What is done with words while they are spoken. Everything happens on the event loop."""

    are_needed: Callable[[], bool]
    """Where they are not, most recognisers are spared hearing the turn twice."""

    tell: Callable[[str], object]
    """Told of all words so far, when there are new ones."""


class Listener:
    """Hears one turn. Never shared; everything but `finish` is of the event loop."""

    def __init__(
        self,
        start: Callable[[], LiveHearing],
        tried: Callable[[Heard], Tried],
        threads: Threads,
        *,
        rehearse: Callable[[Waveform], Ahead | None],
        early: EarlyWords,
    ) -> None:
        """`start` begins to listen, `tried` says what words would mean; both may take a while.

        So may `rehearse`, which hears a turn that may be over.
        """
        self._early = early
        self._rehearse = rehearse
        self._start = start
        self._try = tried
        self._threads = threads
        self._hearing: LiveHearing | None = None
        self._pending: list[tuple[bytes, bool]] = []
        self._is_paused = False
        self._has_news = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._trial: Future[Heard] | None = None
        self._speech = 0
        self._failure: Exception | None = None
        self.tried: Tried | None = None
        """What the turn seems to be, if it is over; None while nobody knows."""

        self.words = ""
        """What was said so far, where the recogniser tells and somebody asked."""

        self._working: asyncio.Task[None] | None = asyncio.create_task(self._work())
        self._reading: asyncio.Task[None] | None = None
        self._rehearsal: asyncio.Task[Ahead | None] | None = None

    def feed(self, sound: bytes, *, is_speech: bool) -> None:
        """Hear more. Speech makes what was tried untrue; what is being tried ends at once."""
        goes_on = is_speech and self._is_paused
        if is_speech:
            self._speech += 1
            self.tried = None
            self._is_paused = False
            self._rehearsal = None
        self._pending.append((sound, is_speech))
        if goes_on or sum(len(piece) for piece, _ in self._pending) >= _PIECE_BYTES:
            self._wake()

    def pause(self) -> None:
        """It may be over: look for the words."""
        if not self._is_paused:
            self._is_paused = True
            self._wake()

    def rehearse(self, sound: Callable[[], Waveform]) -> None:
        """It may be over, and this may be all of it: hear what else is in it than words."""
        if self._rehearsal is None:
            self._rehearsal = asyncio.create_task(self._rehearsed(sound()))

    async def ahead(self) -> Ahead | None:
        """What was heard in it since the last pause; None where nothing was."""
        return await self._rehearsal if self._rehearsal is not None else None

    async def settle(self, *, with_trial: bool = False) -> None:
        """Until everything fed has been heard, and what was tried is known."""
        self._wake()
        await self._is_idle.wait()
        if with_trial:
            begun = [task for task in (self._reading, self._rehearsal) if task is not None]
            for task in begun:
                await asyncio.wait([task])

    def finish(self) -> Heard:
        """The words of the turn; blocks. Everything fed must have been heard.

        Raises whatever kept it from hearing.
        """
        if self._failure is not None:
            raise self._failure
        if self._hearing is None:
            return Unheard.SILENCE
        return well_spelt(self._hearing.finish())

    def close(self) -> None:
        """Nobody waits for it any more.

        A task that was cancelled keeps the place where it was, and with it the listener and all of
        the turn's sound. So the listener lets go of the task.
        """
        for task in (self._working, self._reading):
            if task is not None:
                task.cancel()
        self._working = self._reading = None

    async def _rehearsed(self, sound: Waveform) -> Ahead | None:
        try:
            return await self._threads(partial(self._rehearse, sound))
        except Exception as err:  # noqa: BLE001 - whatever it is, the turn itself will meet it
            log.warning("rehearsal failed", extra=trace(err))
            return None

    def _wake(self) -> None:
        if self._failure is None:
            self._is_idle.clear()
            self._has_news.set()

    async def _work(self) -> None:
        try:
            await self._hear()
        except Exception as err:  # noqa: BLE001 - raised where the words are wanted
            log.error("hearing failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            self._failure = err
            self._is_idle.set()

    async def _hear(self) -> None:
        self._hearing = await self._threads(self._start)
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            pieces, self._pending = self._pending, []
            speech = self._speech
            hear = partial(self._heard, pieces, self._is_paused, self._early.are_needed())
            words = await self._threads(hear)
            if words != self.words:
                self.words = words
                self._early.tell(words)
            self._read_trial(speech)
            if not self._has_news.is_set():
                self._is_idle.set()

    def _heard(
        self,
        pieces: list[tuple[bytes, bool]],
        is_paused: bool,  # noqa: FBT001
        needs_words: bool,  # noqa: FBT001
    ) -> str:
        hearing = self._hearing
        if hearing is None:
            return ""
        for is_speech, sound in _joined(pieces):
            hearing.feed(waveform_of(sound), is_speech=is_speech)
        if is_paused:
            hearing.pause()
        return hearing.partial() if needs_words else self.words

    def _read_trial(self, speech: int) -> None:
        trial = self._hearing.trial if self._hearing else None
        if trial is None or trial is self._trial:
            return
        self._trial = trial
        self._reading = asyncio.create_task(self._read(trial, speech))

    async def _read(self, trial: "Future[Heard]", speech: int) -> None:
        try:
            heard = well_spelt(await asyncio.wrap_future(trial))
            if speech == self._speech:
                tried = await self._threads(lambda: self._try(heard))
                self.tried = tried if speech == self._speech else None
        except TrialCancelled:
            pass
        except Exception as err:  # noqa: BLE001 - a trial that fails decides nothing
            log.warning("trial failed", extra=trace(err))


def _joined(pieces: list[tuple[bytes, bool]]) -> list[tuple[bool, bytes]]:
    """Neighbours of the same kind as one."""
    found: list[tuple[bool, bytes]] = []
    for sound, is_speech in pieces:
        if found and found[-1][0] is is_speech:
            found[-1] = (is_speech, found[-1][1] + sound)
        else:
            found.append((is_speech, sound))
    return found
