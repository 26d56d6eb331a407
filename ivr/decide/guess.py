"""Why somebody may be calling: recent events, how likely each is the reason, and what was said.

A guess is asked as a question, of a caller whose voice was accepted, once a call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ivr.call import Caller, Event, Intent, Line, Several, Understanding, Unsure
from ivr.decide.policy import COMMON, Policy, Suggestion

_FIRM = 10
"""The policy's own probability weighs as much as this many answers of callers."""

_LEAVES_ROOM = frozenset({"hello"})
"""What says nothing about the reason of a call."""

_LEAVES_NONE = (COMMON | {"affirm", "deny"}) - _LEAVES_ROOM
"""Wishes that are to be met now, however surely they were heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What callers made of guesses of one kind."""

    right: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What became of earlier guesses."""

    answers: Mapping[str, Answers] = field(default_factory=dict)
    """By kind of event, of all callers of this business."""

    refused: frozenset[str] = frozenset()
    """Marks of this caller's events that were not why they called."""

    is_known: bool = True
    """Where it is not, nothing is guessed: it might have been refused before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An event that may be why somebody calls."""

    event: Event
    intent: str
    probability: float
    """That the call is about it, 0 to 1."""

    reasons: tuple[str, ...]
    """In codes and figures, without facts of the event."""

    preferred: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the customer asked us to keep in mind and the question takes up, such as seat: aisle."""

    @property
    def line(self) -> Line:
        """The question."""
        key = "_".join((f"offer.{self.event.kind}", *self.preferred.values()))
        return Line(key=key, facts=self.event.facts)

    @property
    def wish(self) -> Intent:
        """What is wanted if the guess is right."""
        return Intent(
            name=self.intent, confidence=1.0, slots={**self.event.facts, **self.preferred}
        )


def event_mark(event: Event) -> str:
    """What tells an event of one customer from others of theirs."""
    return f"{event.kind}@{event.at.timestamp():.0f}"


def guesses(caller: Caller, now: datetime, policy: Policy, history: History) -> tuple[Guess, ...]:
    """Every event that may be mentioned, the likeliest first, before anything was said."""
    if not history.is_known:
        return ()
    found = [
        _guess(event, policy.events[event.kind], caller, now, history)
        for event in caller.events
        if policy.suggestion(event, now) and event_mark(event) not in history.refused
    ]
    # A call is about one thing: together they are no likelier than that.
    total = max(1.0, sum(guess.probability for guess in found))
    shared = [replace(guess, probability=guess.probability / total) for guess in found]
    return tuple(
        sorted(shared, key=lambda guess: (guess.probability, guess.event.at), reverse=True)
    )


def with_words(guess: Guess, meaning: Understanding | None, policy: Policy) -> Guess:
    """The guess after what was said: words that fit raise it, others lower or forbid it."""
    readings = _readings(meaning)
    fitting = [one for one in readings if _fits(one, guess)]
    if fitting:
        heard = max(one.confidence for one in fitting)
        likelier = guess.probability + (1 - guess.probability) * heard
        return _changed(guess, likelier, "the words fit")
    if meaning is None or (readings and all(one.name in _LEAVES_ROOM for one in readings)):
        return guess
    heard = sum(one.confidence for one in readings)
    is_clear = not readings or heard >= policy.confirm_below
    names = {one.name for one in readings}
    if is_clear or names & {guess.intent, *_LEAVES_NONE}:
        return _changed(guess, 0.0, "the words mean something else")
    return _changed(guess, guess.probability * (1 - heard), "the words may mean something else")


def best_guess(
    caller: Caller,
    meaning: Understanding | None,
    now: datetime,
    policy: Policy,
    history: History,
) -> Guess | None:
    """The likeliest reason of the call, if it is likely enough to be asked about.

    What was heard instead must be less likely; otherwise that is read back.
    """
    heard = [with_words(one, meaning, policy) for one in guesses(caller, now, policy, history)]
    best = max(heard, key=lambda guess: guess.probability, default=None)
    if best is None or best.probability < policy.guess_from:
        return None
    return best if best.probability > _rival(best, meaning) else None


def _guess(
    event: Event, suggestion: Suggestion, caller: Caller, now: datetime, history: History
) -> Guess:
    answers = history.answers.get(event.kind, Answers())
    prior = _learned(suggestion.probability, answers)
    age_days = (now - event.at) / timedelta(days=1)
    decay: float = 0.5 ** (age_days / suggestion.half_life_days)
    reasons = [f"{event.kind} {age_days:.0f} days ago"]
    if answers != Answers():
        reasons.append(f"guesses of this kind: {answers.right} right, {answers.wrong} wrong")
    return Guess(
        event=event,
        intent=suggestion.suggests,
        probability=prior * decay,
        reasons=tuple(reasons),
        preferred=_preferred(suggestion, caller),
    )


def _learned(prior: float, answers: Answers) -> float:
    """The mean of a Beta distribution that began at the policy's probability."""
    return (prior * _FIRM + answers.right) / (_FIRM + answers.right + answers.wrong)


def _preferred(suggestion: Suggestion, caller: Caller) -> Mapping[str, str]:
    """The first preference that there is a question for."""
    for name, values in sorted(suggestion.prefers.items()):
        wanted = caller.preferences.get(name, "").strip().casefold()
        if wanted in values:
            return {name: wanted}
    return {}


def _readings(meaning: Understanding | None) -> tuple[Intent, ...]:
    match meaning:
        case Intent():
            return (meaning,)
        case Unsure(first=first, second=second):
            return (first, second)
        case Several(intents=intents):
            return intents
        case _:
            return ()


def _fits(reading: Intent, guess: Guess) -> bool:
    """The same request, and no other flight, card or order."""
    facts = guess.event.facts
    return reading.name == guess.intent and all(
        facts.get(name, said) == said for name, said in reading.slots.items()
    )


def _rival(guess: Guess, meaning: Understanding | None) -> float:
    """Probability of the likeliest other request."""
    others = [one for one in _readings(meaning) if one.name not in {guess.intent, *_LEAVES_ROOM}]
    return max((one.confidence for one in others), default=0.0)


def _changed(guess: Guess, probability: float, reason: str) -> Guess:
    return replace(guess, probability=probability, reasons=(*guess.reasons, reason))
