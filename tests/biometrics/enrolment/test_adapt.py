"""A print follows its person: slowly, with consent, never away from who was enrolled."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biometrics import (
    AdaptSettings,
    Calibration,
    EncoderId,
    Following,
    JudgedCall,
    Outcome,
    Unchanged,
    Verdict,
    Voiceprint,
    adapted,
    cosine,
)

SETTINGS = AdaptSettings()


def aged(degrees: float, towards: int = 1) -> np.ndarray:
    """The enrolled voice, turned towards another direction."""
    voice = np.zeros(4, dtype=np.float32)
    voice[0], voice[towards] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return voice


def call(degrees: float = 10, *, llr: float = 9.0, **changed: object) -> JudgedCall:
    verdict = Verdict(
        outcome=Outcome.ACCEPTED, llr=llr, threshold=4.0, encoder=EncoderId("pattern-0")
    )
    usual = JudgedCall(verdict=verdict, vector=aged(degrees), net_ms=6000, has_second_factor=True)
    return replace(usual, **changed)  # type: ignore[arg-type]


@pytest.fixture
def kept(voiceprint: Voiceprint) -> Following:
    return Following(original=voiceprint)


@pytest.fixture
def learn(calibration: Calibration) -> Callable[..., Following | Unchanged]:
    def learned(
        kept: Following,
        heard: JudgedCall,
        *,
        settings: AdaptSettings = SETTINGS,
        agrees: bool = True,
    ) -> Following | Unchanged:
        return adapted(kept, heard, calibration=calibration, settings=settings, has_consent=agrees)

    return learned


def test_without_consent_nothing_is_learned(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    assert learn(kept, call(), agrees=False) == Unchanged(
        reason="The person did not agree to adaptation."
    )


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.ACCEPTED])
def test_only_an_accepted_voice_is_learned_from(
    kept: Following, learn: Callable[..., Following | Unchanged], outcome: Outcome
) -> None:
    verdict = replace(call().verdict, outcome=outcome)

    assert learn(kept, call(verdict=verdict)) == Unchanged(reason="The voice was not accepted.")


@pytest.mark.parametrize("llr", [4.0, 6.99, float("nan")])
def test_an_acceptance_that_is_not_clear_is_not_learned_from(
    kept: Following, learn: Callable[..., Following | Unchanged], llr: float
) -> None:
    """The threshold is 4: a call must reach 7."""
    assert learn(kept, call(llr=llr)) == Unchanged(
        reason="The voice was accepted, but not clearly enough."
    )


def test_the_voice_alone_is_not_learned_from_unless_the_operator_says_so(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    alone = call(has_second_factor=False)

    assert learn(kept, alone) == Unchanged(reason="Nothing but the voice proved the caller.")
    assert isinstance(
        learn(kept, alone, settings=AdaptSettings(needs_second_factor=False)), Following
    )


def test_a_short_call_is_not_learned_from(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    assert learn(kept, call(net_ms=2999)) == Unchanged(reason="The call holds too little speech.")


@pytest.mark.parametrize(
    "vector", [np.full(4, np.nan, dtype=np.float32), np.ones(3, dtype=np.float32)]
)
def test_sound_that_cannot_be_compared_is_not_learned_from(
    kept: Following, learn: Callable[..., Following | Unchanged], vector: np.ndarray
) -> None:
    assert learn(kept, call(vector=vector)) == Unchanged(reason="The sound cannot be compared.")


def test_what_another_encoder_heard_is_not_learned_from(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    verdict = replace(call().verdict, encoder=EncoderId("pattern-1"))
    other_weights = Following(original=replace(kept.original, weights_sha256="cd" * 32))
    refused = Unchanged(reason="Another encoder made the voiceprint.")

    assert learn(kept, call(verdict=verdict)) == refused
    assert learn(other_weights, call()) == refused


def test_a_print_never_moves_away_from_who_was_enrolled(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    """A thief who is accepted a little further off each time ends where the limit is.

    The limit is a ratio of 7, of 20 cosine - 10: a cosine of 0.85.
    """
    refused = []
    for degrees in range(20, 180, 10):
        found = learn(kept, call(degrees, net_ms=30_000))
        if isinstance(found, Unchanged):
            refused.append(found.reason)
        else:
            kept = found

    assert "The print would move too far from the enrolment." in refused
    assert kept.calls > 0
    assert cosine(kept.original.vector, kept.current.vector) >= 0.85


def test_one_call_changes_little(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    """Six seconds beside an enrolment of twelve weigh a third."""
    found = learn(kept, call(30))

    assert isinstance(found, Following)
    assert found.share == pytest.approx(1 / 3)
    moved = np.degrees(np.arccos(cosine(found.original.vector, found.current.vector)))
    assert 9 < moved < 11


def test_many_calls_never_outweigh_the_enrolment(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    for _ in range(50):
        found = learn(kept, call(20))
        assert isinstance(found, Following)
        kept = found

    assert (kept.calls, kept.share) == (50, 0.5)
    assert cosine(kept.current.vector, aged(10)) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(kept.current.vector) == pytest.approx(1, abs=1e-6)


def test_calls_of_long_ago_fade(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    for towards in (1, 2):
        for _ in range(30):
            found = learn(kept, call(vector=aged(30, towards)))
            assert isinstance(found, Following)
            kept = found

    assert kept.later is not None
    assert kept.later[2] > 10 * kept.later[1]


def test_a_call_is_compared_again_with_the_print_that_is_kept_when_it_is_learned(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    """Since the verdict somebody else may have been enrolled, or the print reverted.

    Such a call weighs little in a long enrolment and moves it nowhere; but it is 50 degrees off.
    """
    other = Following(original=replace(kept.original, net_speech_ms=60_000))

    assert learn(other, call(50)) == Unchanged(
        reason="The voice does not fit the print that is kept now."
    )
    assert isinstance(learn(other, call(40)), Following)


def test_a_print_that_followed_expires_when_its_enrolment_does(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    found = learn(kept, call())

    assert isinstance(found, Following)
    assert found.current.enrolled_at == kept.original.enrolled_at


def test_no_vector_is_ever_printed(
    kept: Following, learn: Callable[..., Following | Unchanged]
) -> None:
    assert "array" not in repr(learn(kept, call())) + repr(call())
