"""The encoder has changed: callers are enrolled again from calls in which they were proven."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from biometrics import (
    Calibration,
    CalibrationUnusable,
    Collecting,
    Encoder,
    EncoderId,
    EnrolSettings,
    Outcome,
    ProvenBy,
    ProvenCall,
    ReenrolSettings,
    Renewed,
    Stopped,
    Verdict,
    Voiceprint,
    after_call,
    collect_for,
    may_go_on,
    must_reenrol,
)

SETTINGS = ReenrolSettings(
    enrol=EnrolSettings(recordings=3, net_ms=10_000, recording_net_ms=1_500), keep_days=90
)
EARLIER = EncoderId("pattern-minus-1")

After = Callable[..., Collecting | Renewed | Stopped]


@pytest.fixture
def expired(voiceprint: Voiceprint) -> Voiceprint:
    return replace(voiceprint, encoder=EARLIER, weights_sha256="cd" * 32)


@pytest.fixture
def begun(expired: Voiceprint) -> Collecting:
    return Collecting(
        subject=expired.subject,
        expired=expired.encoder,
        encoder=EncoderId("pattern-0"),
        weights_sha256="ab" * 32,
    )


@pytest.fixture
def after(calibration: Calibration) -> After:
    def followed(
        state: Collecting, call: ProvenCall, *, agrees: bool = True
    ) -> Collecting | Renewed | Stopped:
        return after_call(
            state, call, calibration=calibration, settings=SETTINGS, has_consent=agrees
        )

    return followed


@pytest.fixture
def call(now: datetime) -> Callable[..., ProvenCall]:
    def heard(day: int = 0, *, voice: int = 0, net_ms: int = 4000, **changed: object) -> ProvenCall:
        vector = np.full(4, 0.1, dtype=np.float32)
        vector[voice] = 0.985
        usual = ProvenCall(
            vector=vector,
            net_ms=net_ms,
            at=now + timedelta(days=day),
            proven_by=ProvenBy.SECOND_FACTOR,
        )
        return replace(usual, **changed)  # type: ignore[arg-type]

    return heard


def collecting(state: Collecting | Renewed | Stopped) -> Collecting:
    assert isinstance(state, Collecting)
    return state


def test_who_does_not_agree_is_not_collected_from_and_what_was_there_is_gone(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    once = collecting(after(begun, call(0)))

    assert after(once, call(1), agrees=False) == Stopped(subject=begun.subject)


@pytest.mark.parametrize(
    "verdict",
    [
        None,
        Verdict(outcome=Outcome.REJECTED, encoder=EARLIER),
        Verdict(outcome=Outcome.INCONCLUSIVE, encoder=EARLIER),
        Verdict(outcome=Outcome.ACCEPTED, encoder=EncoderId("pattern-0")),
        Verdict(outcome=Outcome.ACCEPTED),
    ],
)
def test_who_was_not_proven_by_the_earlier_encoder_is_not_collected_from(
    begun: Collecting, after: After, call: Callable[..., ProvenCall], verdict: Verdict | None
) -> None:
    state = collecting(after(begun, call(proven_by=ProvenBy.EARLIER_ENCODER, earlier=verdict)))

    assert state.calls == ()
    assert state.note == "The earlier encoder did not accept the voice."


@pytest.mark.parametrize("llr", [None, 4.0, 6.29, float("nan")])
def test_who_was_not_clearly_proven_by_the_earlier_encoder_is_not_collected_from(
    begun: Collecting, after: After, call: Callable[..., ProvenCall], llr: float | None
) -> None:
    """Its threshold is 4: a call must reach 6.3."""
    verdict = Verdict(outcome=Outcome.ACCEPTED, encoder=EARLIER, llr=llr, threshold=4.0)

    state = collecting(after(begun, call(proven_by=ProvenBy.EARLIER_ENCODER, earlier=verdict)))

    assert state.calls == ()
    assert state.note == "The earlier encoder accepted the voice, but not clearly enough."


def test_a_short_call_is_not_collected(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    state = collecting(after(begun, call(net_ms=1499)))

    assert (state.calls, state.note) == ((), "The call holds too little speech.")


def test_sound_that_cannot_be_compared_is_not_collected(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    state = collecting(after(begun, call(vector=np.full(4, np.nan, dtype=np.float32))))

    assert (state.calls, state.note) == ((), "The sound cannot be compared.")


def test_calls_that_do_not_sound_like_one_person_are_all_forgotten(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    """Nobody can tell which of them was the thief's."""
    once = collecting(after(begun, call(0)))
    twice = collecting(after(once, call(1, voice=2)))

    assert len(once.calls) == 1
    assert twice.calls == ()
    assert twice.note == "The calls do not sound like one person; begun again."


