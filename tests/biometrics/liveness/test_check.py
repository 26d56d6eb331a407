"""Signs of an attack: what is looked for, what is said, and what may be done about it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from biometrics import Codec, Sign, Speech, StoreUnavailable, SubjectId, over_telephone
from biometrics.liveness import (
    EXACT_REPLAY,
    NEAR_REPLAY,
    OTHER_LINE,
    TOO_MANY_TURNS,
    TWO_AT_ONCE,
    Kept,
    LivenessCheck,
    LivenessSettings,
    MemoryFingerprints,
    Mode,
    Opinion,
    Visit,
)

KLAUS, ERNA = SubjectId("s-1"), SubjectId("s-2")
LATER = timedelta(minutes=5)

Turn = Callable[[str], Speech]


class BrokenStore(MemoryFingerprints):
    def kept(self, subject: SubjectId) -> tuple[Kept, ...]:
        raise StoreUnavailable("The store is gone.")

    def keep(self, subject: SubjectId, recording: Kept) -> None:
        raise StoreUnavailable("The store is gone.")

    def visited(self, subject: SubjectId, visit: Visit) -> tuple[Visit, ...]:
        raise StoreUnavailable("The store is gone.")


class FakeDetector:
    name = "fake"

    def __init__(self, opinion: Opinion | None) -> None:
        self.opinion = opinion

    def judge(self, speech: Speech) -> Opinion | None:
        return self.opinion


def _check(mode: Mode = Mode.GATE, **parts: object) -> LivenessCheck:
    return LivenessCheck(store=MemoryFingerprints(), settings=LivenessSettings(mode=mode), **parts)


def _named(signs: tuple[Sign, ...], name: str) -> Sign:
    return next(sign for sign in signs if sign.name == name)


def _forbidding(signs: tuple[Sign, ...]) -> set[str]:
    return {sign.name for sign in signs if sign.forbids}


def test_without_the_store_nothing_is_answered(turn: Turn, now: datetime) -> None:
    check = replace(_check(), store=BrokenStore())

    with pytest.raises(StoreUnavailable):
        check.listen(KLAUS, turn("klaus-flight"), now)
    with pytest.raises(StoreUnavailable):
        check.remember(KLAUS, turn("klaus-flight"), now)


def test_the_same_bits_forbid_acceptance(turn: Turn, now: datetime) -> None:
    check = _check()
    check.remember(KLAUS, turn("klaus-flight"), now)

    signs = check.listen(KLAUS, turn("klaus-flight"), now + LATER)

    assert _forbidding(signs) == {EXACT_REPLAY, NEAR_REPLAY}


def test_a_copy_over_another_line_forbids_acceptance(turn: Turn, now: datetime) -> None:
    check = _check()
    check.remember(KLAUS, turn("klaus-flight"), now)
    sound = turn("klaus-flight")
    copy = replace(sound, waveform=over_telephone(sound.waveform, Codec.GSM))

    signs = check.listen(KLAUS, copy, now + LATER)

    assert _forbidding(signs) == {NEAR_REPLAY}
    assert not _named(signs, EXACT_REPLAY).is_spoof


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.ADVISE])
def test_only_the_gate_forbids(turn: Turn, now: datetime, mode: Mode) -> None:
    check = _check(mode)
    check.remember(KLAUS, turn("klaus-flight"), now)

    signs = check.listen(KLAUS, turn("klaus-flight"), now + LATER)

    assert _forbidding(signs) == set()
    assert {sign.name for sign in signs if sign.is_spoof} == (
        set() if mode is Mode.OFF else {EXACT_REPLAY, NEAR_REPLAY}
    )


def test_what_is_off_remembers_nothing(turn: Turn, now: datetime) -> None:
    check = _check(Mode.OFF)

    check.remember(KLAUS, turn("klaus-flight"), now)
    check.listen(KLAUS, turn("klaus-flight"), now)

    assert not check.forget(KLAUS)


def test_advice_is_the_default() -> None:
    assert LivenessSettings().mode is Mode.ADVISE


def test_a_recording_of_somebody_else_is_no_replay(turn: Turn, now: datetime) -> None:
    check = _check()
    check.remember(ERNA, turn("klaus-flight"), now)

    signs = check.listen(KLAUS, turn("klaus-flight"), now + LATER)

    assert not any(sign.is_spoof for sign in signs)


def test_another_sentence_is_no_replay(turn: Turn, now: datetime) -> None:
    check = _check()
    check.remember(KLAUS, turn("klaus-enrol-1"), now)

    signs = check.listen(KLAUS, turn("klaus-enrol-2"), now + LATER)

    assert len(signs) == 5
    assert not any(sign.is_spoof for sign in signs)


def test_what_was_forgotten_is_new_again(turn: Turn, now: datetime) -> None:
    check = _check()
    check.remember(KLAUS, turn("klaus-flight"), now)

    assert check.forget(KLAUS)
    assert not _forbidding(check.listen(KLAUS, turn("klaus-flight"), now + LATER))


def test_listening_alone_remembers_no_sound(turn: Turn, now: datetime) -> None:
    check = _check()

    check.listen(KLAUS, turn("klaus-flight"), now)

    assert not _forbidding(check.listen(KLAUS, turn("klaus-flight"), now + LATER))


def test_two_calls_at_once_are_told_and_forbid_nothing(turn: Turn, now: datetime) -> None:
    check = _check()
    check.listen(KLAUS, turn("klaus-enrol-1"), now)

    signs = check.listen(KLAUS, turn("klaus-enrol-2"), now + timedelta(seconds=1))

    assert _named(signs, TWO_AT_ONCE).is_spoof
    assert not _named(signs, TWO_AT_ONCE).may_gate


def test_turns_one_after_the_other_are_one_call(turn: Turn, now: datetime) -> None:
    check = _check()
    check.listen(KLAUS, turn("klaus-enrol-1"), now)

    signs = check.listen(KLAUS, turn("klaus-enrol-2"), now + timedelta(seconds=20))

    assert not _named(signs, TWO_AT_ONCE).is_spoof


def test_more_turns_than_a_person_speaks_are_told(turn: Turn, now: datetime) -> None:
    settings = LivenessSettings(turns_an_hour=3)
    check = replace(_check(), settings=settings)
    told = [
        _named(check.listen(KLAUS, turn("klaus-yes"), now + n * LATER), TOO_MANY_TURNS).is_spoof
        for n in range(5)
    ]
    day_later = check.listen(KLAUS, turn("klaus-yes"), now + timedelta(days=1))

    assert told == [False, False, False, True, True]
    assert not _named(day_later, TOO_MANY_TURNS).is_spoof


def test_another_line_is_told_and_forbids_nothing(turn: Turn, now: datetime) -> None:
    check = _check()
    check.remember(KLAUS, turn("klaus-enrol-1"), now)
    wide = turn("klaus-enrol-2")
    loud = wide.waveform.samples + 0.05 * np.random.default_rng(2).standard_normal(
        len(wide.waveform.samples)
    ).astype(np.float32)
    other = replace(wide, waveform=replace(wide.waveform, samples=loud))

    same_line = _named(check.listen(KLAUS, wide, now + LATER), OTHER_LINE)
    other_line = _named(check.listen(KLAUS, other, now + 2 * LATER), OTHER_LINE)

    assert not same_line.is_spoof
    assert other_line.is_spoof
    assert not other_line.may_gate


def test_a_missing_model_is_said_and_no_alarm(turn: Turn, now: datetime) -> None:
    check = _check(missing=("aasist",))

    sign = _named(check.listen(KLAUS, turn("klaus-flight"), now), "aasist")

    assert sign.reason == "Not checked: its model is not here."
    assert (sign.is_spoof, sign.may_gate, sign.risk) == (False, False, 0.0)


def test_too_little_speech_for_a_detector_is_said_and_no_alarm(turn: Turn, now: datetime) -> None:
    check = _check(detectors=(FakeDetector(None),), gating=frozenset({"fake"}))

    sign = _named(check.listen(KLAUS, turn("klaus-yes"), now), "fake")

    assert sign.reason == "Not checked: there is too little speech."
    assert not sign.forbids


@pytest.mark.parametrize("is_sure", [True, False])
def test_a_detector_forbids_only_where_it_may(turn: Turn, now: datetime, is_sure: bool) -> None:
    detector = FakeDetector(Opinion(risk=0.9, is_spoof=True))
    gating = frozenset({"fake"}) if is_sure else frozenset()
    check = _check(detectors=(detector,), gating=gating)

    sign = _named(check.listen(KLAUS, turn("klaus-flight"), now), "fake")

    assert sign.is_spoof
    assert sign.forbids is is_sure
