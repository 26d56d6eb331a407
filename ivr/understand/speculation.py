"""Recognising before it is certain that the caller has finished."""

from collections.abc import Callable
from concurrent.futures import Future

from biometrics import Waveform, joined
from ivr.call import Transcript, Unheard
from ivr.understand.lane import Lane
from ivr.understand.recogniser import Hearing

Heard = Transcript | Unheard


class Speculation:
    """One turn, given to its recogniser at a pause that may be its end. Never shared.

    If nothing but quiet follows, the words are there when the turn is over; if the caller goes on,
    they are thrown away. It never touches a recogniser itself: all work is done in the lane.
    """

    def __init__(self, start: Callable[[], Hearing], lane: Lane) -> None:
        """`start` begins a fresh hearing of the same turn."""
        self._start = start
        self._lane = lane
        self._sounds: list[Waveform] = []
        self._trial: _Trial | None = None

    def feed(self, sound: Waveform, *, is_speech: bool = True) -> None:
        """Hear more. Quiet leaves what a pause began; it is no part of what was tried."""
        self._sounds.append(sound)
        if is_speech:
            self.abandon()

    def pause(self) -> None:
        """It may have been the end: recognise what there is. Nothing happens in a full lane."""
        if self._trial is None and self._sounds and self._lane.length < self._lane.at_once:
            self.begin()

    @property
    def trial(self) -> "Future[Heard] | None":
        return self._trial.answer if self._trial else None

    def partial(self) -> str:
        return ""

    @property
    def has_begun(self) -> bool:
        return self._trial is not None

    def begin(self) -> "Future[Heard]":
        """The answer to come: begun at the last pause, or now."""
        if self._trial is None:
            self._trial = _Trial(self._start, tuple(self._sounds), self._lane)
        return self._trial.answer

    def finish(self) -> Heard:
        return self.begin().result()

    def abandon(self) -> None:
        """Throw away what was begun. If it is being done already, it ends early, and unheard."""
        if self._trial is not None:
            self._trial.give_up()
            self._trial = None


class _Trial:
    """One recognition in the lane, which may be given up from outside at any moment."""

    def __init__(
        self, start: Callable[[], Hearing], sounds: tuple[Waveform, ...], lane: Lane
    ) -> None:
        self._start, self._sounds = start, sounds
        self._hearing: Hearing | None = None
        self._is_given_up = False
        # Last: the lane may begin at once.
        self.answer = lane.submit(self._hear)

    def _hear(self) -> Heard:
        self._hearing = hearing = self._start()
        # Looked at after `give_up` could have missed the hearing.
        if self._is_given_up:
            hearing.abandon()
        if self._sounds:
            hearing.feed(joined(list(self._sounds)))
        return hearing.finish()

    def give_up(self) -> None:
        self.answer.cancel()
        self._is_given_up = True
        if self._hearing is not None:
            self._hearing.abandon()
