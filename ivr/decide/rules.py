"""Rules for who goes first, as a manager wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivr.call import Caller, Mood, Unknown
from ivr.decide.value import value_at_risk

Priority = Annotated[int, Field(ge=0, le=100)]

_ABOUT_THE_CUSTOMER = frozenset({"vulnerable", "tier", "age_at_least", "value_at_least"})


class Strict(BaseModel):
    """A part of the file; what nobody asked for is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What rules look at."""

    caller: Caller | Unknown
    mood: Mood
    now: datetime
    """Aware."""

    intent: str = ""
    """What is wanted, where that is sure enough to be served."""


class Condition(Strict):
    """What must hold, all of it. What is left out does not matter."""

    vulnerable: bool | None = None
    tier: str | None = None
    age_at_least: int | None = None
    value_at_least: Annotated[Decimal, Field(gt=0)] | None = None
    """What is at stake for the customer, as `value_at_risk` counts it."""

    mood: Mood | None = None
    intents: Annotated[frozenset[str], Field(min_length=1)] | None = None
    """What is wanted is one of these."""

    @property
    def is_about_the_customer(self) -> bool:
        """It speaks of the number's owner, not of whoever is on the line."""
        return not _ABOUT_THE_CUSTOMER.isdisjoint(self._named())

    def holds(self, of: Circumstances) -> bool:
        return not self.missed(of)

    def missed(self, of: Circumstances) -> tuple[str, ...]:
        """Names of the parts that do not hold."""
        return tuple(name for name in self._named() if not self._holds(name, of))

    def _named(self) -> Iterator[str]:
        return (name for name, value in self if value is not None)

    def _holds(self, name: str, of: Circumstances) -> bool:
        match name:
            case "mood":
                return of.mood is self.mood
            case "intents":
                return of.intent in (self.intents or ())
            case _:
                return isinstance(of.caller, Caller) and self._fits(name, of.caller, of.now)

    def _fits(self, name: str, caller: Caller, now: datetime) -> bool:
        match name:
            case "vulnerable":
                return caller.is_vulnerable is self.vulnerable
            case "tier":
                return caller.tier == self.tier
            case "age_at_least":
                return is_aged(caller, self.age_at_least or 0, now.date())
            case _:
                return value_at_risk(caller, now) >= (self.value_at_least or 0)


class PriorityRule(Strict):
    """Callers of this kind go first."""

    reason: str
    when: Condition
    queue: str = ""
    """Their own; left out where `puts_through` is false, it is the queue they go to anyway."""

    priority: Priority
    says: str = "tell.queue"
    """Key of the prompt that is spoken."""

    puts_through: bool = True
    """They go to a person at once; else only first, where they go to a person at all."""

    @model_validator(mode="after")
    def _has_a_queue(self) -> Self:
        if self.puts_through and not self.queue:
            raise ValueError("a rule that puts callers through names their queue")
        return self


def is_aged(caller: Caller, years: int, today: date) -> bool:
    """Whether the customer is known to be so many years old."""
    born = caller.birth_date
    if born is None:
        return False
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not had_birthday) >= years
