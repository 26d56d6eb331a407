"""Who calls when, what about, and in which mood; drawn before the day begins."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from ivr.call import CallerNumber, CallId, Language, Withheld
from ivr.errors import BadDay
from ivr.simulate.day.people import Customer
from ivr.simulate.day.words import Words, chance, pick

BY_HOUR = (1, 1, 1, 1, 1, 2, 6, 18, 40, 58, 64, 60, 48, 50, 56, 58, 54, 46, 34, 24, 16, 10, 5, 2)
"""How busy each hour is beside the others: an assumption about a line that is always open."""

BY_WEEKDAY = (1.25, 1.1, 1.05, 1.0, 0.95, 0.45, 0.35)

_UNKNOWN_SHARE = 0.22
"""Calls from numbers that belong to nobody in the directory, or from none."""

_RISE = re.compile(r"([a-z_]+)@(\d{1,2})x(\d+(?:\.\d+)?)")
_LAST_HOUR = 23


class Speaker(StrEnum):
    """Whose voice it is."""

    CUSTOMER = "customer"
    SOMEBODY_ELSE = "somebody_else"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """From an hour on there are more calls about something."""

    topic: str
    hour: int
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How somebody talks."""

    mood: str = ""
    """upset, lost, or empty."""

    patience: int = 12
    """Turns after which they hang up."""

    wants_person: bool = False
    lost_words: float = 0.0
    """Share of their words that the line swallows."""

    hears_badly: bool = False
    """Says nothing now and then, or asks to hear it again."""

    rates: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One call."""

    id: CallId
    at: datetime
    """Aware."""

    number: CallerNumber
    customer: Customer | None
    speaker: Speaker
    language: Language
    goal: str
    is_foreign: bool
    """At first it is about something that the business does not do."""

    temper: Temper
    facts: Mapping[str, str]
    is_heard: bool = False
    """Really speaks; the words of others come as text."""


def read_rise(text: str, words: Words) -> Rise:
    """Such as refund@14x3.

    Raises:
        BadDay: it is none.
    """
    found = _RISE.fullmatch(text)
    if found is None or int(found[2]) > _LAST_HOUR or float(found[3]) <= 1:
        raise BadDay("A rise is a topic, an hour and a factor above 1, such as refund@14x3.")
    if found[1] not in words.topics:
        raise BadDay(f"Nobody calls about {found[1]}; known are {', '.join(words.topics)}.")
    return Rise(topic=found[1], hour=int(found[2]), factor=float(found[3]))


def moments(many: int, day: date, zone: ZoneInfo, draw: np.random.Generator) -> list[datetime]:
    """When `many` calls begin on a day, in order."""
    weights = np.array(BY_HOUR) / sum(BY_HOUR)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    seconds = draw.choice(24, many, p=weights) * 3_600 + draw.integers(0, 3_600, many)
    return [midnight + timedelta(seconds=int(second)) for second in sorted(seconds)]


def planned(
    when: Sequence[datetime],
    people: Sequence[Customer],
    words: Words,
    rises: Sequence[Rise],
    draw: np.random.Generator,
) -> list[Planned]:
    """Calls at these moments, and those that rises bring in addition."""
    calls = [_call(at, _goal(words, draw), people, words, draw) for at in when]
    for rise in rises:
        usual = [one.at for one in calls if one.goal == rise.topic and one.at.hour >= rise.hour]
        many = int(draw.poisson((rise.factor - 1) * _expected(when, words, rise)))
        late = [at for at in when if at.hour >= rise.hour]
        more = [pick(draw, late) for _ in range(many)] if late and (usual or many) else []
        calls += [_call(at, rise.topic, people, words, draw) for at in more]
    return sorted(calls, key=lambda one: one.at)


def _expected(when: Sequence[datetime], words: Words, rise: Rise) -> float:
    return words.topics[rise.topic].share * sum(at.hour >= rise.hour for at in when)


def _goal(words: Words, draw: np.random.Generator) -> str:
    topics = list(words.topics)
    return topics[int(draw.choice(len(topics), p=[one.share for one in words.topics.values()]))]


def _call(
    at: datetime,
    goal: str,
    people: Sequence[Customer],
    words: Words,
    draw: np.random.Generator,
) -> Planned:
    customer = None if chance(draw, _UNKNOWN_SHARE) else _who(goal, people, words, draw)
    somebody = customer or pick(draw, people)
    speakers = tuple(Speaker)
    return Planned(
        id=CallId(f"made-up-{draw.bytes(8).hex()}"),
        at=at,
        number=customer.number if customer else Withheld(),
        customer=customer,
        speaker=speakers[int(draw.choice(3, p=(0.93, 0.06, 0.01)))],
        language=somebody.language,
        goal=goal,
        is_foreign=chance(draw, 0.05),
        temper=_temper(draw),
        facts=somebody.facts,
    )


def _who(
    goal: str, people: Sequence[Customer], words: Words, draw: np.random.Generator
) -> Customer:
    """Whoever something has happened to calls about that rather than others do."""
    event = words.topics[goal].event
    asked = [pick(draw, people) for _ in range(12)]
    return next((one for one in asked if event and one.event == event), asked[0])


def _temper(draw: np.random.Generator) -> Temper:
    moods = ("", "upset", "lost")
    return Temper(
        mood=moods[int(draw.choice(3, p=(0.88, 0.08, 0.04)))],
        patience=int(3 + draw.poisson(9)),
        wants_person=chance(draw, 0.06),
        lost_words=float(draw.choice((0.0, 0.1, 0.35), p=(0.8, 0.14, 0.06))),
        hears_badly=chance(draw, 0.08),
        rates=chance(draw, 0.6),
    )
