"""Voices and judges that are simple enough to calculate with."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import numpy as np
import pytest

from biometrics import Span, Speech, SubjectId, Waveform
from ivr.call import Caller, CustomerId
from ivr.verify.check import VoiceCheck
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")


@pytest.fixture
def speech() -> Callable[..., Speech]:
    """So many seconds of a voice that is one number."""

    def spoken(seconds: float, *, voice: float = 0.5, rate_hz: int = 8000) -> Speech:
        samples = np.full(round(seconds * rate_hz), voice, dtype=np.float32)
        span = Span(start_ms=0, end_ms=round(seconds * 1000))
        return Speech(waveform=Waveform(samples=samples, rate_hz=rate_hz), spans=(span,))

    return spoken


@pytest.fixture
def after() -> Callable[[VoiceCheck, Iterable[Speech]], Evidence]:
    """What a call of Klaus has told after these turns."""

    def told(check: VoiceCheck, turns: Iterable[Speech]) -> Evidence:
        evidence: Evidence | None = None
        for turn in turns:
            evidence = check.check(KLAUS, turn, evidence, NOW)
        assert evidence is not None
        return evidence

    return told
