"""Who goes first: each gateway's own order, applied to its own numbers."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ivr.gateways.priority import (
    asterisk_queue_prio,
    freeswitch_base_score,
    jambonz_priority,
    twilio_task_priority,
)


@dataclass(frozen=True)
class Waiting:
    name: str
    priority: int
    waited_s: int = 0


STANDARD = Waiting("standard", priority=10)
SENIOR = Waiting("senior", priority=80)
SAFETY = Waiting("safety", priority=100)
NOBODY = Waiting("nobody", priority=0)
EVERYBODY = (STANDARD, SAFETY, NOBODY, SENIOR)


def in_asterisk(one: Waiting) -> float:
    """app_queue inserts before whoever has a smaller QUEUE_PRIO."""
    return -asterisk_queue_prio(one.priority)


def in_freeswitch(one: Waiting) -> float:
    """mod_callcenter: the highest of seconds waited plus base score."""
    return -(one.waited_s + freeswitch_base_score(one.priority))


def in_jambonz(one: Waiting) -> float:
    """A sorted set, lowest first; nothing, 0 and less become 999."""
    sent = jambonz_priority(one.priority)
    return sent if sent > 0 else 999


def in_twilio(one: Waiting) -> float:
    return -twilio_task_priority(one.priority)


GATEWAYS = (in_asterisk, in_freeswitch, in_jambonz, in_twilio)


@pytest.mark.parametrize("place", GATEWAYS)
def test_who_is_more_urgent_goes_first_everywhere(place: Callable[[Waiting], float]) -> None:
    order = sorted(EVERYBODY, key=place)

    assert order == [SAFETY, SENIOR, STANDARD, NOBODY]


def test_in_freeswitch_a_short_wait_does_not_pass_a_senior_but_a_long_one_does() -> None:
    minute = Waiting("standard", priority=10, waited_s=60)
    two_hours = Waiting("standard", priority=10, waited_s=7200)

    assert sorted([minute, SENIOR, two_hours], key=in_freeswitch) == [two_hours, SENIOR, minute]


@pytest.mark.parametrize("priority", [-1, 101])
@pytest.mark.parametrize(
    "mapped",
    [asterisk_queue_prio, freeswitch_base_score, jambonz_priority, twilio_task_priority],
)
def test_a_priority_outside_the_scale_is_refused(
    mapped: Callable[[int], int], priority: int
) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        mapped(priority)
