"""What the pages of editing show: texts, their troubles, how well they are understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from starlette.responses import Response

from ivr.call import Language
from ivr.editing.desk import EditingDesk, Sheet
from ivr.editing.measuring import Done, Failed, Running
from ivr.editing.parts import Part, parts_of
from ivr.editing.trouble import Trouble
from ivr.errors import UnknownDocument
from ivr.pages.operator.room import OperatorRoom, frame
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Visit
from ivr.review.report import Report


class HeardPrompt(Protocol):
    """A prompt as it would be said."""

    @property
    def text(self) -> str: ...

    @property
    def wav(self) -> bytes: ...


class EditingHouse(Protocol):
    """What the house does for those who edit. Methods raise CallProblem."""

    @property
    def desk(self) -> EditingDesk: ...

    @property
    def worst_loss(self) -> float: ...

    def takes_effect_now(self, sheet: Sheet) -> bool: ...

    def needs_measuring(self, sheet: Sheet) -> bool: ...

    def measure(self, sheet: Sheet) -> None: ...

    def measured(self, sheet: Sheet) -> Running | Failed | Done[Report] | None: ...

    def prompt_keys(self, sheet: Sheet, language: Language) -> tuple[str, ...]: ...

    def hear(
        self, sheet: Sheet, key: str, language: Language, facts: Mapping[str, str]
    ) -> HeardPrompt: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text with everything that is known of it."""

    sheet: Sheet
    parts: tuple[Part, ...]
    part: Part | None
    """The one that is edited; None for the whole."""

    troubles: tuple[Trouble, ...]
    is_at_once: bool = True
    needs_measuring: bool = False
    measured: Running | Failed | Done[Report] | None = None
    keys: tuple[str, ...] = ()
    """Prompts that can be heard."""

    @property
    def text(self) -> str:
        return self.part.cut(self.sheet.text) if self.part else self.sheet.text

    @property
    def is_running(self) -> bool:
        return isinstance(self.measured, Running)

    @property
    def report(self) -> Report | None:
        return self.measured.answer if isinstance(self.measured, Done) else None

    @property
    def failed(self) -> str:
        return self.measured.sentence if isinstance(self.measured, Failed) else ""

    def line_in_part(self, trouble: Trouble) -> int | None:
        """In what is shown; None where it lies elsewhere."""
        if trouble.line is None or self.part is None:
            return trouble.line
        is_inside = self.part.first <= trouble.line <= self.part.last
        return trouble.line - self.part.first + 1 if is_inside else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPages:
    """The two pages, whatever was done before they are shown."""

    room: OperatorRoom
    house: EditingHouse

    def list(self, visit: Visit, *, said: str = "", status: int = 200) -> Response:
        """All texts and versions."""
        desk = self.house.desk
        current = desk.shelf.current()
        return self.room.pages.show(
            "operator_edit.html",
            visit,
            status=status,
            frame=frame(visit),
            w=self.room.written(visit),
            sheets=desk.sheets(visit.who.id),
            history=desk.history(),
            current=current.number if current else 0,
            said=said,
        )

    def text(
        self, visit: Visit, name: str, *, part: str = "", said: str = "", status: int = 200
    ) -> Response:
        """One text, or a part of it."""
        return self.room.pages.show(
            "operator_text.html",
            visit,
            status=status,
            frame=frame(visit),
            w=self.room.written(visit),
            shown=shown(self.house, self.sheet(visit, name), part),
            worst_loss=self.house.worst_loss,
            topic=lambda code: self.room.topic(code, visit.language),
            said=said,
        )

    def sheet(self, visit: Visit, name: str) -> Sheet:
        """Raises TurnedAway where nothing of this name is edited."""
        try:
            return self.house.desk.sheet(visit.who.id, name)
        except UnknownDocument as err:
            raise TurnedAway(Why.NOT_FOUND) from err


def shown(house: EditingHouse, sheet: Sheet, part: str) -> Shown:
    """Only a text with nothing wrong is measured, heard or published."""
    troubles = house.desk.troubles(sheet)
    parts = parts_of(sheet.text)
    chosen = next((one for one in parts if one.name == part), None)
    if troubles:
        return Shown(sheet=sheet, parts=parts, part=chosen, troubles=troubles)
    needs = house.needs_measuring(sheet)
    language = sheet.document.language
    return Shown(
        sheet=sheet,
        parts=parts,
        part=chosen,
        troubles=(),
        is_at_once=house.takes_effect_now(sheet),
        needs_measuring=needs,
        measured=house.measured(sheet) if needs else None,
        keys=house.prompt_keys(sheet, language) if language else (),
    )
