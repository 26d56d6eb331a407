"""What holds where sources disagree, and what of the rest is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from ivr.call import Event
from ivr.identify.fact import EVENT, Fact, text_of

VULNERABLE = "is_vulnerable"
"""Whoever is vulnerable to one source is vulnerable: no file can change that."""


_Weight = tuple[bool, float, float, tuple[str, ...]]


class Rule(StrEnum):
    """Which of several values of one fact holds."""

    ORDER = "order"
    """The one of the source that is named first."""

    NEWEST = "newest"
    """The one that was true last, as far as sources say."""

    STRICTEST = "strictest"
    """True wins over false."""


class WhyLost(StrEnum):
    """Why a value does not hold."""

    LATER_IN_ORDER = "later_in_order"
    OLDER = "older"
    LESS_STRICT = "less_strict"
    EXPIRED = "expired"
    """Its source said until when it would hold."""

    OTHER_CUSTOMER = "other_customer"
    """It is told of somebody else than the one whose number it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A value that does not hold."""

    fact: Fact
    why: WhyLost


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How sources are weighed against each other."""

    order: tuple[str, ...] = ()
    """Sources, the most trusted first; others come behind these."""

    by_fact: Mapping[str, Rule] = field(default_factory=dict)

    def of(self, name: str) -> Rule:
        return Rule.STRICTEST if name == VULNERABLE else self.by_fact.get(name, Rule.ORDER)

    def place(self, source: str) -> int:
        return self.order.index(source) if source in self.order else len(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What holds of everything that sources said, each by name."""

    facts: tuple[Fact, ...] = ()
    events: tuple[Fact, ...] = ()
    """The newest first."""

    lost: tuple[Lost, ...] = ()


def settle(said: Iterable[Fact], rules: Rules, now: datetime) -> Settled:
    """What holds. The order in which sources answered, and what is said twice, do not matter."""
    every = list({fact.key: fact for fact in said}.values())
    expired = [Lost(fact=one, why=WhyLost.EXPIRED) for one in every if one.is_expired(now)]
    living = [fact for fact in every if not fact.is_expired(now)]
    names = sorted({fact.name for fact in living} - {EVENT})
    kept, lost = [], expired
    for name in names:
        held, beaten = _settled([one for one in living if one.name == name], rules)
        kept.append(held)
        lost.extend(beaten)
    return Settled(
        facts=tuple(kept),
        events=_united([fact for fact in living if fact.name == EVENT], rules),
        lost=tuple(sorted(lost, key=lambda one: one.fact.key)),
    )


def _settled(said: Sequence[Fact], rules: Rules) -> tuple[Fact, list[Lost]]:
    """One fact's values: the one that holds, and those that contradict it."""
    rule = rules.of(said[0].name)
    held = min(said, key=_weight(rule, rules))
    agreeing = [one for one in said if text_of(one.value) == text_of(held.value)]
    beaten = [one for one in said if text_of(one.value) != text_of(held.value)]
    # What one source holds back is not mentioned because another lets it pass.
    held = replace(held, may_mention=all(one.may_mention for one in agreeing))
    return held, [Lost(fact=one, why=_why(rule, held, one)) for one in beaten]


def _weight(rule: Rule, rules: Rules) -> Callable[[Fact], _Weight]:
    """Least is best; the key only makes sure that equals are told apart."""

    def weight(fact: Fact) -> _Weight:
        place, age = rules.place(fact.source), -fact.known_at.timestamp()
        match rule:
            case Rule.ORDER:
                return (False, place, age, fact.key)
            case Rule.NEWEST:
                return (False, age, place, fact.key)
            case Rule.STRICTEST:
                return (fact.value is not True, place, age, fact.key)

    return weight


def _why(rule: Rule, held: Fact, beaten: Fact) -> WhyLost:
    if rule is Rule.STRICTEST and held.value is True:
        return WhyLost.LESS_STRICT
    if rule is Rule.NEWEST and beaten.known_at < held.known_at:
        return WhyLost.OLDER
    if beaten.source == held.source:
        return WhyLost.OLDER
    return WhyLost.LATER_IN_ORDER


def _united(said: Sequence[Fact], rules: Rules) -> tuple[Fact, ...]:
    """Every event once; the same day, kind and facts are one event, whoever tells it."""
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in said:
        groups.setdefault(_sameness(fact), []).append(fact)
    united = [_one_event(group, rules) for group in groups.values()]
    return tuple(sorted(united, key=lambda one: (-_event(one).at.timestamp(), one.key)))


def _sameness(fact: Fact) -> tuple[str, ...]:
    event = _event(fact)
    facts = (f"{name}={event.facts[name]}" for name in sorted(event.facts))
    return (event.kind, event.at.astimezone(UTC).date().isoformat(), *facts)


def _one_event(group: Sequence[Fact], rules: Rules) -> Fact:
    best = min(group, key=_weight(Rule.ORDER, rules))
    mention = all(one.may_mention for one in group)
    return replace(best, value=replace(_event(best), may_mention=mention), may_mention=mention)


def _event(fact: Fact) -> Event:
    if not isinstance(fact.value, Event):
        raise TypeError("Only events are united.")
    return fact.value
