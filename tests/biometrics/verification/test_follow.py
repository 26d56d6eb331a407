"""A turn within its call: what is no voice proves nothing and helps nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from biometrics import (
    Beforehand,
    Calibration,
    CalibrationUnusable,
    Comparer,
    ContinuousSettings,
    Encoder,
    EncoderId,
    Flaw,
    OptedOut,
    Outcome,
    Poor,
    Span,
    Speech,
    Standing,
    SubjectId,
    Vector,
    VerifySettings,
    Voiceprint,
    Waveform,
    follow,
    rehearse,
    voice_in,
)

Say = Callable[[int], Speech]
Follow = Callable[..., Standing]
MUSIC = Poor(code=Flaw.MUSIC, reason="Music was heard.", is_meaningless=True)
QUIET = Poor(code=Flaw.TOO_QUIET, reason="The voice is too quiet.")


@pytest.fixture
def found() -> list[Poor]:
    """What is wrong with the sound."""
    return []


@pytest.fixture
def told(encoder: Encoder, calibration: Calibration, now: datetime, found: list[Poor]) -> Follow:
    def followed(kept: object, turn: Speech, so_far: Standing | None = None) -> Standing:
        return follow(
            kept,  # type: ignore[arg-type]
            turn,
            so_far,
            comparer=Comparer(encoder=encoder, calibration=calibration),
            settings=VerifySettings(expires_after_days=1095),
            continuous=ContinuousSettings(),
            now=now,
            wrong_with=lambda _turn: tuple(found),
        )

    return followed


def test_without_a_print_nothing_is_compared_and_nothing_kept(told: Follow, klaus: Say) -> None:
    for kept, outcome in (
        (None, Outcome.NOT_ENROLLED),
        (OptedOut(subject=SubjectId("s-1")), Outcome.OPTED_OUT),
    ):
        standing = told(kept, klaus(3_000))

        assert standing.verdict.outcome is outcome
        assert (standing.evidence, standing.pieces, standing.voice) == (None, None, None)


def test_a_calibration_for_another_encoder_judges_nothing(
    encoder: Encoder, calibration: Calibration, voiceprint: Voiceprint, klaus: Say, now: datetime
) -> None:
    foreign = replace(calibration, encoder=EncoderId("pattern-1"))

    with pytest.raises(CalibrationUnusable):
        follow(
            voiceprint,
            klaus(3_000),
            None,
            comparer=Comparer(encoder=encoder, calibration=foreign),
            settings=VerifySettings(expires_after_days=1095),
            continuous=ContinuousSettings(),
            now=now,
        )


@pytest.mark.parametrize("who", ["klaus", "stranger"])
def test_a_meaningless_score_neither_accepts_nor_rejects(
    told: Follow,
    voiceprint: Voiceprint,
    found: list[Poor],
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    found.append(MUSIC)

    standing = told(voiceprint, request.getfixturevalue(who)(4_000))

    assert standing.verdict.outcome is Outcome.INCONCLUSIVE
    assert standing.verdict.poor == (MUSIC,)
    assert standing.verdict.llr is not None
    assert standing.evidence is None


def test_what_is_no_voice_takes_an_earlier_acceptance_away(
    told: Follow, voiceprint: Voiceprint, klaus: Say, found: list[Poor]
) -> None:
    proven = told(voiceprint, klaus(4_000))
    found.append(MUSIC)

    assert proven.verdict.outcome is Outcome.ACCEPTED
    assert told(voiceprint, klaus(4_000), proven).verdict.outcome is Outcome.INCONCLUSIVE


def test_a_key_that_is_pressed_instead_of_speaking_takes_nothing_away(
    told: Follow, voiceprint: Voiceprint, klaus: Say, found: list[Poor]
) -> None:
    proven = told(voiceprint, klaus(4_000))
    found.append(MUSIC)

    standing = told(voiceprint, klaus(400), proven)

    assert standing.verdict.outcome is Outcome.ACCEPTED
    assert standing.pieces is None


def test_poor_sound_is_told_and_may_still_be_accepted(
    told: Follow, voiceprint: Voiceprint, klaus: Say, found: list[Poor]
) -> None:
    found.append(QUIET)

    verdict = told(voiceprint, klaus(4_000)).verdict

    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.poor == (QUIET,)


def test_nothing_of_a_voice_is_printed(told: Follow, voiceprint: Voiceprint, klaus: Say) -> None:
    standing = told(voiceprint, klaus(4_000))

    assert standing.voice is not None
    assert repr(standing) == f"Standing(verdict={standing.verdict!r})"


def test_unless_told_otherwise_the_sound_itself_is_looked_at(
    encoder: Encoder, calibration: Calibration, voiceprint: Voiceprint, now: datetime
) -> None:
    """A busy line, and a print of it: nobody's voice."""
    seconds = np.arange(32_000) / 8_000
    tone = (0.2 * np.sin(2 * np.pi * 425 * seconds)).astype(np.float32)
    turn = Speech(
        waveform=Waveform(samples=tone, rate_hz=8000), spans=(Span(start_ms=0, end_ms=4_000),)
    )

    standing = follow(
        replace(voiceprint, vector=encoder.encode(turn.waveform)),
        turn,
        None,
        comparer=Comparer(encoder=encoder, calibration=calibration),
        settings=VerifySettings(expires_after_days=1095),
        continuous=ContinuousSettings(),
        now=now,
    )

    assert standing.verdict.llr == pytest.approx(10.0, abs=0.1)
    assert standing.verdict.outcome is Outcome.INCONCLUSIVE
    assert standing.verdict.poor[0].code is Flaw.TONES


