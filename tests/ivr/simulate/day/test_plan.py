from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ivr.call import PhoneNumber
from ivr.identify.number import read_number
from ivr.simulate.day.heard import speaking, with_sound
from ivr.simulate.day.people import Customer, Print, customers
from ivr.simulate.day.plan import Planned, Rise, Speaker, moments, planned
from ivr.simulate.day.words import read_words

DAY = date(2026, 11, 20)
BERLIN = ZoneInfo("Europe/Berlin")
WORDS = read_words("airline")


def people(many: int = 300, seed: int = 1) -> tuple[Customer, ...]:
    return customers(many, WORDS, DAY, np.random.default_rng(seed))


def day(calls: int, *rises: Rise, seed: int = 1) -> list[Planned]:
    draw = np.random.default_rng(seed)
    return planned(moments(calls, DAY, BERLIN, draw), people(), WORDS, rises, draw)


def test_no_two_customers_share_a_number_or_a_voice() -> None:
    everybody = people(2_000)

    assert len({one.number for one in everybody}) == 2_000
    assert len({one.caller.subject for one in everybody}) == 2_000


def test_numbers_are_numbers() -> None:
    for one in people():
        assert read_number(one.number.e164, region="DE") == one.number


def test_customers_are_as_different_as_customers_are() -> None:
    everybody = people(2_000)
    prints = Counter(one.print for one in everybody)

    assert 0.65 < prints[Print.KEPT] / 2_000 < 0.8
    assert prints[Print.REFUSED] > 0
    assert 0.2 < sum(bool(one.event) for one in everybody) / 2_000 < 0.5
    assert 0.08 < sum(one.caller.birth_date.year <= 1961 for one in everybody) / 2_000 < 0.17


def test_the_same_seed_is_the_same_day() -> None:
    assert day(200) == day(200)
    assert day(200) != day(200, seed=2)


def test_calls_come_in_order_on_the_day_and_mostly_by_day() -> None:
    calls = day(1_000)
    hours = Counter(one.at.astimezone(BERLIN).hour for one in calls)

    assert [one.at for one in calls] == sorted(one.at for one in calls)
    assert {one.at.astimezone(BERLIN).date() for one in calls} == {DAY}
    assert hours[10] > 10 * hours[3]


def test_callers_are_of_all_kinds() -> None:
    calls = day(2_000)

    assert {one.speaker for one in calls} == set(Speaker)
    assert {one.goal for one in calls} == set(WORDS.topics)
    assert {one.temper.mood for one in calls} == {"", "upset", "lost"}
    assert 0.1 < sum(one.customer is None for one in calls) / 2_000 < 0.3
    known = [one for one in calls if one.customer]
    assert all(isinstance(one.number, PhoneNumber) for one in known)


def test_a_rise_adds_calls_from_its_hour_on_and_takes_none_away() -> None:
    usual, risen = day(1_000), day(1_000, Rise(topic="refund", hour=14, factor=3))

    def count(calls: list[Planned], *, late: bool) -> int:
        return sum(one.goal == "refund" and (one.at.hour >= 14) is late for one in calls)

    assert len(risen) - len(usual) == count(risen, late=True) - count(usual, late=True)
    assert count(risen, late=False) == count(usual, late=False)
    assert 2 < count(risen, late=True) / count(usual, late=True) < 4.5


def test_nobody_is_heard_unless_asked_for() -> None:
    draw = np.random.default_rng(1)
    everybody, calls = people(), day(50)

    assert speaking(everybody, 0) == {}
    assert with_sound(calls, everybody, {}, 0, draw) == calls


def test_those_who_are_heard_are_customers_with_a_voice_all_over_the_day() -> None:
    draw = np.random.default_rng(1)
    everybody, calls = people(), day(100)
    voices = speaking(everybody, 10)

    heard = [one for one in with_sound(calls, everybody, voices, 10, draw) if one.is_heard]

    assert len(heard) == 10
    assert len(voices) == 6
    assert {one.customer.caller.subject for one in heard if one.customer} <= set(voices)
    assert heard[-1].at - heard[0].at > timedelta(hours=8)
