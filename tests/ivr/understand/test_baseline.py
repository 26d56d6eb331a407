"""The usual is made of the first seconds, weighted by length, and holds nothing else."""

from dataclasses import replace

import pytest

from ivr.understand.baseline import MANNER, Baseline
from ivr.understand.prosody import Prosody

TURN = Prosody(
    net_ms=2_000,
    pitch_semitones=4.0,
    pitch_range_semitones=7.0,
    pitch_movement_semitones=1.5,
    level_db=-20.0,
    level_range_db=18.0,
    brightness_db=-9.0,
    sharpness_db=-17.0,
    clearness=0.85,
    voiced=0.5,
    syllables_per_second=4.0,
    longest_pause_ms=300,
    paused=0.1,
    above_background_db=30.0,
)
PITCH = MANNER.index("pitch_semitones")


def test_before_the_first_turn_nothing_is_known() -> None:
    assert not Baseline().is_known


def test_a_short_word_is_not_enough_to_know_somebody() -> None:
    assert not Baseline().after(replace(TURN, net_ms=900)).is_known


def test_turns_count_by_their_length() -> None:
    usual = Baseline().after(TURN).after(replace(TURN, net_ms=1_000, pitch_semitones=10.0))

    assert (usual.is_known, usual.net_ms) == (True, 3_000)
    assert usual.usual[PITCH] == pytest.approx(6.0)


def test_after_the_first_seconds_the_usual_stands() -> None:
    usual = Baseline().after(replace(TURN, net_ms=6_000))

    assert usual.after(replace(TURN, pitch_semitones=20.0)) is usual


def test_the_usual_does_not_print() -> None:
    assert "4.0" not in repr(Baseline().after(TURN))
