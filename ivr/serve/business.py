"""What a business system can do and how it is asked, as its YAML file describes it."""

import re
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ivr.call import Assurance
from ivr.errand import PageKind, Task
from ivr.errors import BadActions
from ivr.serve.blanks import all_blanks, blanks
from ivr.serve.sender import Method
from ivr.strict_yaml import read_yaml

CUSTOMER, KEY = "customer_id", "key"
"""Blanks that are filled in without being said: who it is for, and which errand it is."""

OTHER = "other"
"""The code of a no that the file does not name."""

_CODE = r"^[a-z][a-z0-9_]*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class Request(_Strict):
    """One HTTP request with blanks: `{flight}` must be known, `{date?}` may lack."""

    method: Method = Method.GET
    path: str = Field(pattern=r"^/([^/?#][^?#]*)?$")
    """From the business system's address on. None of its blanks may lack."""

    query: dict[str, str] = {}
    body: dict[str, Any] | None = None

    @property
    def names(self) -> frozenset[str]:
        """Everything that it may name."""
        return frozenset({*all_blanks(self.path), *all_blanks(self.query), *all_blanks(self.body)})

    @property
    def changes(self) -> bool:
        """Whether something is different afterwards."""
        return self.method is not Method.GET


class Fact(_Strict):
    """Where a fact stands in an answer, and how it becomes one."""

    at: str
    """Names and places joined by dots, such as flights.0.number."""

    words: dict[str, str] = {}
    """Values that are told by a prompt, by its key; it may name facts of the same answer. Others
    are not understood."""

    shape: str = "{}"
    """What is put around the value, such as '{} EUR'."""

    @model_validator(mode="after")
    def _shape_has_a_place(self) -> Self:
        if self.shape.count("{}") != 1:
            raise ValueError("a shape holds {} once, where the value goes")
        return self


def _as_fact(written: object) -> object:
    return {"at": written} if isinstance(written, str) else written


def _as_no(written: object) -> object:
    return {"code": written} if isinstance(written, str) else written


Facts = dict[str, Annotated[Fact, BeforeValidator(_as_fact)]]


class No(_Strict):
    """How we call a no of the business system, and what its answer tells about it."""

    code: str = Field(pattern=_CODE)
    facts: Facts = {}


class Listing(_Strict):
    """What there is to choose from."""

    ask: Request
    entries: str
    """Where the list stands in the answer."""

    slots: dict[str, str]
    """What choosing one means: slot name to its place in an entry."""

    facts: Facts = {}

    @model_validator(mode="after")
    def _only_reads(self) -> Self:
        if self.ask.changes:
            raise ValueError("options are asked for by GET")
        return self


class Paper(_Strict):
    """What stands on something to print."""

    ask: Request
    facts: Facts

    @model_validator(mode="after")
    def _only_reads(self) -> Self:
        if self.ask.changes:
            raise ValueError("papers are asked for by GET")
        return self


class Part(_Strict):
    """One request of an action, and the one that takes it back."""

    do: Request
    facts: Facts = {}
    undo: Request | None = None


