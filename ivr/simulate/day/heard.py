"""Made-up customers who really speak: their voices, and voiceprints made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from biometrics import Channel, Purpose, Said, SubjectId
from ivr.call import Language
from ivr.simulate.day.people import Customer, Print
from ivr.simulate.day.plan import Planned
from ivr.simulate.day.words import Words, pick
from ivr.studio import Timbre
from ivr.wiring import House

_MOST_VOICES = 6
_FORMANTS = (0.80, 1.20, 0.95, 1.10, 0.86, 1.04)
_PITCHES = (0.7, 0.95, 0.8, 1.05, 1.1, 0.75)


def speaking(people: Sequence[Customer], calls: int) -> dict[SubjectId, Timbre]:
    """Customers with a voiceprint who are given a voice; none where nobody is to be heard."""
    kept = [one for one in people if one.print is Print.KEPT]
    chosen = kept[: min(_MOST_VOICES, calls)]
    return {one.caller.subject: _timbre(place, one.language) for place, one in enumerate(chosen)}


def enrol(house: House, words: Words, one: Customer, timbre: Timbre, now: datetime) -> None:
    """Make a voiceprint, of what the customer agreed to on paper."""
    studio, subject, language = house.studio(), one.caller.subject, one.language
    said = Said(text="recognition-1", language=language.value, channel=Channel.PAPER)
    house.subjects.rights.grant(subject, Purpose.RECOGNITION, said, now)
    recordings = [studio.as_wav(studio.say(text, timbre)) for text in words.enrolment(language)]
    house.voices.enrol(subject, recordings, now=now)


def with_sound(
    plan: Sequence[Planned],
    people: Sequence[Customer],
    timbres: Mapping[SubjectId, Timbre],
    calls: int,
    draw: np.random.Generator,
) -> list[Planned]:
    """The plan, in which as many calls as asked, spread over the day, are made in sound."""
    voices = [one for one in people if one.caller.subject in timbres]
    if not voices or not plan:
        return list(plan)
    places = {int(place) for place in np.linspace(0, len(plan) - 1, min(calls, len(plan)))}
    return [
        _heard(call, pick(draw, voices)) if place in places else call
        for place, call in enumerate(plan)
    ]


def _heard(call: Planned, customer: Customer) -> Planned:
    return replace(
        call,
        customer=customer,
        number=customer.number,
        language=customer.language,
        facts=customer.facts,
        is_heard=True,
    )


def _timbre(place: int, language: Language) -> Timbre:
    if language is Language.ENGLISH:
        return Timbre(engine="hibari", formants=_FORMANTS[place])
    return Timbre(engine="pico-de", formants=_FORMANTS[place], pitch=_PITCHES[place])
