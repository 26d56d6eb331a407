"""From a call as it was to what a person is told who takes it, and to the caller's place."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime

from ivr.call import Caller, CustomerId, Event, Language, PhoneNumber, Queue, Transfer
from ivr.decide.onward import CODE
from ivr.handover.context import Context, Customer, Earlier, Evidence, Said
from ivr.handover.next_step import next_step
from ivr.queue.entry import ContextToken, Entry, EntryId
from ivr.result import Result
from ivr.story import Story, Told

EarlierCalls = Callable[[CustomerId], tuple[Earlier, ...]]
"""Calls of a customer before this one, the latest first."""

DoneByLink = Callable[[CustomerId], Mapping[str, datetime]]
"""Requests that a customer had done by a link that was sent, and when it was."""


def nothing_by_link(_: CustomerId) -> Mapping[str, datetime]:
    return {}


_NOT_WANTED = frozenset({None, "out_of_scope", "affirm", "deny", "hello", "person", "repeat"})
"""What is no request by itself."""

_MOST_EVENTS = 5


def context_of(
    story: Story,
    *,
    business: str,
    earlier: EarlierCalls,
    done_by_link: DoneByLink = nothing_by_link,
) -> Context:
    """Everything that is known, for one person's eyes; the caller is as sure as before."""
    moment, result = story.found, story.last.result
    caller = moment.caller if moment else None
    customer = _customer(caller, story.last.at) if isinstance(caller, Caller) else None
    evidence = _evidence(story)
    intent, slots = wanted(story)
    return Context(
        call_id=story.call_id,
        at=story.last.at,
        language=_language(result),
        business=business,
        number=story.number.e164 if isinstance(story.number, PhoneNumber) else None,
        customer=customer,
        evidence=evidence,
        said=tuple(map(_said, story.turns)),
        intent=intent,
        slots=slots,
        tried=(*_tried(story), *_by_link(customer, done_by_link)),
        mood=moment.mood.value if moment else "neutral",
        queue=result.action.queue or "",
        priority=result.action.priority or 0,
        reasons=tuple(result.reasons),
        earlier=earlier(customer.id) if customer else (),
        next_step=next_step(
            evidence,
            is_failure=story.last.moment is None,
            mood=moment.mood.value if moment else "neutral",
            is_known=customer is not None,
        ),
    )


def entry_of(story: Story) -> Entry | None:
    """The caller's place in the queue; None for who is connected elsewhere at once.

    Skills are left to the queue's rules.
    """
    told = story.last
    action = told.decision.action if told.decision else None
    part = told.result.action
    if isinstance(action, Transfer) or part.type != "queue" or part.context_token is None:
        return None
    priority = action.priority if isinstance(action, Queue) else part.priority or 0
    return Entry(
        id=EntryId(secrets.token_urlsafe(12)),
        call_id=story.call_id,
        token=ContextToken(part.context_token),
        queue=part.queue or "",
        language=_language(told.result),
        priority=priority,
        reasons=tuple(told.result.reasons),
        intent=wanted(story)[0],
        joined_at=told.at,
    )


def wanted(story: Story) -> tuple[str, dict[str, str]]:
    """The latest request and what was told of it; empty where there was none."""
    for told in reversed(story.turns):
        intent = told.result.intent
        if intent.name not in _NOT_WANTED:
            return intent.name or "", dict(intent.slots)
    return "", {}


def _customer(caller: Caller, now: datetime) -> Customer:
    latest = sorted(caller.events, key=lambda event: event.at, reverse=True)
    return Customer(
        id=caller.customer_id,
        name=caller.name,
        language=caller.language,
        age=_age(caller.birth_date, now.date()),
        tier=caller.tier,
        is_vulnerable=caller.is_vulnerable,
        preferences=dict(caller.preferences),
        events=tuple(map(_event, latest[:_MOST_EVENTS])),
        subject=caller.subject,
    )


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not had_birthday)


def _event(event: Event) -> dict[str, str]:
    return {**event.facts, "kind": event.kind, "at": event.at.isoformat()}


def _evidence(story: Story) -> Evidence:
    """What the last turn showed in which nothing failed."""
    moment, told = story.found, story.sound or story.last
    part = told.result.verification
    signs = moment.verdict.signs if moment else ()
    return Evidence(
        decision=part.decision,
        score=part.score,
        llr=part.llr,
        threshold=part.threshold,
        net_speech_ms=part.net_speech_ms,
        has_second_factor=bool(moment and (moment.has_second_factor or moment.has_repeated)),
        reasons=tuple(part.reasons),
        signs=tuple(sign.name for sign in signs if sign.is_spoof or sign.needs_person),
        quality=tuple(part.quality),
    )


def _said(told: Told) -> Said:
    result = told.result
    return Said(
        caller=result.transcript.text,
        machine=_without_code(told),
        intent=result.intent.name or "",
        confidence=result.transcript.confidence,
    )


def _without_code(told: Told) -> str:
    """What opens a link is for the caller alone."""
    prompt = told.result.action.prompt
    lines = told.decision.action.lines if told.decision else ()
    for line in lines:
        if line.key == CODE:
            code = line.facts["code"]
            prompt = prompt.replace(code, "*" * len(code))
    return prompt


def _tried(story: Story) -> tuple[str, ...]:
    done = (f"{errand.intent}: done" for errand in story.dialogue.done)
    sent = story.dialogue.sent
    links = (f"{sent.intent}: link sent",) if sent else ()
    answered = (f"{name}: answered" for name in sorted(story.dialogue.answered))
    failed = (
        reason
        for told in story.turns
        for reason in told.result.reasons
        if ": declined" in reason or ": the business system" in reason
    )
    return tuple(dict.fromkeys((*done, *answered, *links, *failed)))


def _by_link(customer: Customer | None, done: DoneByLink) -> tuple[str, ...]:
    return tuple(f"{intent}: done by link" for intent in done(customer.id)) if customer else ()


def _language(result: Result) -> Language:
    return Language(result.transcript.language)
