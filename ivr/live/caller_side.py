"""The caller's side of a live call: what is being said, and whether that was all."""

from collections.abc import Callable

from ivr.call import Intent, Transcript, Understanding, Unheard
from ivr.live.ear import Ear
from ivr.live.happening import Tell
from ivr.live.listener import Listener
from ivr.live.patience import ANSWERS, Patience, Whole, whole
from ivr.live.utterance import Utterance
from ivr.settings import LiveSettings
from ivr.turn import Awaited, Live, Tried

COUGH_MS = 300
"""Quiet behind a sound that may have been nothing."""

NO_WORDS_MS = 900
"""Quiet behind it after which it was nothing, whatever is still being looked for."""

_SOON_MS = 700
"""What begins so soon after a turn may belong to it: "Ja ... genau, deswegen rufe ich an"."""

_CLOSED_MS = 60
"""A mouth that closes before a consonant is still for so long, and nothing has ended."""

_WORDS = 2
"""So many interrupt a prompt before they are over."""


class CallerSide:
    """Hears one caller. Never shared."""

    def __init__(
        self,
        ear: Ear,
        settings: LiveSettings,
        *,
        listen: Callable[[Awaited], Listener],
        tell: Tell,
    ) -> None:
        self._ear = ear
        self._settings = settings
        self._start = listen
        self._tell = tell
        self._patience: Patience | None = None
        self._listener: Listener | None = None
        self._utterance = self._next_utterance()

    @property
    def has_begun(self) -> bool:
        """Something is being said, or was and has not been answered."""
        return self._utterance.has_begun

    @property
    def patience(self) -> Patience | None:
        """How long to wait for what; None while an answer is being thought about."""
        return self._patience

    def expect(self, awaited: Awaited | None) -> None:
        """Listen for this from now on, in what has been said already, too."""
        self._patience = Patience(self._settings, awaited) if awaited else None
        if awaited is not None and self._utterance.has_begun:
            self._feed(self._utterance.pcm(), is_speech=self._utterance.is_speaking)

    def hear(self, frame: bytes) -> None:
        """One frame of the caller."""
        is_speech = self._ear.hear(frame)
        utterance = self._utterance
        had_begun, was_speaking = utterance.has_begun, utterance.is_speaking
        is_still = self._ear.still_ms > 0
        new = utterance.hear(frame, is_speech=is_speech, is_still=is_still)
        if utterance.has_begun and not had_begun:
            self._tell("speech_begins")
        elif was_speaking and not utterance.is_speaking:
            self._tell("speech_ends")
        if new:  # a click does not make untrue what was tried
            self._feed(b"".join(new), is_speech=utterance.is_speaking and not is_still)

    def is_over(self) -> bool:
        """Whether the turn is."""
        utterance, settings = self._utterance, self._settings
        if self._patience is None or not utterance.has_begun:
            return False
        if utterance.may_go_on and utterance.length_ms < settings.longest_turn_ms:
            return False
        if utterance.length_ms >= settings.longest_turn_ms:
            return True
        if utterance.quiet_ms < settings.quiet_after_answer_ms:
            return False
        return utterance.quiet_ms >= self._patience.quiet_ms(self._tried)

    def is_meant(self, since_turn_ms: int, last_intent: str) -> bool:
        """Whether what is said during a prompt is meant to interrupt it.

        Args:
            since_turn_ms: time since the caller's last turn ended.
            last_intent: what that turn meant.
        """
        listener, utterance, tried = self._listener, self._utterance, self._tried
        is_known = tried is not None and utterance.quiet_ms >= COUGH_MS
        if since_turn_ms - utterance.length_ms < _SOON_MS:
            return is_known and not self._is_rest_of(last_intent)
        words = len(listener.words.split()) if listener else 0
        if words >= _WORDS or utterance.speech_ms >= self._settings.barge_in_ms:
            return True
        if not is_known or tried is None or self._patience is None:
            return False
        return whole(tried, self._patience.awaited) is not Whole.UNCLEAR

    def was_nothing(self) -> bool:
        """Whether what was said during a prompt, and was not meant, is over."""
        quiet_ms = self._utterance.quiet_ms
        return quiet_ms >= NO_WORDS_MS or (quiet_ms >= COUGH_MS and self._tried is not None)

    def end_turn(self) -> tuple[Live, Listener | None]:
        """What was said; from now on the next turn is heard. The listener is still at work."""
        self._tell("turn_ends", quiet_ms=self._utterance.quiet_ms)
        listener, tried = self._listener, self._tried
        words = listener.finish if listener else _no_words
        live = Live(sound=self._utterance.sound(), words=words, read=_read(tried))
        self._listener = None
        self.drop()
        return live, listener

    def drop(self) -> None:
        """Forget what was said and not answered."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._utterance = self._next_utterance()

    def restart(self) -> None:
        """What was said was our own echo; whoever speaks over it begins now."""
        before = self._utterance.pcm()
        self.drop()
        self._utterance.remember(before)

    async def settle(self) -> None:
        """Until everything that was said is heard, and what it may mean is known."""
        if self._listener is not None:
            await self._listener.settle(with_trial=True)

    @property
    def _may_have_ended(self) -> bool:
        """By the level of the line, which is known sooner, or by what sounds like speech."""
        after_ms = self._settings.try_after_ms
        is_still = self._ear.still_ms >= _CLOSED_MS + after_ms
        return is_still or self._utterance.quiet_ms >= after_ms

    @property
    def _tried(self) -> Tried | None:
        return self._listener.tried if self._listener else None

    def _is_rest_of(self, last_intent: str) -> bool:
        """A last word of the turn before, or the same answer once more."""
        meaning = self._tried.meaning if self._tried else None
        is_same = isinstance(meaning, Intent) and meaning.name == last_intent
        is_answer = last_intent in ANSWERS
        return self._utterance.speech_ms < _SOON_MS or (is_same and is_answer)

    def _feed(self, sound: bytes, *, is_speech: bool) -> None:
        """Have the recogniser hear it too."""
        if self._listener is None:
            if self._patience is None:
                return
            self._listener = self._start(self._patience.awaited)
        self._listener.feed(sound, is_speech=is_speech)
        if self._may_have_ended:
            self._listener.pause()
        if self._utterance.is_whole_so_far:
            self._listener.rehearse(self._utterance.sound)

    def _next_utterance(self) -> Utterance:
        return Utterance(least_speech_ms=self._settings.least_speech_ms)


def _no_words() -> Unheard:
    return Unheard.NOISE


def _read(tried: Tried | None) -> tuple[Transcript, Understanding] | None:
    if tried is None or not isinstance(tried.heard, Transcript) or tried.meaning is None:
        return None
    return tried.heard, tried.meaning
