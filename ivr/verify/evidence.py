"""What a call has told about the caller's voice so far."""

from dataclasses import dataclass, replace

from biometrics import CONTEXT_MS, Speech, SubjectId, Verdict, joined_speech, resampled

_RATE_HZ = 8000
"""Evidence of all turns is joined at the rate of the telephone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Speech of earlier turns, in memory only, and the verdict it led to."""

    subject: SubjectId | None
    """Whose voice it was compared with; evidence about one voice says nothing about another."""

    compared: Speech | None = None
    """What the verdict rests on."""

    pieces: Speech | None = None
    """Speech since then that was too little to compare."""

    verdict: Verdict


def compact(speech: Speech) -> Speech:
    """The turn without its long pauses.

    A little of what is around each word stays: the encoder was trained on speech with its pauses.
    """
    return replace(speech, waveform=resampled(speech.waveform, _RATE_HZ)).in_context(CONTEXT_MS)


def latest(earlier: Speech | None, speech: Speech, *, longest_ms: int) -> Speech:
    """Both as one recording, the last `longest_ms` of it."""
    whole = speech if earlier is None else joined_speech([earlier, speech])
    length_ms = whole.waveform.duration_ms
    return whole.cut(length_ms - longest_ms, length_ms)
