"""Evidence grows while somebody speaks, and belongs to one voice only."""

from collections.abc import Callable

import numpy as np
import pytest

from biometrics import (
    Calibration,
    Comparer,
    ContinuousSettings,
    Encoder,
    Flaw,
    Outcome,
    Poor,
    Span,
    Speech,
    Standing,
    Verification,
    Voiceprint,
    Waveform,
    joined_speech,
)

Say = Callable[[int], Speech]
Mixed = Callable[[float, int], Speech]
Begin = Callable[..., Verification]


@pytest.fixture
def begin(encoder: Encoder, calibration: Calibration, voiceprint: Voiceprint) -> Begin:
    comparer = Comparer(encoder=encoder, calibration=calibration)

    def begun(**changed: object) -> Verification:
        return Verification(
            voiceprint,
            comparer=comparer,
            settings=ContinuousSettings(),
            **{"wrong_with": lambda _: (), **changed},  # type: ignore[arg-type]
        )

    return begun


def quiet(ms: int) -> Speech:
    return Speech(
        waveform=Waveform(samples=np.zeros(ms * 8, dtype=np.float32), rate_hz=8000), spans=()
    )


def frames_of(speech: Speech, ms: int) -> list[Speech]:
    """As a socket brings them."""
    return [speech.cut(start, start + ms) for start in range(0, speech.waveform.duration_ms, ms)]


def call(begin: Begin, *turns: Speech) -> Standing:
    standing = begin().finish(turns[0])
    for turn in turns[1:]:
        standing = begin(so_far=standing).finish(turn)
    return standing


def test_silence_proves_nothing(begin: Begin) -> None:
    found = begin().finish(quiet(3_000))

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.evidence is None
    assert begin().finish().verdict.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("net_ms", [400, 1_499])
def test_too_little_speech_is_kept_and_not_compared(begin: Begin, klaus: Say, net_ms: int) -> None:
    found = begin().finish(klaus(net_ms))

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.llr is None
    assert found.pieces is not None
    assert found.pieces.net_ms == net_ms


def test_a_stranger_takes_the_phone_in_the_second_turn(
    begin: Begin, klaus: Say, stranger: Say
) -> None:
    assert call(begin, klaus(4_000)).verdict.outcome is Outcome.ACCEPTED
    assert call(begin, klaus(4_000), stranger(4_000)).verdict.outcome is Outcome.REJECTED


@pytest.mark.parametrize("like", [0.51, 0.6, 0.69])
def test_a_stranger_who_is_a_little_like_the_customer_is_not_carried(
    begin: Begin, klaus: Say, mixed: Mixed, like: float
) -> None:
    """Both turns as one recording would be accepted."""
    found = call(begin, klaus(4_000), mixed(like, 3_000))

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.net_speech_ms == 3_000


def test_the_customer_whose_second_turn_only_leans_stays_accepted(
    begin: Begin, mixed: Mixed
) -> None:
    found = call(begin, mixed(0.72, 4_000), mixed(0.68, 3_000))

    assert begin().finish(mixed(0.68, 3_000)).verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.outcome is Outcome.ACCEPTED
    assert found.verdict.net_speech_ms == 7_000


def test_turns_of_one_voice_are_not_joined_with_those_of_another(
    begin: Begin, mixed: Mixed
) -> None:
    """Both lean to the customer, from opposite sides: together they would be accepted."""
    side = 0.6
    one = mixed(side, 3_000)
    samples = np.tile(np.array([side, -((1 - side**2) ** 0.5), 0, 0], dtype=np.float32), 6_000)
    span = Span(start_ms=0, end_ms=3_000)
    other = Speech(waveform=Waveform(samples=samples, rate_hz=8000), spans=(span,))

    found = call(begin, one, other)

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.net_speech_ms == 3_000


def test_turns_of_one_voice_that_lean_to_the_customer_are_joined(
    begin: Begin, mixed: Mixed
) -> None:
    found = call(begin, mixed(0.65, 3_000), mixed(0.65, 3_000))

    assert found.verdict.net_speech_ms == 6_000
    assert found.verdict.incremental is not None
    assert found.verdict.incremental.net_ms == 1_500


def test_husband_and_wife_alternate_and_only_his_turns_are_proven(
    begin: Begin, klaus: Say, stranger: Say
) -> None:
    standing: Standing | None = None
    outcomes = []
    for turn in (klaus(3_000), stranger(3_000), klaus(3_000), stranger(800), stranger(900)):
        verification = begin(so_far=standing) if standing else begin()
        standing = verification.finish(turn)
        outcomes.append(standing.verdict.outcome.value)

    assert outcomes == ["accepted", "rejected", "accepted", "accepted", "rejected"]


def test_who_takes_over_within_a_turn_leaves_nobody_proven(
    begin: Begin, klaus: Say, stranger: Say
) -> None:
    for turn in ([klaus(4_000), stranger(4_000)], [stranger(4_000), klaus(4_000)]):
        found = begin().finish(joined_speech(turn))

        assert found.verdict.outcome is Outcome.INCONCLUSIVE
        assert [poor.code for poor in found.verdict.poor] == [Flaw.SEVERAL_VOICES]


def test_the_customer_is_accepted_again_in_a_turn_of_their_own(
    begin: Begin, klaus: Say, stranger: Say
) -> None:
    both = joined_speech([klaus(4_000), stranger(4_000)])

    assert call(begin, both, klaus(3_000)).verdict.outcome is Outcome.ACCEPTED
    assert call(begin, both, klaus(900)).verdict.outcome is Outcome.INCONCLUSIVE