class Rehearsing:
    """Follows a call with a memory, and counts how often the encoder was asked."""

    def __init__(self, encoder: Encoder, calibration: Calibration) -> None:
        self.beforehand = Beforehand()
        self.asked = 0
        self._hear = self.beforehand.of(self._heard)
        self._encoder = encoder
        self.comparer = Comparer(
            encoder=encoder, calibration=calibration, hear=lambda speech, _: self._hear(speech)
        )

    def _heard(self, speech: Speech) -> Vector:
        self.asked += 1
        return voice_in(speech, self._encoder)

    def follow(self, kept: Voiceprint, turn: Speech, so_far: Standing | None) -> Standing:
        return follow(
            kept,
            turn,
            so_far,
            comparer=self.comparer,
            settings=VerifySettings(expires_after_days=1095),
            continuous=ContinuousSettings(),
            now=kept.enrolled_at,
        )


@pytest.fixture
def rehearsing(encoder: Encoder, calibration: Calibration) -> Rehearsing:
    return Rehearsing(encoder, calibration)


@pytest.mark.parametrize("who", ["klaus", "stranger"])
@pytest.mark.parametrize("earlier_ms", [0, 400, 3_000])
def test_a_turn_that_was_rehearsed_has_the_verdict_of_one_that_was_not(
    rehearsing: Rehearsing,
    voiceprint: Voiceprint,
    who: str,
    earlier_ms: int,
    request: pytest.FixtureRequest,
) -> None:
    say = request.getfixturevalue(who)
    so_far = rehearsing.follow(voiceprint, say(earlier_ms), None) if earlier_ms else None
    plain = rehearsing.follow(voiceprint, say(5_000), so_far)

    with rehearsing.beforehand.ahead() as ahead:
        rehearse(say(5_000), so_far, comparer=rehearsing.comparer, continuous=ContinuousSettings())
    rehearsing.asked = 0
    again = rehearsing.follow(voiceprint, say(5_000), so_far)

    assert rehearsing.asked == 0
    assert ahead.answers
    assert plain.verdict == again.verdict
    assert plain.voice is not None
    assert again.voice is not None
    assert np.array_equal(plain.voice, again.voice)


def test_a_turn_that_went_on_is_heard_anew(
    rehearsing: Rehearsing, voiceprint: Voiceprint, klaus: Say
) -> None:
    with rehearsing.beforehand.ahead() as ahead:
        rehearse(klaus(3_000), None, comparer=rehearsing.comparer, continuous=ContinuousSettings())
    rehearsing.asked = 0

    longer = rehearsing.follow(voiceprint, klaus(4_000), None)

    assert rehearsing.asked > 0
    assert ahead.answers
    assert longer.evidence is not None
    assert longer.evidence.net_ms == 4_000
