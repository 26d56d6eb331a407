"""Which signs let a voice be learned from."""

from dataclasses import replace

import pytest

from biometrics import Examined, Sign
from biometrics.liveness import (
    EXACT_REPLAY,
    NEAR_REPLAY,
    OTHER_LINE,
    SYNTHETIC_VOICE,
    TWO_AT_ONCE,
    LivenessCheck,
    MemoryFingerprints,
)


def sign(name: str, *, is_spoof: bool = False) -> Sign:
    return Sign(name=name, risk=0.0, is_spoof=is_spoof, may_gate=False, reason="A reason.")


CLEAR = tuple(sign(name) for name in (EXACT_REPLAY, NEAR_REPLAY, SYNTHETIC_VOICE))
CHECK = LivenessCheck(store=MemoryFingerprints())


@pytest.mark.parametrize("name", [EXACT_REPLAY, NEAR_REPLAY, SYNTHETIC_VOICE, TWO_AT_ONCE, "new"])
def test_a_sign_that_may_only_be_told_alarms_all_the_same(name: str) -> None:
    assert CHECK.examined((*CLEAR, sign(name, is_spoof=True))) is Examined.ALARMING


def test_whatever_forbids_or_needs_a_person_alarms() -> None:
    gate = replace(sign(OTHER_LINE, is_spoof=True), may_gate=True)
    listed = replace(sign("watchlist"), needs_person=True)

    assert CHECK.examined((*CLEAR, gate)) is Examined.ALARMING
    assert CHECK.examined((*CLEAR, listed)) is Examined.ALARMING


@pytest.mark.parametrize("place", range(3))
def test_what_could_not_be_looked_for_leaves_it_unclear(place: int) -> None:
    unchecked = replace(CLEAR[place], is_checked=False)

    assert CHECK.examined((*CLEAR[:place], *CLEAR[place + 1 :])) is Examined.UNCLEAR
    assert CHECK.examined((*CLEAR[:place], unchecked, *CLEAR[place + 1 :])) is Examined.UNCLEAR
    assert CHECK.examined(()) is Examined.UNCLEAR


def test_another_line_than_usual_is_no_reason() -> None:
    assert CHECK.examined((*CLEAR, sign(OTHER_LINE, is_spoof=True))) is Examined.CLEAR
