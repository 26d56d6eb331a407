"""Where in a recording somebody speaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biometrics.waveform import Waveform, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of speech."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Speech:
    """A recording and the stretches of it in which somebody speaks."""

    waveform: Waveform
    spans: tuple[Span, ...]

    @property
    def net_ms(self) -> int:
        """Milliseconds of speech, pauses left out."""
        return sum(span.length_ms for span in self.spans)

    def cut(self, start_ms: int, end_ms: int) -> "Speech":
        """The part from `start_ms` to `end_ms`, clipped to what is there."""
        start_ms, end_ms = max(start_ms, 0), min(end_ms, self.waveform.duration_ms)
        clipped = ((max(span.start_ms, start_ms), min(span.end_ms, end_ms)) for span in self.spans)
        return Speech(
            waveform=self.waveform.cut(start_ms, end_ms),
            spans=tuple(
                Span(start_ms=first - start_ms, end_ms=last - start_ms)
                for first, last in clipped
                if first < last
            ),
        )

    def spoken(self, from_ms: int, to_ms: int) -> "Speech":
        """The part in which the speech from `from_ms` to `to_ms` is, pauses not counted."""
        if to_ms <= from_ms:
            return self.cut(0, 0)
        return self.cut(self._when(from_ms, is_end=False), self._when(to_ms, is_end=True))

    def lately_spoken(self, longest_ms: int) -> "Speech":
        """The part in which the last `longest_ms` of the speech are."""
        return self.spoken(max(self.net_ms - longest_ms, 0), self.net_ms)

    def _when(self, net_ms: int, *, is_end: bool) -> int:
        """The moment of the recording at which so much has been spoken."""
        for span in self.spans:
            if net_ms < span.length_ms or (is_end and net_ms == span.length_ms):
                return span.start_ms + net_ms
            net_ms -= span.length_ms
        return self.waveform.duration_ms

    def in_context(self, margin_ms: int) -> "Speech":
        """The spoken stretches with up to `margin_ms` of what is around each; the rest is cut."""
        widened = _padded(self.spans, pad_ms=margin_ms, end_ms=self.waveform.duration_ms)
        if not widened:
            return self.cut(0, 0)
        return joined_speech([self.cut(span.start_ms, span.end_ms) for span in widened])


def joined_speech(parts: Sequence[Speech]) -> Speech:
    """The parts one after the other.

    Raises:
        ValueError: no parts, or their rates differ.
    """
    moved: list[Span] = []
    offset_ms = 0
    for part in parts:
        moved += [
            Span(start_ms=span.start_ms + offset_ms, end_ms=span.end_ms + offset_ms)
            for span in part.spans
        ]
        offset_ms += part.waveform.duration_ms
    return Speech(waveform=joined([part.waveform for part in parts]), spans=tuple(moved))


class SpeechStream(Protocol):
    """Speech that is found while it is spoken. One caller's, never shared."""

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of speech for each frame that is whole by now; the samples are of 8 kHz."""


class SpeechDetector(Protocol):
    """A loaded speech detector. One per process, shared by every call."""

    @property
    def frame_ms(self) -> int:
        """Length of the frames that are judged."""

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        """Probability of speech for each whole frame, shape (frames,). Any rate is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSettings:
    """When frames make a stretch of speech. The times are Silero's, loosened for short answers."""

    probability: float = 0.5
    """From this probability on, a stretch of speech begins."""

    hysteresis: float = 0.15
    """It ends where the probability falls this far below the beginning's."""

    shortest_ms: int = 160
    """Less is a click or a cough."""

    bridged_ms: int = 200
    """A shorter pause belongs to the speech around it."""

    pad_ms: int = 64
    """Added before and after, for the soft sounds at the edges of words."""


def spans(
    probabilities: NDArray[np.float32], *, frame_ms: int, settings: SpanSettings
) -> tuple[Span, ...]:
    """The stretches of speech in `probabilities`, shape (frames,): in order, never overlapping."""
    spoken: list[Span] = []
    for span in _runs(probabilities, frame_ms, settings):
        if spoken and span.start_ms - spoken[-1].end_ms < settings.bridged_ms:
            span = Span(start_ms=spoken.pop().start_ms, end_ms=span.end_ms)  # noqa: PLW2901 - grown
        spoken.append(span)
    end_ms = len(probabilities) * frame_ms
    long_enough = [span for span in spoken if span.length_ms >= settings.shortest_ms]
    return _padded(long_enough, pad_ms=settings.pad_ms, end_ms=end_ms)


def find_speech(waveform: Waveform, detector: SpeechDetector, settings: SpanSettings) -> Speech:
    """The recording with the stretches in which somebody speaks."""
    found = spans(detector.probabilities(waveform), frame_ms=detector.frame_ms, settings=settings)
    return Speech(waveform=waveform, spans=found)


def _runs(
    probabilities: NDArray[np.float32], frame_ms: int, settings: SpanSettings
) -> Iterator[Span]:
    start: int | None = None
    for frame, probability in enumerate(probabilities):
        if start is None and probability >= settings.probability:
            start = frame
        elif start is not None and probability < settings.probability - settings.hysteresis:
            yield Span(start_ms=start * frame_ms, end_ms=frame * frame_ms)
            start = None
    if start is not None:
        yield Span(start_ms=start * frame_ms, end_ms=len(probabilities) * frame_ms)


def _padded(found: Sequence[Span], *, pad_ms: int, end_ms: int) -> tuple[Span, ...]:
    padded: list[Span] = []
    for span in found:
        start = max(span.start_ms - pad_ms, 0)
        if padded and start <= padded[-1].end_ms:
            start = padded.pop().start_ms
        padded.append(Span(start_ms=start, end_ms=min(span.end_ms + pad_ms, end_ms)))
    return tuple(padded)