def test_old_calls_are_forgotten(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    state = collecting(after(begun, call(0)))
    state = collecting(after(state, call(60)))
    state = collecting(after(state, call(90)))

    assert [each.at for each in state.calls] == [call(60).at, call(90).at]


def test_the_calibration_of_another_encoder_is_refused(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    with pytest.raises(CalibrationUnusable, match="not for pattern-7"):
        after(replace(begun, encoder=EncoderId("pattern-7")), call())


def test_three_proven_calls_make_a_new_print(
    begun: Collecting, after: After, call: Callable[..., ProvenCall], now: datetime
) -> None:
    accepted = Verdict(outcome=Outcome.ACCEPTED, encoder=EARLIER, llr=6.3, threshold=4.0)
    state = collecting(after(begun, call(0)))
    state = collecting(
        after(state, call(3, proven_by=ProvenBy.EARLIER_ENCODER, earlier=accepted, net_ms=2500))
    )
    assert (len(state.calls), state.net_ms, state.note) == (2, 6500, "")
    found = after(state, call(9))

    assert isinstance(found, Renewed)
    renewed = found.voiceprint
    assert (renewed.subject, renewed.encoder) == (begun.subject, "pattern-0")
    assert renewed.weights_sha256 == "ab" * 32
    assert (renewed.recordings, renewed.net_speech_ms) == (3, 10_500)
    assert renewed.enrolled_at == now + timedelta(days=9)
    assert np.linalg.norm(renewed.vector) == pytest.approx(1, abs=1e-6)


def test_three_calls_with_too_little_speech_in_all_wait_for_a_fourth(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    state: Collecting | Renewed | Stopped = begun
    for day in range(3):
        state = after(collecting(state), call(day, net_ms=3000))

    assert collecting(state).net_ms == 9000
    assert isinstance(after(collecting(state), call(3, net_ms=3000)), Renewed)


def test_a_print_of_another_encoder_or_other_weights_must_be_made_again(
    expired: Voiceprint, voiceprint: Voiceprint, encoder: Encoder
) -> None:
    assert must_reenrol(expired, encoder)
    assert must_reenrol(replace(voiceprint, weights_sha256="cd" * 32), encoder)
    assert not must_reenrol(voiceprint, encoder)
    assert not must_reenrol(replace(voiceprint, weights_sha256=encoder.weights_sha256), encoder)


def test_collecting_begins_with_nothing(expired: Voiceprint, encoder: Encoder) -> None:
    state = collect_for(expired, encoder)

    assert (state.subject, state.expired, state.encoder) == ("s-1", EARLIER, "pattern-0")
    assert state.calls == ()


def test_no_vector_is_ever_printed(
    begun: Collecting, after: After, call: Callable[..., ProvenCall]
) -> None:
    assert "array" not in repr(after(begun, call())) + repr(call())


def test_what_was_collected_for_another_encoder_does_not_count(
    begun: Collecting, expired: Voiceprint, encoder: Any
) -> None:
    assert may_go_on(begun, expired, encoder)
    assert not may_go_on(begun, replace(expired, encoder=EncoderId("pattern-2")), encoder)
    assert not may_go_on(begun, expired, replace(encoder, weights_sha256="ef" * 32))
