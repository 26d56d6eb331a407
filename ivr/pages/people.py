"""Accounts, for administrators."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, StringConstraints
from starlette.responses import Response

from ivr.call import Language
from ivr.errors import BadPerson, UnknownPerson
from ivr.pages.account import RegistryOf
from ivr.pages.pages import Pages, go
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Place, Visit
from ivr.people.account import People
from ivr.people.password import generated
from ivr.people.person import May, Person, PersonId, Role

PLACE = Place(path="/people", word="nav.people", needs=May.MANAGE_PEOPLE)

_REFUSED = 422


class NewPerson(BaseModel):
    """The form of a new account."""

    person: Annotated[str, StringConstraints(max_length=64)]
    name: Annotated[str, StringConstraints(max_length=128)]
    role: Role
    language: Language = Language.GERMAN
    queues: Annotated[str, StringConstraints(max_length=1_000)] = ""
    skills: Annotated[str, StringConstraints(max_length=1_000)] = ""

    @property
    def id(self) -> PersonId:
        return PersonId(self.person.strip().lower())

    def as_person(self) -> Person:
        return Person(
            id=self.id,
            name=self.name.strip(),
            role=self.role,
            language=self.language,
            queues=_codes(self.queues),
            skills=_codes(self.skills),
        )


def people_routes(pages: Pages, people: People, registry: RegistryOf) -> APIRouter:
    """`/people`: who has an account, and what it opens. Passwords are drawn and shown once."""
    routes = pages.router()
    clock = pages.guard.around.clock

    def listed(visit: Visit, *, status: int = 200, **values: object) -> Response:
        told: dict[str, object] = {"said": "", "drawn": "", "whose": "", **values}
        told |= {"accounts": people.all(), "roles": tuple(Role), "languages": tuple(Language)}
        return pages.show("people.html", visit, status=status, **told)

    @routes.get("/people")
    def all_people(visit: Annotated[Visit, pages.needs(May.MANAGE_PEOPLE)]) -> Response:
        return listed(visit)

    @routes.post("/people")
    def add(
        visit: Annotated[Visit, pages.needs(May.MANAGE_PEOPLE)],
        form: Annotated[NewPerson, Form()],
    ) -> Response:
        drawn = generated()
        try:
            registry(visit.who.id).add(form.as_person(), drawn, clock())
        except BadPerson:
            return listed(visit, status=_REFUSED, said="people.bad")
        return listed(visit, drawn=drawn, whose=form.id)

    @routes.post("/people/{person}/role")
    def set_role(
        visit: Annotated[Visit, pages.needs(May.MANAGE_PEOPLE)],
        person: str,
        role: Annotated[Role, Form()],
    ) -> Response:
        _refuse_self(visit, person)
        with _known():
            registry(visit.who.id).set_role(PersonId(person), role)
        return go("/people")

    @routes.post("/people/{person}/password")
    def set_password(
        visit: Annotated[Visit, pages.needs(May.MANAGE_PEOPLE)], person: str
    ) -> Response:
        _refuse_self(visit, person)
        drawn = generated()
        with _known():
            registry(visit.who.id).set_password(PersonId(person), drawn)
        return listed(visit, drawn=drawn, whose=person)

    @routes.post("/people/{person}/state")
    def switch(
        visit: Annotated[Visit, pages.needs(May.MANAGE_PEOPLE)],
        person: str,
        is_active: Annotated[bool, Form()],
    ) -> Response:
        _refuse_self(visit, person)
        with _known():
            registry(visit.who.id).switch(PersonId(person), is_active=is_active)
        return go("/people")

    return routes


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except UnknownPerson as err:
        raise TurnedAway(Why.NOT_FOUND) from err


def _refuse_self(visit: Visit, person: str) -> None:
    """Nobody locks themselves out, or gives themselves another role."""
    if visit.who.id == person:
        raise TurnedAway(Why.NOT_YOURS)


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())
