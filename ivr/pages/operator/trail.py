"""`/operator/audit`: who looked at whose data, what was refused, and whether the trail is whole."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi import Query as InAddress
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from biometrics import AuditEntry, AuditKind, AuditTrail, Broken, Intact, Latest, Witness
from ivr.pages.operator.room import OperatorRoom, frame
from ivr.pages.tables import Table, as_csv
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Visit
from ivr.pages.words import Words, words
from ivr.people.person import May

_HOME = "/operator/audit"
_A_PAGE, _A_FILE = 100, 10_000

What = Literal["looks", "refused", "doors", "people", "settings", "all"]
WHAT: Mapping[What, frozenset[str]] = {
    "looks": frozenset(
        {
            *(AuditKind.READ, AuditKind.CONTEXT_READ, AuditKind.PROFILE_READ, AuditKind.LINK_READ),
            *(AuditKind.EXPORTED, AuditKind.TRAIL_READ, AuditKind.WATCHLIST_SEARCHED),
        }
    ),
    "refused": frozenset({AuditKind.ENROLMENT_REFUSED}),
    "doors": frozenset(
        {
            *(AuditKind.LOCKED_OUT, AuditKind.RELEASED, AuditKind.PIN_TRIED, AuditKind.LINK_TRIED),
            *(AuditKind.WATCHLIST_HIT, AuditKind.CONTEXT_JUDGED),
        }
    ),
    "people": frozenset(
        {
            *(AuditKind.SIGNED_IN, AuditKind.SIGN_IN_FAILED, AuditKind.SIGNED_OUT),
            *(AuditKind.PERSON_CHANGED, AuditKind.KEY_CHANGED),
        }
    ),
    "settings": frozenset({AuditKind.SETTINGS_CHANGED, AuditKind.WATCHLIST_CHANGED}),
    "all": frozenset(),
}
_NEEDS_MORE = frozenset({"refused", "doors", "all"})


class Wanted(BaseModel):
    """What stands behind the question mark."""

    model_config = ConfigDict(frozen=True)

    what: What = "looks"
    actor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{0,64}$")] = ""
    before: Annotated[int, Field(ge=1)] | None = None

    def latest(self, most: int) -> Latest:
        return Latest(most=most, kinds=WHAT[self.what], actor=self.actor, before=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRoom:
    """The trail, and who writes into it that somebody looked."""

    room: OperatorRoom
    trail: Callable[[], AuditTrail]
    witness: Callable[[str], Witness]

    def entries(self, visit: Visit, wanted: Wanted, most: int) -> tuple[AuditEntry, ...]:
        """Written down before it is shown.

        Raises:
            TurnedAway: it is not theirs to see.
            StoreUnavailable: it could not be written, so nothing is shown.
        """
        if not _may_see(visit, wanted.what):
            raise TurnedAway(Why.NOT_YOURS)
        self.witness(visit.who.id).saw(AuditKind.TRAIL_READ, None, what=wanted.what)
        return self.trail().latest(wanted.latest(most))


def trail_routes(own: TrailRoom) -> APIRouter:
    """Entries hold codes and pseudonyms: nobody is named here."""
    room = own.room
    routes = room.pages.router()
    reader = room.pages.needs(May.SEE_AUDIT)

    def shown(visit: Visit, wanted: Wanted, checked: Intact | Broken | None = None) -> Response:
        entries = own.entries(visit, wanted, _A_PAGE)
        return room.pages.show(
            "operator_audit.html",
            visit,
            frame=frame(visit),
            w=room.written(visit),
            wanted=wanted,
            whats=tuple(
                one for one in WHAT if visit.may(May.SEE_REFUSED) or one not in _NEEDS_MORE
            ),
            entries=entries,
            more=entries[-1].sequence if len(entries) == _A_PAGE else None,
            checked=checked,
            is_whole=isinstance(checked, Intact),
        )

    @routes.get(_HOME)
    def home(visit: Annotated[Visit, reader], wanted: Annotated[Wanted, InAddress()]) -> Response:
        return shown(visit, wanted)

    @routes.post(_HOME + "/check")
    def check(visit: Annotated[Visit, reader]) -> Response:
        return shown(visit, Wanted(), own.trail().check())

    @routes.get(_HOME + "/trail.csv")
    def file(visit: Annotated[Visit, reader], wanted: Annotated[Wanted, InAddress()]) -> Response:
        entries = own.entries(visit, wanted, _A_FILE)
        table = table_of(entries, words(visit.language))
        headers = {"Content-Disposition": 'attachment; filename="trail.csv"'}
        return Response(as_csv(table), media_type="text/csv; charset=utf-8", headers=headers)

    return routes


def _may_see(visit: Visit, what: What) -> bool:
    return visit.may(May.SEE_REFUSED) or what not in _NEEDS_MORE


def table_of(entries: Iterable[AuditEntry], t: Words) -> Table:
    columns = ("number", "at", "actor", "kind", "subject", "details")
    return Table(
        columns=tuple(t(f"audit.{name}") for name in columns),
        rows=tuple(
            (
                one.sequence,
                f"{one.at:%Y-%m-%d %H:%M:%S}",
                one.actor,
                one.kind,
                one.subject,
                " ".join(f"{name}={code}" for name, code in sorted(one.details.items())),
            )
            for one in entries
        ),
    )
