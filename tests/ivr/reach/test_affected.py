from collections.abc import Callable

import pytest

from ivr.call import Caller, CallerNumber, CustomerId, Malformed, PhoneNumber, Withheld
from ivr.reach.affected import concerns_customer, concerns_number
from ivr.reach.incident import Affected, Incident

Incidents = Callable[..., Incident]


@pytest.mark.parametrize(
    "affected",
    [
        Affected(customers=frozenset({CustomerId("C-2")})),
        Affected(facts={"flight": "LH816"}),
        Affected(facts={"flight": "LH815", "date": "tomorrow"}),
        Affected(attributes={"postcode": ("81",)}),
        Affected(attributes={"meter": ("8",)}),
        Affected(number_prefixes=("+4989",)),
    ],
)
def test_others_are_not_concerned(incident: Incidents, klaus: Caller, affected: Affected) -> None:
    assert not concerns_customer(incident(affected=affected), klaus)


@pytest.mark.parametrize(
    "affected",
    [
        Affected(is_everybody=True),
        Affected(customers=frozenset({CustomerId("C-1")})),
        Affected(facts={"flight": "lh 815"}),
        Affected(facts={"flight": "LH815", "date": "today"}),
        Affected(attributes={"postcode": ("81", "803")}),
    ],
)
def test_one_thing_that_is_true_makes_it_theirs(
    incident: Incidents, klaus: Caller, affected: Affected
) -> None:
    assert concerns_customer(incident(affected=affected), klaus)


@pytest.mark.parametrize(
    ("number", "is_concerned"),
    [
        (PhoneNumber(e164="+4989123456"), True),
        (PhoneNumber(e164="+4930123456"), False),
        (Withheld(), False),
        (Malformed(), False),
    ],
)
def test_an_area_is_told_by_its_numbers(
    incident: Incidents, number: CallerNumber, is_concerned: bool
) -> None:
    munich = incident(affected=Affected(number_prefixes=("+4989", "+49811")))

    assert concerns_number(munich, number) is is_concerned
    assert concerns_number(incident(), number)


def test_no_area_is_nobodys_area(incident: Incidents) -> None:
    flight = incident(affected=Affected(facts={"flight": "LH815"}))

    assert not concerns_number(flight, PhoneNumber(e164="+4989123456"))
