"""The queues and their rules, as a manager wrote them in queues.yaml."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr.call import Language
from ivr.errors import BadQueues
from ivr.queue.hours import Hours
from ivr.strict_yaml import read_yaml

_PACKAGED = Path(__file__).with_name("queues.yaml")

_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
_Seconds = Annotated[int, Field(ge=1, le=86_400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServiceLevel(_Strict):
    """So many percent of the callers are to be taken within so many seconds."""

    percent: Annotated[int, Field(ge=1, le=100)]
    within_s: _Seconds


class Escalation(_Strict):
    """Whoever has waited so long goes further ahead, once."""

    after_s: _Seconds
    by: Annotated[int, Field(ge=1, le=100)]


class Overflow(_Strict):
    """Whoever has waited so long goes to another queue."""

    after_s: _Seconds
    to: _Name


class Elsewhere(_Strict):
    """Another queue."""

    queue: _Name


class QueueRules(_Strict):
    """One queue."""

    name: dict[Language, str]
    """As people read it."""

    languages: Annotated[frozenset[Language], Field(min_length=1)]
    skills: frozenset[_Name] = frozenset()
    """What somebody needs to take its callers, beside the language."""

    service_level: ServiceLevel
    handling_s: _Seconds
    """How long a call takes a person, until enough were seen to tell."""

    hours: Hours | None = None
    """None is always."""

    escalation: Escalation | None = None
    overflow: Overflow | None = None
    closed: Literal["call_back", "say"] | Elsewhere = "say"
    """What is offered outside the hours."""

    def is_open(self, moment: datetime) -> bool:
        return self.hours is None or self.hours.is_open(moment)

    def opens_after(self, moment: datetime) -> datetime | None:
        """The next opening, for one that is closed; None where there is none within a year."""
        return self.hours.opens_after(moment) if self.hours else None

    @property
    def handling(self) -> timedelta:
        return timedelta(seconds=self.handling_s)


class Queues(_Strict):
    """All of them."""

    default: QueueRules | None
    queues: dict[_Name, QueueRules]

    def of(self, queue: str) -> QueueRules:
        """The rules of a queue, or those of every queue that has none of its own.

        Raises:
            BadQueues: there are neither.
        """
        rules = self.queues.get(queue, self.default)
        if rules is None:
            raise BadQueues(f"There are no rules for the queue {queue}; write some, or a default.")
        return rules

    def check(self, named: Iterable[str]) -> None:
        """Refuse queues that others name and nobody wrote rules for.

        Raises:
            BadQueues: says which.
        """
        if self.default is None and (strangers := sorted(set(named) - set(self.queues))):
            raise BadQueues(
                f"No rules for these queues, and no default: {', '.join(strangers)}. "
                "Write a section for each under queues, or one called default."
            )


def read_queues(path: Path | None) -> Queues:
    """The queues in a file, or those of the file in the package.

    Raises:
        BadQueues: the file cannot be used; says where.
    """
    path = path or _PACKAGED
    content = read_yaml(path, BadQueues)
    hours = content.pop("hours", {})
    try:
        queues = Queues.model_validate(_filled_in(content, hours, path))
    except ValidationError as err:
        first = err.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadQueues(f"{path.name}: {where}: {_said(first['msg'])}.") from err
    queues.check(_named(queues))
    _refuse_loops(queues, path)
    return queues


def _filled_in(content: dict[Any, Any], hours: object, path: Path) -> dict[Any, Any]:
    """Hours by their name, and what a queue does not say as the default says it."""
    if not isinstance(hours, Mapping):
        raise BadQueues(f"{path.name}: hours: must hold named opening hours.")
    default = content.get("default")
    written = content.get("queues") or {}
    if not isinstance(written, Mapping):
        raise BadQueues(f"{path.name}: queues: must hold named queues.")
    usual = dict(default) if isinstance(default, Mapping) else {}
    queues = {
        name: _with_hours({**usual, **one}, hours, path) if isinstance(one, Mapping) else one
        for name, one in written.items()
    }
    rest = {name: part for name, part in content.items() if name not in ("default", "queues")}
    shown = _with_hours(usual, hours, path) if usual else default
    return {**rest, "default": shown, "queues": queues}


def _with_hours(queue: dict[Any, Any], hours: Mapping[Any, Any], path: Path) -> dict[Any, Any]:
    name = queue.get("hours")
    if not isinstance(name, str):
        return queue
    if name == "always":
        return {**queue, "hours": None}
    if name not in hours:
        raise BadQueues(f"{path.name}: there are no hours called '{name}'; write them under hours.")
    return {**queue, "hours": hours[name]}


def _named(queues: Queues) -> Iterator[str]:
    for rules in filter(None, (queues.default, *queues.queues.values())):
        if rules.overflow:
            yield rules.overflow.to
        if isinstance(rules.closed, Elsewhere):
            yield rules.closed.queue


def _refuse_loops(queues: Queues, path: Path) -> None:
    """Queues that send their callers to each other while closed send them nowhere."""
    for name in queues.queues:
        seen, at = [name], queues.of(name)
        while isinstance(at.closed, Elsewhere):
            if at.closed.queue in seen:
                raise BadQueues(f"{path.name}: {name}: closed: leads in a circle.")
            seen.append(at.closed.queue)
            at = queues.of(at.closed.queue)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")
