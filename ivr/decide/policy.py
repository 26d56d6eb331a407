"""The policy file: who goes where, as a manager wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from ivr.call import Assurance, Event
from ivr.decide.rules import Circumstances, Priority, PriorityRule, Strict
from ivr.decide.unmentionable import is_unmentionable
from ivr.errand import Task
from ivr.errors import BadPolicy
from ivr.strict_yaml import read_yaml

BY_MACHINE = "answer"
"""What the file writes for requests that need no person."""

WORDLESS = frozenset({"affirm", "deny", "hello"})
"""Intents that cannot be put as "would you like to ...?"."""

COMMON = frozenset(
    {
        *("hello", "person", "repeat", "help", "goodbye", "speak_english", "speak_german"),
        *("slower", "back", "undo", "by_keys", "no_voice", "something_else", "wait", "who_are_you"),
        "send_link",
    }
)
"""Wishes that every business knows and that stand above whatever was asked."""

_PACKAGED = Path(__file__).with_name("policy.yaml")


class Seat(Strict):
    """A queue and the priority in it."""

    queue: str
    priority: Priority


class Suggestion(Strict):
    """An event that may be why somebody calls."""

    suggests: str
    within_days: int = Field(ge=0)
    names: frozenset[str] = frozenset()
    """Facts that the offer names; an event without them is not mentioned."""

    probability: float = Field(default=0.5, gt=0, lt=1)
    """That a call soon after it is about it."""

    half_life_days: float = Field(default=7.0, gt=0)
    """After so many days it is half as likely."""

    prefers: dict[str, frozenset[str]] = Field(default_factory=dict)
    """Preferences of customers that there is an offer of its own for, by name."""


class Helpless(Seat):
    """Where callers go who seem to need help."""

    after_turns: int = Field(ge=1)


class _Business(Strict):
    events: dict[str, Suggestion] = Field(default_factory=dict)
    requests: dict[str, str]
    menu: list[str] = Field(default=[], max_length=8)
    people_only: frozenset[str] = frozenset()
    troubles: dict[str, frozenset[str]] = Field(default_factory=dict)


class _PolicyFile(Strict):
    priority_rules: list[PriorityRule]
    person: Seat
    failures_until_person: int = Field(ge=1)
    least_hearing: float = Field(ge=0, le=1)
    least_hearing_of_replies: float = Field(default=0.35, ge=0, le=1)
    confirm_below: float = Field(ge=0, le=1)
    repeat_digits_for: frozenset[Literal["second_factor", "signs"]] = frozenset()
    digits_tries: int = Field(default=2, ge=1, le=3)
    pin_tries: int = Field(default=2, ge=1, le=3)
    tell_from: float = Field(default=0.5, ge=0, le=1)
    common_from: float = Field(default=0.5, ge=0, le=1)
    change_subject_from: float = Field(default=0.7, ge=0, le=1)
    guess_from: float = Field(default=0.3, ge=0, le=1)
    helpless: Helpless | None = None
    rating_share: float = Field(default=0, ge=0, le=1)
    businesses: dict[str, _Business]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a pack asks for one intent."""

    assurance: Assurance
    may_suggest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules for one business."""

    priority_rules: tuple[PriorityRule, ...]
    person: Seat
    failures_until_person: int
    least_hearing: float
    """Confidence of the recogniser under which a turn is asked for again."""

    confirm_below: float
    """Probability of an intent under which it is read back first."""

    events: Mapping[str, Suggestion]
    requests: Mapping[str, str]
    needs: Mapping[str, Need]

    least_hearing_of_replies: float = 0.35
    """The same for a plain yes or no to what was asked."""

    repeat_digits_for: frozenset[str] = frozenset()
    """When a caller whose voice was accepted repeats digits: second_factor, signs."""

    digits_tries: int = 2
    """How often, until a person takes over."""

    pin_tries: int = 2
    """How often the PIN is asked for, until a person takes over."""

    tell_from: float = 0.5
    """The same for requests that are open to anybody and that nothing is done for."""

    common_from: float = 0.5
    """Probability from which wishes that every business knows are met."""

    change_subject_from: float = 0.7
    """Probability from which a request is taken for a new one while an answer is awaited."""

    guess_from: float = 0.3
    """Probability from which the caller is asked whether an event is the reason of the call."""

    helpless: Helpless | None = None
    rating_share: float = 0.0
    """Share of the callers who were served and are asked at the end how satisfied they are."""

    menu: tuple[str, ...] = ()
    """Requests that keys are named for where words fail, by 1, 2 and so on."""

    may_send: bool = False
    """Whether links can be sent here."""

    tasks: Mapping[str, Task] = field(default_factory=dict)
    """Intents that the business system can do, whatever `requests` says of them."""

    troubles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What callers ask for when something of each kind has happened."""

    declines: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes with which it may say no to each, that there are prompts for."""

    @property
    def queues(self) -> frozenset[str]:
        """Every queue that callers can be sent to."""
        rules = (rule.queue for rule in self.priority_rules)
        requests = (queue for queue in self.requests.values() if queue != BY_MACHINE)
        helpless = self.helpless.queue if self.helpless else ""
        return frozenset(filter(None, (*rules, *requests, self.person.queue, helpless)))

    def priority_rule(self, of: Circumstances) -> PriorityRule | None:
        """The fitting rule that puts the caller through, and furthest ahead."""
        fitting = [
            rule for rule in self.priority_rules if rule.puts_through and rule.when.holds(of)
        ]
        return max(fitting, key=lambda rule: rule.priority, default=None)

    def first_where_queued(self, of: Circumstances) -> tuple[PriorityRule, ...]:
        """The fitting rules for whoever goes to a person anyway, furthest ahead first."""
        fitting = (
            rule for rule in self.priority_rules if not rule.puts_through and rule.when.holds(of)
        )
        return tuple(sorted(fitting, key=lambda rule: -rule.priority))

    def need(self, intent: str) -> Need:
        """What an intent asks for; one that nobody described asks for everything."""
        strictest = Need(assurance=Assurance.VOICE_AND_SECOND_FACTOR, may_suggest=False)
        return self.needs.get(intent, strictest)

    def sure_from(self, intent: str) -> float:
        """Probability from which a request need not be read back."""
        is_only_told = (
            self.need(intent).assurance is Assurance.OPEN
            and self.requests.get(intent) == BY_MACHINE
            and intent not in self.tasks
        )
        return self.tell_from if is_only_told else self.confirm_below

    def suggestion(self, event: Event, now: datetime) -> str | None:
        """The intent that an event suggests, if the event may be mentioned and can be."""
        suggestion = self.events.get(event.kind)
        if suggestion is None or not event.may_mention or is_unmentionable(event):
            return None
        if not all(event.facts.get(name, "").strip() for name in suggestion.names):
            return None
        if not 0 <= (now - event.at).days <= suggestion.within_days:
            return None
        return suggestion.suggests if self.need(suggestion.suggests).may_suggest else None


def read_policy(  # noqa: PLR0913 - everything that a business brings
    path: Path | None,
    *,
    business: str,
    needs: Mapping[str, Need],
    tasks: Mapping[str, Task] | None = None,
    declines: Mapping[str, frozenset[str]] | None = None,
    may_send: bool = False,
) -> Policy:
    """The rules for `business`, from `path` or else from the file in the package.

    `tasks` and `declines` are what the business system can do and say no with; `may_send`: links
    can be sent.

    Raises:
        BadPolicy: the file cannot be used; says where.
    """
    path = path or _PACKAGED
    rules = _read(path)
    if business not in rules.businesses:
        raise BadPolicy(f"{path.name} has no rules for the business {business}.")
    chosen = rules.businesses[business]
    named = {*chosen.requests, *chosen.menu, *chosen.people_only}
    named |= {name for intents in chosen.troubles.values() for name in intents}
    named |= {*(event.suggests for event in chosen.events.values())}
    if strangers := named - set(needs):
        raise BadPolicy(f"{path.name} names intents the pack does not have: {sorted(strangers)}.")
    known = {name for one in rules.businesses.values() for name in one.requests}
    sought = {name for rule in rules.priority_rules for name in rule.when.intents or ()}
    if strangers := sought - known:
        raise BadPolicy(
            f"{path.name} has rules for intents that no business is asked for: {sorted(strangers)}."
        )
    return Policy(
        priority_rules=tuple(rules.priority_rules),
        person=rules.person,
        failures_until_person=rules.failures_until_person,
        least_hearing=rules.least_hearing,
        least_hearing_of_replies=rules.least_hearing_of_replies,
        confirm_below=rules.confirm_below,
        events=chosen.events,
        requests=chosen.requests,
        needs=needs,
        repeat_digits_for=rules.repeat_digits_for,
        digits_tries=rules.digits_tries,
        pin_tries=rules.pin_tries,
        tell_from=rules.tell_from,
        common_from=rules.common_from,
        change_subject_from=rules.change_subject_from,
        guess_from=rules.guess_from,
        helpless=rules.helpless,
        rating_share=rules.rating_share,
        menu=tuple(chosen.menu),
        troubles=chosen.troubles,
        tasks={
            name: task for name, task in (tasks or {}).items() if name not in chosen.people_only
        },
        declines=declines or {},
        may_send=may_send,
    )


def businesses_of(path: Path | None) -> tuple[str, ...]:
    """The businesses that a file has rules for.

    Raises:
        BadPolicy: the file cannot be used; says where.
    """
    return tuple(_read(path or _PACKAGED).businesses)


def _read(path: Path) -> _PolicyFile:
    try:
        return _PolicyFile.model_validate(read_yaml(path, BadPolicy))
    except ValidationError as err:
        first = err.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadPolicy(f"{path.name}: {where}: {first['msg']}.") from err
