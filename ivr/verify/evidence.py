"""What a call has told about the caller's voice so far."""

from dataclasses import dataclass, replace

from biometrics import CONTEXT_MS, Speech, Verdict, joined_speech, resampled

_RATE_HZ = 8000
"""Evidence of all turns is joined at the rate of the telephone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Speech of earlier turns, in memory only, and the verdict it led to."""

    speech: Speech
    verdict: Verdict


def extended(earlier: Evidence | None, speech: Speech, *, longest_ms: int) -> Speech:
    """The call up to now without its long pauses, the latest `longest_ms` of it.

    A little of what is around each word stays: the encoder was trained on speech with its pauses.
    """
    turn = replace(speech, waveform=resampled(speech.waveform, _RATE_HZ)).in_context(CONTEXT_MS)
    whole = turn if earlier is None else joined_speech([earlier.speech, turn])
    length_ms = whole.waveform.duration_ms
    return whole.cut(length_ms - longest_ms, length_ms)
