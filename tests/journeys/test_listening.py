"""A whole call is recorded at the gateway, and the recording listened to by measurement."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ivr.live.pcm import pcm_of
from ivr.simulate.caller import Manners
from ivr.simulate.ground import Ground, open_for_all
from ivr.simulate.leg import Line
from ivr.simulate.play import Plan, Played, new_call_of, play
from ivr.simulate.tape import longest_gap_ms, stopped_after_ms
from ivr.simulate.turns import said
from ivr.wiring import House

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

LOUD = 650
"""Of 32,768; the recordings begin with a breath."""

TURNS = ("klaus-flight.wav", "klaus-yes.wav")


@pytest.fixture(scope="module")
def recorded(house: House, fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture(scope="module")
def played(house: House, fixtures: Path, recorded: Path) -> Played:
    """Klaus interrupts the answer to his first turn."""
    settings, door = open_for_all(house.settings, is_fast=True)
    live = replace(settings.gateways.live, record_into=str(recorded))
    ground_house = House(replace(settings, gateways=replace(settings.gateways, live=live)))
    turns = [said(house, str(fixtures / name)) for name in TURNS]
    line = Line(call_id=new_call_of("audiosocket"), number="+4989123456", language="de")
    plan = Plan(via="audiosocket", line=line, manners=Manners(is_fast=True, barge_in_ms=8_000))
    try:
        return play(Ground(house=ground_house, door=door), turns, plan)
    finally:
        ground_house.close()


def test_no_prompt_has_a_hole(played: Played, house: House) -> None:
    assert played.tape is not None
    opening = np.frombuffer(pcm_of(house.opening(None)), dtype="<i2")
    heard = played.tape.machine_sound()

    # What has to be heard whole, and what of the rest was heard before the caller began.
    whole = opening[: 8_000 * 4]
    assert longest_gap_ms(heard, whole) <= 40


def test_whoever_speaks_is_given_the_floor_within_200_ms(played: Played) -> None:
    assert played.tape is not None
    loud = np.flatnonzero(np.abs(played.tape.caller_sound()) > LOUD)
    after_ms = stopped_after_ms(played.tape.machine(), int(loud[0]) * 1_000 // 8_000)

    assert after_ms is not None
    assert after_ms <= 200


def test_without_consent_nothing_was_recorded(played: Played, recorded: Path) -> None:
    assert played.results
    assert list(recorded.iterdir()) == []
