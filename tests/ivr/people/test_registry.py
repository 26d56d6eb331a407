"""Making accounts and changing them."""

import pytest
from fakes.people import PASSWORD, Office

from biometrics import AuditKind
from ivr.errors import BadPerson, UnknownPerson, WeakPassword
from ivr.people.person import ROLES, May, Person, PersonId, Role

ANNA = Person(id=PersonId("anna"), name="Anna", role=Role.AGENT)


@pytest.mark.parametrize(
    "person", ["", "a", "Anna", "1a", "-a", "a b", "a_b", "a" * 33, "änn", "a\n", "a/../b"]
)
def test_an_id_that_is_no_code_is_refused(person: str) -> None:
    office = Office()

    with pytest.raises(BadPerson):
        office.registry().add(
            Person(id=PersonId(person), name="A", role=Role.AGENT), PASSWORD, office.now
        )
    assert office.people.all() == ()


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    office = Office()

    with pytest.raises(BadPerson):
        office.registry().add(
            Person(id=PersonId("anna"), name=name, role=Role.AGENT), PASSWORD, office.now
        )


def test_a_weak_password_makes_no_account() -> None:
    office = Office()

    with pytest.raises(WeakPassword):
        office.registry().add(ANNA, "kurz", office.now)
    assert office.people.all() == ()


def test_an_id_is_taken_once() -> None:
    office = Office()
    office.registry().add(ANNA, PASSWORD, office.now)

    with pytest.raises(BadPerson):
        office.registry().add(ANNA, PASSWORD, office.now)


def test_nobody_is_changed_who_is_not_there() -> None:
    registry = Office().registry()

    for change in (
        lambda: registry.set_role(PersonId("x"), Role.ADMIN),
        lambda: registry.set_password(PersonId("x"), PASSWORD),
        lambda: registry.switch(PersonId("x"), is_active=False),
    ):
        with pytest.raises(UnknownPerson):
            change()


def test_the_trail_tells_who_changed_what() -> None:
    office = Office()
    office.registry().add(ANNA, PASSWORD, office.now)
    registry = office.registry("ben")
    registry.set_role(ANNA.id, Role.SUPERVISOR)
    registry.set_password(ANNA.id, "drei gelbe igel im gras")
    registry.switch(ANNA.id, is_active=False)

    changed = AuditKind.PERSON_CHANGED
    assert office.written() == [
        ("operator", changed, {"what": "added", "person": "anna", "role": "agent"}),
        ("ben", changed, {"what": "role", "person": "anna", "role": "supervisor"}),
        ("ben", changed, {"what": "password", "person": "anna"}),
        ("ben", changed, {"what": "disabled", "person": "anna"}),
    ]


def test_an_administrator_sees_no_data_of_callers() -> None:
    assert May.TAKE_CALLS not in ROLES[Role.ADMIN]
    assert May.TAKE_CALLS not in ROLES[Role.PRIVACY]


def test_who_is_switched_off_may_nothing() -> None:
    off = Person(id=PersonId("x"), name="X", role=Role.ADMIN, is_active=False)

    assert [what for what in May if off.may(what)] == []
