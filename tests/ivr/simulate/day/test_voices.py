"""Drawn voices pass the guards that real ones do."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np

from biometrics import Outcome
from ivr.findings import NO_SPEECH
from ivr.settings import AttemptSettings
from ivr.simulate.day.people import Customer, Print, customers
from ivr.simulate.day.plan import Speaker
from ivr.simulate.day.voices import SimulatedVoices
from ivr.simulate.day.words import read_words
from ivr.verify.attempts import Origin
from ivr.verify.check import VoiceCheck
from ivr.verify.evidence import Evidence
from ivr.verify.memory_attempts import MemoryAttempts

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PEOPLE = customers(200, read_words("airline"), date(2026, 11, 20), np.random.default_rng(1))


def of(kept: Print) -> Customer:
    return next(one for one in PEOPLE if one.print is kept)


def drawn(seed: int = 1) -> SimulatedVoices:
    voices = SimulatedVoices(draw=np.random.default_rng(seed))
    voices.know(PEOPLE)
    return voices


def checked(
    voices: SimulatedVoices, check: VoiceCheck, customer: Customer, speaker: Speaker, turns: int = 2
) -> Evidence:
    voices.begin(speaker)
    evidence = None
    origin = Origin(number=customer.number.e164, source=None)
    for turn in range(turns):
        at = NOW + timedelta(seconds=turn)
        evidence = check.check(customer.caller, NO_SPEECH, evidence, at, origin)
    assert evidence is not None
    return evidence


def check_of(voices: SimulatedVoices, *, attempts: MemoryAttempts | None = None) -> VoiceCheck:
    return VoiceCheck(store=voices.store, judge=voices.judge, signs=voices.signs, attempts=attempts)


def test_without_a_voiceprint_nobody_is_accepted() -> None:
    voices = drawn()
    for kept, outcome in (
        (Print.NONE, Outcome.NOT_ENROLLED),
        (Print.REFUSED, Outcome.OPTED_OUT),
    ):
        found = checked(voices, check_of(voices), of(kept), Speaker.CUSTOMER)
        assert found.verdict.outcome is outcome


def test_a_recording_is_never_accepted() -> None:
    voices = drawn()
    found = [
        checked(voices, check_of(voices), of(Print.KEPT), Speaker.RECORDING).verdict.outcome
        for _ in range(100)
    ]

    assert Outcome.ACCEPTED not in found
    assert Outcome.SPOOF_SUSPECTED in found


def test_somebody_else_is_seldom_accepted_and_the_customer_mostly() -> None:
    voices = drawn()
    found = {
        speaker: Counter(
            checked(voices, check_of(voices), of(Print.KEPT), speaker).verdict.outcome
            for _ in range(300)
        )
        for speaker in (Speaker.SOMEBODY_ELSE, Speaker.CUSTOMER)
    }

    assert found[Speaker.SOMEBODY_ELSE][Outcome.ACCEPTED] <= 3
    assert found[Speaker.SOMEBODY_ELSE][Outcome.REJECTED] > 200
    assert found[Speaker.CUSTOMER][Outcome.ACCEPTED] > 250


def test_who_fails_too_often_is_locked_out_as_in_real_calls() -> None:
    voices = drawn()
    check = check_of(voices, attempts=MemoryAttempts(key=b"k" * 32, settings=AttemptSettings()))
    somebody = of(Print.KEPT)

    found = [checked(voices, check, somebody, Speaker.SOMEBODY_ELSE) for _ in range(30)]
    last = checked(voices, check, somebody, Speaker.CUSTOMER)

    assert found[0].verdict.outcome is Outcome.REJECTED
    assert last.verdict.outcome is Outcome.INCONCLUSIVE
    assert last.verdict.reasons == ("locked after failed attempts",)