class Action(_Strict):
    """One intent that the business system can serve."""

    assurance: Assurance
    needs: tuple[str, ...] = ()
    is_confirmed: bool = False
    options: Listing | None = None
    parts: tuple[Part, ...] = Field(min_length=1)
    """In their order. Where one fails, those before it are taken back."""

    document: Paper | None = None
    """What can be printed once it was done."""

    pages: frozenset[PageKind] = frozenset()
    """What of it a caller may have sent as a link."""

    declined: dict[str, Annotated[No, BeforeValidator(_as_no)]] = {}
    """The business system's codes, or HTTP statuses, and what we make of them."""

    timeout_ms: int = Field(default=2_500, ge=100, le=20_000)
    """For all of it: the caller hears nothing meanwhile. Taking back has as much again."""

    @property
    def can_be_undone(self) -> bool:
        return all(part.undo is not None for part in self.parts)

    @property
    def changes(self) -> bool:
        return any(part.do.changes for part in self.parts)

    @property
    def is_about_a_customer(self) -> bool:
        asked = [part.do for part in self.parts]
        asked += [one.ask for one in (self.options, self.document) if one]
        return any(CUSTOMER in request.names for request in asked)

    @property
    def task(self) -> Task:
        """What the dialogue brings together for it."""
        return Task(
            needs=self.needs,
            is_confirmed=self.is_confirmed,
            has_options=self.options is not None,
            can_be_undone=self.can_be_undone,
            pages=self.pages,
        )

    @property
    def codes(self) -> frozenset[str]:
        """The codes with which it may be declined."""
        return frozenset(no.code for no in self.declined.values())

    @property
    def told(self) -> tuple[Facts, ...]:
        """The facts of each answer that it may get."""
        options = (self.options.facts,) if self.options else ()
        paper = (self.document.facts,) if self.document else ()
        declined = (no.facts for no in self.declined.values())
        return (*(part.facts for part in self.parts), *options, *paper, *declined)

    @model_validator(mode="after")
    def _blanks_can_be_filled(self) -> Self:
        chosen = set(self.options.slots) if self.options else set()
        for part in self.parts:
            for request in (part.do, part.undo):
                lacking = _required(request) - {*self.needs, *chosen, CUSTOMER, KEY}
                if lacking:
                    raise ValueError(f"nothing fills in {', '.join(sorted(lacking))}")
        if self.options and (lacking := _required(self.options.ask) - {*self.needs, CUSTOMER}):
            raise ValueError(f"nothing fills in {', '.join(sorted(lacking))} of the options")
        said = {*self.needs, *chosen, CUSTOMER}
        if self.document and (lacking := _required(self.document.ask) - said):
            raise ValueError(f"nothing fills in {', '.join(sorted(lacking))} of the document")
        return self

    @model_validator(mode="after")
    def _pages_hold_something(self) -> Self:
        held = {
            PageKind.OPTIONS: self.options,
            PageKind.FORM: self.needs,
            PageKind.DOCUMENT: self.document,
        }
        if empty := sorted(kind for kind in self.pages if not held[kind]):
            raise ValueError(f"a page of {', '.join(empty)} would be empty")
        if self.pages & {PageKind.OPTIONS, PageKind.FORM} and not self.is_confirmed:
            raise ValueError("what is chosen on a page is read back first")
        return self

    @model_validator(mode="after")
    def _customers_are_known(self) -> Self:
        if self.is_about_a_customer and self.assurance is Assurance.OPEN:
            raise ValueError("what is about a customer cannot be open to everybody")
        return self


class Authorization(_Strict):
    """How the business system knows us."""

    header: str = Field(default="Authorization", pattern=r"^[A-Za-z0-9-]+$")
    begins: str = "Bearer "
    token_from: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    """The environment variable that holds the token. The token itself stands in no file."""


class Business(_Strict):
    """One business system."""

    business: str
    url: str = ""
    """Where it is; may be set from the environment instead."""

    authorization: Authorization | None = None
    honours_idempotency_key: bool = False
    """The same Idempotency-Key is done once and answered alike: then anything may be repeated."""

    probe: str = Field(default="", pattern=r"^(/[^/?#][^?#]*)?$")
    """A path that answers 2xx while all is well."""

    actions: dict[Annotated[str, Field(pattern=_CODE)], Action]

    @property
    def tasks(self) -> Mapping[str, Task]:
        return {intent: action.task for intent, action in self.actions.items()}


def read_business(file: Traversable) -> Business:
    """What a file says.

    Raises:
        BadActions: it cannot be used as it is written; says where.
    """
    try:
        return Business.model_validate(_keyed_by_text(read_yaml(file, BadActions)))
    except ValidationError as err:
        first = err.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        message = first["msg"].removeprefix("Value error, ")
        raise BadActions(f"{file.name}: {where}: {message}.") from err


def packaged_business(name: str) -> Traversable:
    """The file that comes with the product for one of its businesses.

    Raises:
        BadActions: none does.
    """
    file = resources.files("ivr.serve") / "businesses" / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not file.is_file():
        raise BadActions("No actions come with this business; set IVR_SERVE__BUSINESS_FILE.")
    return file


def own_business(path: Path) -> Business:
    """An operator's own file.

    Raises:
        BadActions: as `read_business`.
    """
    return read_business(path)


def _required(request: Request | None) -> set[str]:
    if request is None:
        return set()
    texts = [request.path, *request.query.values(), *_texts(request.body)]
    return {name for text in texts for name in blanks(text)}


def _texts(content: object) -> list[str]:
    match content:
        case str():
            return [content]
        case dict():
            return [text for inner in content.values() for text in _texts(inner)]
        case _:
            return []


def _keyed_by_text(content: object) -> Any:  # noqa: ANN401 - what YAML holds
    """YAML reads the key 404 as a number; statuses stand beside codes."""
    match content:
        case dict():
            return {str(key): _keyed_by_text(inner) for key, inner in content.items()}
        case list():
            return [_keyed_by_text(inner) for inner in content]
        case _:
            return content
