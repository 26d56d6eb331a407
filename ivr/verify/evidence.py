"""What a call has told about the caller's voice so far."""

from dataclasses import dataclass

from biometrics import Span, Speech, Verdict, Waveform, joined, resampled

_RATE_HZ = 8000
"""Evidence of all turns is joined at the rate of the telephone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Speech of earlier turns, in memory only, and the verdict it led to."""

    speech: Speech
    verdict: Verdict


def extended(earlier: Evidence | None, speech: Speech, *, longest_ms: int) -> Speech:
    """The voiced parts of the call up to now as one recording, the latest `longest_ms` of it."""
    parts: list[Waveform] = [resampled(speech.voiced(), _RATE_HZ)]
    if earlier is not None:
        parts.insert(0, earlier.speech.waveform)
    whole = joined(parts)
    latest = whole.cut(whole.duration_ms - longest_ms, whole.duration_ms)
    span = Span(start_ms=0, end_ms=latest.duration_ms)
    return Speech(waveform=latest, spans=(span,) if span.length_ms else ())
