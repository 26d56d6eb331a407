"""From a call as it was to what the journal keeps of it: codes, figures and times."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from biometrics import Outcome as Proved
from ivr.call import Caller, CustomerId, HangUp
from ivr.decide.dialogue import AnythingElse, Dialogue, Rating
from ivr.decide.moment import GuessHeard
from ivr.journal.record import CallRecord, Outcome, RecordId
from ivr.result import Result
from ivr.story import Story

Mark = Callable[[CustomerId], str]
"""A keyed digest of a customer's id."""

_TALK = frozenset(
    {
        *("affirm", "deny", "hello", "person", "repeat", "help", "goodbye", "wait", "slower"),
        *("back", "undo", "by_keys", "no_voice", "something_else", "who_are_you"),
        *("speak_english", "speak_german"),
    }
)
"""Intents that say how the talk goes, not what is wanted."""

_NOTHING_OPEN = AnythingElse | Rating

_TIMES = re.compile(r" \d+ times$")
_SEATED = " -> queue "


def record_of(story: Story, *, business: str, mark: Mark) -> CallRecord:
    """One call, with nothing in it that names anybody or was said."""
    results = [told.result for told in story.turns]
    last, moment = results[-1], story.found
    guess = _guess(story)
    heard = [part.transcript.confidence for part in results if part.transcript.text]
    caller = moment.caller if moment else None
    signs = moment.verdict.signs if moment else ()
    return CallRecord(
        id=RecordId(story.name or secrets.token_urlsafe(12)),
        token=token_digest(last.action.context_token) if last.action.context_token else "",
        began_at=story.began_at.astimezone(UTC),
        ended_at=story.last.at.astimezone(UTC),
        business=business,
        gateway=story.gateway,
        language=last.transcript.language,
        turns=len(results),
        unheard=sum(not part.transcript.text for part in results),
        not_understood=sum(part.intent.name == "out_of_scope" for part in results),
        intents=topics(results),
        outcome=outcome_of(story),
        reason=_reason(last),
        queue=last.action.queue or "",
        priority=last.action.priority,
        mood=moment.mood.value if moment else "neutral",
        is_known=isinstance(caller, Caller),
        verification=last.verification.decision if moment else Proved.INCONCLUSIVE.value,
        score=last.verification.score,
        llr=last.verification.llr,
        proven_after_ms=_proven_after_ms(story),
        signs=tuple(sign.name for sign in signs if sign.is_spoof or sign.needs_person),
        is_locked=any("locked" in reason for reason in last.verification.reasons),
        hearing=sum(heard) / len(heard) if heard else None,
        fallbacks=sum(bool(part.transcript.fallback) for part in results),
        guess=guess.kind if guess else "",
        guessed_right=guess.is_right if guess else None,
        satisfaction=next((rating for rating in _ratings(story) if rating is not None), None),
        customer_mark=mark(caller.customer_id) if isinstance(caller, Caller) else "",
    )


def token_digest(token: str) -> str:
    """What the journal knows a context's token by; nobody can tell the token from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def topics(results: list[Result]) -> tuple[str, ...]:
    """What was wanted, in the order in which it came up. What nobody understood counts too."""
    named = (part.intent.name for part in results if part.intent.name)
    wanted = tuple(dict.fromkeys(name for name in named if name not in _TALK))
    known = tuple(name for name in wanted if name != "out_of_scope")
    return known or wanted


def outcome_of(story: Story) -> Outcome:
    """A goodbye, or hanging up, after something was done or answered, is a caller served."""
    if story.last.moment is None:
        return Outcome.FAILED
    if story.last.result.action.type in ("queue", "transfer"):
        return Outcome.HANDED_OVER
    dialogue = story.dialogue
    decision = story.last.decision
    is_ended = decision is not None and isinstance(decision.action, HangUp)
    if _was_served(dialogue) and (is_ended or isinstance(dialogue.pending, _NOTHING_OPEN)):
        return Outcome.SERVED
    return Outcome.HUNG_UP


def _was_served(dialogue: Dialogue) -> bool:
    return bool(dialogue.done or dialogue.answered or dialogue.helped_by)


def _reason(result: Result) -> str:
    """Why a person took the call, without how often and which request."""
    why = next((one for one in reversed(result.reasons) if _SEATED in one), "")
    text = why.split(_SEATED)[0]
    if result.intent.name and text.startswith(f"{result.intent.name}: "):
        text = text.removeprefix(f"{result.intent.name}: ")
    return _TIMES.sub("", text)[:64]


def _proven_after_ms(story: Story) -> int | None:
    accepted = (
        told.at
        for told in story.turns
        if told.result.verification.decision == Proved.ACCEPTED.value
    )
    at: datetime | None = next(accepted, None)
    return None if at is None else max(0, round((at - story.began_at).total_seconds() * 1_000))


def _guess(story: Story) -> GuessHeard | None:
    return next(_guesses(story), None)


def _guesses(story: Story) -> Iterator[GuessHeard]:
    for told in story.turns:
        if told.decision is not None and told.decision.guess is not None:
            yield told.decision.guess


def _ratings(story: Story) -> Iterator[int | None]:
    return (told.decision.rating for told in story.turns if told.decision is not None)
