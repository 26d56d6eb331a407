"""Sources of what is known about customers, as a file describes them."""

import re
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from ivr.identify.fact import EVENT
from ivr.identify.placeholders import By, by_in_address, by_in_query
from ivr.identify.pointer import is_pointer
from ivr.identify.secret import Secret

FactName = Annotated[str, Field(pattern=r"^(preferences\.)?[a-z][a-z_]{0,31}$")]
IDENTITY = ("customer_id", "subject", "name")
"""What a source must tell that says whose a number is."""

_SECRETIVE = re.compile(r"auth|key|token|secret|cookie|password", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_READS = re.compile(r"\s*(select|with)\b[^;]*", re.IGNORECASE)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_taken(written: object) -> object:
    return {"at": written} if isinstance(written, str) else written


def _by_text(written: object) -> object:
    """YAML reads `no` and 1 as something else than text; keys of words are what sources say."""
    if not isinstance(written, dict):
        return written
    return {
        str(key).lower() if isinstance(key, bool) else str(key): written[key] for key in written
    }


class Taken(_Strict):
    """Where a fact stands in an answer, and how it becomes one."""

    at: str
    """A JSON pointer such as /person/first_name, or a column."""

    words: Annotated[dict[str, str | bool], BeforeValidator(_by_text)] = {}
    """What a value means here, such as {VIP: vip}; others are not understood."""

    may_mention: bool | None = None
    """Fit to be mentioned to the customer unasked; None: as usual for a fact of this name."""


At = Annotated[Taken, BeforeValidator(_as_taken)]


class Events(_Strict):
    """Where events stand in an answer, and what one of them holds."""

    kind: At
    when: At
    facts: dict[FactName, At] = {}
    may_mention: tuple[str, ...] = ()
    """Kinds that are fit to be mentioned to the customer unasked; others never are."""

    @property
    def taken(self) -> tuple[Taken, ...]:
        return (self.kind, self.when, *self.facts.values())


class _Source(_Strict):
    identifies: bool = False
    """It says whose a number is where the directory does not know: then it is trusted with which
    voice belongs to whom."""

    facts: dict[FactName, At] = {}
    as_of: At | None = None
    """Where it stands since when this holds."""

    valid_until: At | None = None
    timeout_ms: int = Field(default=2_000, ge=50, le=20_000)
    """When a question is given up. Callers wait far less; the answer is then for the next turn."""

    fresh_s: int = Field(default=300, ge=0, le=86_400)
    """So long an answer is used without asking again."""

    stale_s: int = Field(default=3_600, ge=0, le=604_800)
    """So long after that it is still used while it is asked for anew, or the source is down."""

    nobody_s: int = Field(default=60, ge=0, le=86_400)
    """So long it is believed that nobody is known under a key."""

    at_once: int = Field(default=4, ge=1, le=64)
    """Most questions at the same time."""

    @field_validator("facts")
    @classmethod
    def _events_stand_apart(cls, facts: dict[str, Taken]) -> dict[str, Taken]:
        if EVENT in facts or "events" in facts:
            raise ValueError("describe events under events, beside facts")
        return facts

    def _check(self, by: By, *, tells_events: bool) -> None:
        lacking = [name for name in IDENTITY if name not in self.facts]
        if self.identifies and (lacking or by is not By.NUMBER):
            raise ValueError(
                "a source that identifies is asked by number and tells customer_id, subject and "
                "name"
            )
        if not self.identifies and "subject" in self.facts:
            raise ValueError(
                "only a source with identifies: true tells whose voice it is (subject)"
            )
        if not self.facts and not tells_events:
            raise ValueError("describe at least one fact or events")


class HttpEvents(Events):
    """Events in a list of a JSON document."""

    entries: str
    """A JSON pointer to the list; those of an event count from its entry on."""


class HttpSource(_Source):
    """A CRM that answers JSON."""

    kind: Literal["http"]
    url: str
    """https, with {number}, {number_digits} or {customer_id} in its path or query."""

    method: Literal["GET", "POST"] = "GET"
    body: dict[str, Any] | None = None
    headers: dict[str, str | Secret] = {}
    record: str = ""
    """A JSON pointer to the customer, or to a list of them; the whole answer if left out."""

    own_numbers: str | None = None
    """A JSON pointer to the customer's numbers: a search may find others than the one asked for."""

    nobody: tuple[int, ...] = (404,)
    """Statuses that mean that nobody is known."""

    events: HttpEvents | None = None

    @property
    def by(self) -> By:
        return by_in_address(self.url, self.body)

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
            raise ValueError("write a whole web address, such as https://crm.example/api/{number}")
        if "{" in parts.netloc:
            raise ValueError("blanks stand in the path or the query, never in the host")
        if parts.username is not None:
            raise ValueError("a password belongs into a header with secret_env, not into the url")
        return url

    @field_validator("headers")
    @classmethod
    def _secrets_stand_elsewhere(cls, headers: dict[str, str | Secret]) -> dict[str, str | Secret]:
        for name, value in headers.items():
            if not _HEADER.fullmatch(name):
                raise ValueError("names of headers are letters, digits and hyphens")
            if isinstance(value, str) and _SECRETIVE.search(name):
                raise ValueError(f"{name} holds a secret: write {{secret_env: A_VARIABLE}}")
        return headers

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self._check(self.by, tells_events=self.events is not None)
        if self.body is not None and self.method != "POST":
            raise ValueError("a body needs method: POST")
        pointers = [one.at for one in self._taken()]
        places = (self.record, self.own_numbers, self.events.entries if self.events else "")
        for pointer in [*pointers, *(place or "" for place in places)]:
            if not is_pointer(pointer):
                raise ValueError(f"{pointer} is no JSON pointer; one begins with /, such as /tier")
        return self

    def _taken(self) -> list[Taken]:
        events = self.events.taken if self.events else ()
        dates = [one for one in (self.as_of, self.valid_until) if one]
        return [*self.facts.values(), *events, *dates]


class SqlEvents(Events):
    """Events in rows of their own."""

    query: str


class SqlSource(_Source):
    """Any database that SQLAlchemy reaches."""

    kind: Literal["sql"]
    database: str | Secret
    """SQLAlchemy address; one with a password stands in the environment or a file."""

    query: str
    """A SELECT with :number, :number_digits or :customer_id; its columns become facts."""

    events: SqlEvents | None = None

    @property
    def by(self) -> By:
        return by_in_query(*self._queries())

    @field_validator("database")
    @classmethod
    def _passwords_stand_elsewhere(cls, database: str | Secret) -> str | Secret:
        if isinstance(database, str) and _has_password(database):
            raise ValueError("an address with a password: write {secret_env: A_VARIABLE}")
        return database

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for query in self._queries():
            if not _READS.fullmatch(query.strip().removesuffix(";")):
                raise ValueError("a query is one SELECT, without a semicolon in it")
        self._check(self.by, tells_events=self.events is not None)
        return self

    def _queries(self) -> tuple[str, ...]:
        return (self.query, self.events.query) if self.events else (self.query,)


Described = Annotated[HttpSource | SqlSource, Field(discriminator="kind")]


def _has_password(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.password) or "password" in parts.query.lower()
