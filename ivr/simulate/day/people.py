"""Made-up customers: nobody in here is real, and none of their numbers is anybody's.

German numbers are those that the Bundesnetzagentur keeps for films, British ones those of Ofcom.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import numpy as np

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language, PhoneNumber
from ivr.identify.directory import Entry
from ivr.simulate.day.words import Words, chance, pick

_NAMES = {
    Language.GERMAN: (
        *("Anna", "Bernd", "Clara", "Dieter", "Eva", "Frank", "Gisela", "Horst", "Ines", "Jan"),
        *("Katja", "Lars", "Maria", "Nils", "Olga", "Peter", "Renate", "Stefan", "Tanja", "Uwe"),
    ),
    Language.ENGLISH: (
        *("Alice", "Ben", "Carol", "Daniel", "Emma", "Fred", "Grace", "Harry", "Isla", "Jack"),
    ),
}
_PREFIXES = {
    Language.GERMAN: ("+498999998", "+493023125", "+494066969", "+492214710", "+496990009"),
    Language.ENGLISH: ("+4420794600", "+4477009000"),
}
"""Three digits follow the German ones and two the British ones."""

_DIGITS = {Language.GERMAN: 3, Language.ENGLISH: 2}
_BRITISH = 200
_GERMAN_SHARE = 0.82
_ROUTES = (
    ("LH453", "München", "Los Angeles"),
    ("LH457", "Frankfurt", "Los Angeles"),
    ("LH2030", "München", "Berlin"),
    ("BA802", "London", "Munich"),
    ("BA902", "London", "Munich"),
)
_TOLD = {
    "flight_cancelled": ("flight", "origin", "destination"),
    "flight_delayed": ("flight", "destination"),
    "bag_delayed": ("flight",),
    "refund_due": ("flight",),
    "card_expiring": ("card_last4",),
    "card_declined": ("card_last4",),
    "statement_ready": (),
    "fault_open": ("day",),
    "fault_reported": ("day",),
    "invoice_higher": ("price",),
    "technician_due": ("day",),
    "tariff_ending": ("day",),
    "order_delayed": ("order_number", "day"),
    "parcel_late": ("order_number",),
    "order_delivered": ("order_number", "day"),
}
_AS_TOLD = {"day": "date", "price": "amount"}
"""What an event calls what callers say in other words."""

_MONTHS = {
    Language.GERMAN: (
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
        *("Oktober", "November", "Dezember"),
    ),
    Language.ENGLISH: (
        *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
        *("October", "November", "December"),
    ),
}


class Print(StrEnum):
    """What is kept of a customer's voice."""

    KEPT = "kept"
    NONE = "none"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One of them, and what they would say of their business with us."""

    entry: Entry
    print: Print
    facts: Mapping[str, str] = field(repr=False)

    @property
    def caller(self) -> Caller:
        return self.entry.caller

    @property
    def number(self) -> PhoneNumber:
        return self.entry.numbers[0]

    @property
    def language(self) -> Language:
        return self.caller.language or Language.GERMAN

    @property
    def event(self) -> str:
        return self.caller.events[0].kind if self.caller.events else ""


def customers(
    many: int, words: Words, day: date, draw: np.random.Generator
) -> tuple[Customer, ...]:
    """As many, each with a number of their own; at most as many as there are numbers."""
    taken: set[str] = set()
    return tuple(_customer(place, words, day, draw, taken) for place in range(many))


def _customer(
    place: int, words: Words, day: date, draw: np.random.Generator, taken: set[str]
) -> Customer:
    is_german = chance(draw, _GERMAN_SHARE) or _is_full(taken)
    language = Language.GERMAN if is_german else Language.ENGLISH
    facts = _facts(place, language, day, draw)
    caller = Caller(
        customer_id=CustomerId(f"S-{place:05}"),
        subject=SubjectId(f"s-made-up-{place:05}"),
        name=pick(draw, _NAMES[language]),
        language=language,
        birth_date=_birth(draw),
        tier="vip" if chance(draw, 0.04) else "standard",
        is_vulnerable=chance(draw, 0.02),
        events=_events(facts, words, day, draw),
        preferences={"review": "yes"} if chance(draw, 0.5) else {},
    )
    prints = (Print.KEPT, Print.NONE, Print.REFUSED)
    return Customer(
        entry=Entry(caller=caller, numbers=(_number(language, draw, taken),)),
        print=prints[int(draw.choice(3, p=(0.72, 0.24, 0.04)))],
        facts={**facts, "name": caller.name},
    )


def _birth(draw: np.random.Generator) -> date:
    """One of eight is 65 or older."""
    first, last = (1940, 1961) if chance(draw, 0.125) else (1962, 2007)
    return date(int(draw.integers(first, last)), int(draw.integers(1, 13)), 9)


def _is_full(taken: set[str]) -> bool:
    """Half of the British numbers are given away."""
    return sum(number.startswith("+44") for number in taken) >= _BRITISH // 2


def _number(language: Language, draw: np.random.Generator, taken: set[str]) -> PhoneNumber:
    while True:
        digits = _DIGITS[language]
        end = f"{int(draw.integers(10**digits)):0{digits}}"
        number = pick(draw, _PREFIXES[language]) + end
        if number not in taken:
            taken.add(number)
            return PhoneNumber(e164=number)


def _facts(place: int, language: Language, day: date, draw: np.random.Generator) -> dict[str, str]:
    flight, origin, destination = pick(draw, _ROUTES)
    on = day + timedelta(days=int(draw.integers(1, 20)))
    euros = int(draw.integers(5, 400))
    return {
        "flight": flight,
        "origin": origin,
        "destination": destination,
        "date": f"{on.day}{'.' if language is Language.GERMAN else ''} "
        f"{_MONTHS[language][on.month - 1]}",
        "day": (day - timedelta(days=int(draw.integers(1, 4)))).isoformat(),
        "amount": f"{euros} {'Euro' if language is Language.GERMAN else 'euros'}",
        "price": f"{euros}.00 EUR",
        "card_last4": f"{int(draw.integers(1000, 10_000))}",
        "order_number": f"49{place:06}",
        "iban": "DE02 1001 0010 0006 8201 01",
        "address": "Gartenweg 12, 80331 München",
    }


def _events(
    facts: Mapping[str, str], words: Words, day: date, draw: np.random.Generator
) -> tuple[Event, ...]:
    kinds = [topic.event for topic in words.topics.values() if topic.event]
    if not kinds or not chance(draw, 0.35):
        return ()
    kind = pick(draw, kinds)
    told = {_AS_TOLD.get(name, name): facts[name] for name in _TOLD[kind]}
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(
        hours=int(draw.integers(4, 60))
    )
    return (Event(kind=kind, at=at, facts=told, may_mention=True),)
