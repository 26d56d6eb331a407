"""A list of callers as a person writes it: TOML, one [[callers]] table each."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language, PhoneNumber
from ivr.errors import BadDirectory
from ivr.identify.directory import Entry
from ivr.identify.number import read_number
from ivr.strict_toml import parsed

_LONGEST_AGO = 100 * 366
"""Days; beyond some thousand years there is no date."""

_Preference = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$")]
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class _EventTable(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: _Id
    days_ago: int = Field(ge=0, le=_LONGEST_AGO)
    may_mention: bool = False
    facts: dict[str, str] = {}


class _CallerTable(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer_id: _Id
    subject: _Id
    name: str = Field(min_length=1, max_length=200)
    numbers: list[str]
    language: Language | None = None
    birth_date: date | None = None
    tier: _Id = "standard"
    is_vulnerable: bool = False
    events: list[_EventTable] = []
    preferences: dict[_Preference, Annotated[str, Field(min_length=1, max_length=200)]] = {}


class _CallersFile(BaseModel):
    """Other tables may stand in the same file."""

    callers: list[_CallerTable]


def read_callers(path: Path, *, region: str, now: datetime) -> tuple[Entry, ...]:
    """The callers in a TOML file.

    Raises:
        BadDirectory: the file cannot be read, or an entry in it cannot be used; says which one.
    """
    try:
        tables = _CallersFile.model_validate(parsed(path.read_text("utf-8")))
    except OSError as err:
        raise BadDirectory(f"The callers file {path.name} cannot be opened.") from err
    except ValidationError as err:
        first = err.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadDirectory(f"{path.name}: {where}: {first['msg']}.") from err
    except ValueError as err:
        raise BadDirectory(f"The callers file {path.name} is no TOML: {err}.") from err
    return tuple(_entry(table, region=region, now=now) for table in tables.callers)


def _entry(table: _CallerTable, *, region: str, now: datetime) -> Entry:
    numbers = [read_number(text, region=region) for text in table.numbers]
    good = tuple(number for number in numbers if isinstance(number, PhoneNumber))
    if len(good) < len(numbers):
        raise BadDirectory(f"Customer {table.customer_id} has a number that is none.")
    caller = Caller(
        customer_id=CustomerId(table.customer_id),
        subject=SubjectId(table.subject),
        name=table.name,
        language=table.language,
        birth_date=table.birth_date,
        tier=table.tier,
        is_vulnerable=table.is_vulnerable,
        events=tuple(_event(event, now) for event in table.events),
        preferences=table.preferences,
    )
    return Entry(caller=caller, numbers=good)


def _event(table: _EventTable, now: datetime) -> Event:
    return Event(
        kind=table.kind,
        at=now.astimezone(UTC) - timedelta(days=table.days_ago),
        facts=table.facts,
        may_mention=table.may_mention,
    )