def test_after_a_turn_of_two_voices_the_next_one_stands_alone(
    begin: Begin, klaus: Say, stranger: Say, mixed: Mixed
) -> None:
    """Else a word thrown in would open the way for a stranger who is a little alike."""
    both = joined_speech([klaus(4_000), stranger(4_000)])

    found = call(begin, klaus(4_000), both, mixed(0.6, 3_000))

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.net_speech_ms == 3_000


def test_a_caller_of_few_words_is_accepted_after_the_third_turn(begin: Begin, klaus: Say) -> None:
    turns = [klaus(600), klaus(600), klaus(600)]

    outcomes = [call(begin, *turns[:n]).verdict.outcome.value for n in (1, 2, 3)]

    assert outcomes == ["inconclusive", "inconclusive", "accepted"]


def test_a_word_too_short_to_be_compared_does_not_undo_the_proof(begin: Begin, klaus: Say) -> None:
    found = call(begin, klaus(4_000), klaus(500))

    assert found.verdict.outcome is Outcome.ACCEPTED
    assert found.verdict.reasons == ("accepted earlier in this call",)


def test_after_another_voice_was_rejected_its_speech_helps_nobody(
    begin: Begin, stranger: Say, mixed: Mixed
) -> None:
    found = call(begin, stranger(4_000), mixed(0.65, 3_000))

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.net_speech_ms == 3_000


@pytest.mark.parametrize("frame_ms", [20, 130, 4_000])
def test_a_caller_is_accepted_while_still_speaking_whatever_the_frames(
    begin: Begin, klaus: Say, frame_ms: int
) -> None:
    verification = begin()

    verdicts = [verification.hear(frame) for frame in frames_of(klaus(4_000), frame_ms)]

    assert verdicts[-1].outcome is Outcome.ACCEPTED
    assert verdicts[-1].llr == pytest.approx(10.0, abs=0.01)
    assert verification.finish().verdict.outcome is Outcome.ACCEPTED


def test_before_the_end_of_a_turn_more_is_asked_than_at_its_end(begin: Begin, mixed: Mixed) -> None:
    """At one stranger in a hundred, 4.0 is enough at the end, and ln(100) = 4.6 before."""
    verification = begin()

    early = [verification.hear(frame) for frame in frames_of(mixed(0.715, 6_000), 20)]

    assert {verdict.outcome for verdict in early} == {Outcome.INCONCLUSIVE}
    assert verification.finish().verdict.outcome is Outcome.ACCEPTED


def test_an_early_acceptance_is_taken_back_when_the_voice_changes(
    begin: Begin, klaus: Say, stranger: Say
) -> None:
    verification = begin()

    before = [verification.hear(frame) for frame in frames_of(klaus(4_000), 20)]
    after = [verification.hear(frame) for frame in frames_of(stranger(4_000), 20)]

    assert before[-1].outcome is Outcome.ACCEPTED
    assert after[-1].outcome is Outcome.INCONCLUSIVE
    assert verification.finish().verdict.outcome is Outcome.INCONCLUSIVE


def test_sound_that_is_no_voice_is_not_accepted_before_the_end_either(
    begin: Begin, klaus: Say
) -> None:
    music = Poor(code=Flaw.MUSIC, reason="Music was heard.", is_meaningless=True)
    verification = begin(wrong_with=lambda _: (music,))

    early = [verification.hear(frame) for frame in frames_of(klaus(6_000), 100)]

    assert {verdict.outcome for verdict in early} == {Outcome.INCONCLUSIVE}
    assert verification.finish().verdict.poor == (music,)
    assert verification.verdict.outcome is Outcome.INCONCLUSIVE


def test_sound_that_is_not_a_number_proves_nothing(begin: Begin, klaus: Say) -> None:
    speech = klaus(4_000)
    broken = Waveform(samples=speech.waveform.samples * np.float32("nan"), rate_hz=8000)

    found = begin().finish(Speech(waveform=broken, spans=speech.spans))

    assert found.verdict.outcome is Outcome.INCONCLUSIVE


def test_who_speaks_for_minutes_is_not_kept_for_minutes(begin: Begin, klaus: Say) -> None:
    verification = begin()
    for frame in frames_of(klaus(60_000), 1_000):
        verification.hear(frame)

    found = verification.finish()

    assert found.verdict.outcome is Outcome.ACCEPTED
    assert found.evidence is not None
    assert found.evidence.net_ms == 12_000
    assert verification._turn.net_ms <= 25_000


def test_a_caller_who_pauses_does_not_fill_the_memory(begin: Begin, klaus: Say) -> None:
    verification = begin()
    verification.hear(klaus(900))
    for _ in range(600):
        verification.hear(quiet(100))

    waiting_ms = sum(piece.waveform.duration_ms for piece in verification._pending)

    assert waiting_ms <= 65_000
    assert verification.finish(klaus(900)).verdict.outcome is Outcome.ACCEPTED


def test_the_voice_is_encoded_once_a_second_and_never_for_a_frame(
    encoder: Encoder, calibration: Calibration, voiceprint: Voiceprint, klaus: Say
) -> None:
    heard: list[int] = []

    class Counting:
        id, dimension, rate_hz, shortest_ms = encoder.id, 4, 8000, 500
        weights_sha256 = ""

        def encode(self, speech: Waveform) -> object:
            heard.append(speech.duration_ms)
            return encoder.encode(speech)

    comparer = Comparer(encoder=Counting(), calibration=calibration)  # type: ignore[arg-type]
    verification = Verification(
        voiceprint, comparer=comparer, settings=ContinuousSettings(), wrong_with=lambda _: ()
    )
    for frame in frames_of(klaus(10_000), 20):
        verification.hear(frame)

    assert 10 <= len(heard) <= 20
    heard.clear()
    Verification(voiceprint, comparer=comparer, settings=ContinuousSettings()).finish(klaus(4_000))
    assert heard == [2_000, 2_000, 4_000]
