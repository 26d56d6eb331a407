"""`/operator/edit`: intents, prompts and rules: drafts, what is wrong with them, publishing."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from pydantic import BaseModel, StringConstraints
from starlette.responses import Response

from ivr.call import Language
from ivr.editing.desk import Sheet
from ivr.editing.document import MOST_LETTERS
from ivr.editing.parts import Part, parts_of
from ivr.errors import CallProblem, UnknownDocument, UnknownVersion
from ivr.pages.operator.edit_pages import EditingHouse, EditPages
from ivr.pages.operator.room import OperatorRoom, frame
from ivr.pages.pages import go
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Visit
from ivr.people.person import May

_HOME = "/operator/edit"
_REFUSED = 422


class Saved(BaseModel):
    """The form of a text, or of one of its parts."""

    text: Annotated[str, StringConstraints(max_length=MOST_LETTERS)]
    seen: Annotated[str, StringConstraints(pattern="^([0-9a-f]{64})?$")] = ""
    part: Annotated[str, StringConstraints(max_length=200)] = ""


def edit_routes(room: OperatorRoom, house: EditingHouse) -> APIRouter:
    """Every button is a form: editing works without scripts."""
    page, routes = EditPages(room=room, house=house), room.pages.router()
    _looking(page, routes)
    _changing(page, routes)
    _publishing(page, routes)
    return routes


def _looking(page: EditPages, routes: APIRouter) -> None:
    room, house = page.room, page.house
    editor = room.pages.needs(May.EDIT)

    @routes.get(_HOME)
    def listed(visit: Annotated[Visit, editor]) -> Response:
        return page.list(visit)

    @routes.get(_HOME + "/texts/{name:path}")
    def text(visit: Annotated[Visit, editor], name: str, part: str = "") -> Response:
        return page.text(visit, name, part=part)

    @routes.get(_HOME + "/hear/{name:path}")
    def hear(visit: Annotated[Visit, editor], name: str, key: str, language: Language) -> Response:
        sheet = page.sheet(visit, name)
        try:
            heard = house.hear(sheet, key, language, {})
        except CallProblem as err:
            raise TurnedAway(Why.NOT_FOUND) from err
        return Response(heard.wav, media_type="audio/wav")

    @routes.get(_HOME + "/versions/{number}")
    def version(visit: Annotated[Visit, editor], number: int) -> Response:
        try:
            found, changes = house.desk.shelf.version(number), house.desk.changes(number)
        except UnknownVersion as err:
            raise TurnedAway(Why.NOT_FOUND) from err
        return room.pages.show(
            "operator_version.html",
            visit,
            frame=frame(visit),
            w=room.written(visit),
            version=found,
            changes=changes,
        )


def _changing(page: EditPages, routes: APIRouter) -> None:
    room, house = page.room, page.house
    editor = room.pages.needs(May.EDIT)

    @routes.post(_HOME + "/save/{name:path}")
    def save(
        visit: Annotated[Visit, editor], name: str, form: Annotated[Saved, Form()]
    ) -> Response:
        before = page.sheet(visit, name)
        part = _part(before, form.part)
        text = part.put(before.text, _lines(form.text)) if part else form.text
        try:
            house.desk.save(visit.who.id, name, text, form.seen)
        except CallProblem as err:
            return page.text(visit, name, said=err.sentence, status=_REFUSED)
        return _to(name, form.part)

    @routes.post(_HOME + "/drop/{name:path}")
    def drop(visit: Annotated[Visit, editor], name: str) -> Response:
        try:
            house.desk.begin_again(visit.who.id, name)
        except UnknownDocument as err:
            raise TurnedAway(Why.NOT_FOUND) from err
        return _to(name)

    @routes.post(_HOME + "/measure/{name:path}")
    def measure(
        visit: Annotated[Visit, editor],
        name: str,
        part: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        sheet = page.sheet(visit, name)
        if not house.desk.troubles(sheet):
            house.measure(sheet)
        return _to(name, part)


def _publishing(page: EditPages, routes: APIRouter) -> None:
    room, house = page.room, page.house
    editor = room.pages.needs(May.EDIT)

    @routes.post(_HOME + "/publish/{name:path}")
    def publish(
        visit: Annotated[Visit, editor],
        name: str,
        message: Annotated[str, Form(max_length=400)] = "",
    ) -> Response:
        page.sheet(visit, name)
        try:
            house.desk.publish(visit.who.id, name, message, room.clock())
        except CallProblem as err:
            return page.text(visit, name, said=err.sentence, status=_REFUSED)
        return go(_HOME)

    @routes.post(_HOME + "/back")
    def back(visit: Annotated[Visit, editor], number: Annotated[int, Form(ge=0)]) -> Response:
        try:
            house.desk.go_back(visit.who.id, number, room.clock())
        except CallProblem as err:
            return page.list(visit, said=err.sentence, status=_REFUSED)
        return go(_HOME)


def _part(sheet: Sheet, name: str) -> Part | None:
    """The part that was edited; it is gone where somebody changed the draft in between."""
    if not name:
        return None
    found = next((one for one in parts_of(sheet.text) if one.name == name), None)
    if found is None:
        raise TurnedAway(Why.GONE)
    return found


def _lines(text: str) -> str:
    """As files hold it; browsers end lines in two signs."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _to(name: str, part: str = "") -> Response:
    return go(f"{_HOME}/texts/{name}" + (f"?part={quote(part)}" if part else ""))
