"""What a turn brought, and what is made of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from biometrics import Outcome, Verdict
from ivr.call import (
    Action,
    Caller,
    HangUp,
    Intent,
    Line,
    Mood,
    Queue,
    Repeated,
    Transcript,
    Understanding,
    Unheard,
    Unknown,
)
from ivr.decide.dialogue import Dialogue, Offered, Pending, Proving
from ivr.decide.policy import Seat

ASKS_FOR_DIGITS = ("ask.digits", "ask.digits_again")
"""Prompts, the first and any further one, that the digits are put into when they are spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Everything the other rooms found out in this turn."""

    caller: Caller | Unknown
    verdict: Verdict
    heard: Transcript | Unheard
    meaning: Understanding | None
    """None when nothing was heard."""

    mood: Mood
    now: datetime
    """Aware."""

    dialogue: Dialogue
    """The call up to this turn."""

    repeated: Repeated | None = None
    """How the digits were repeated that the last prompt asked for; None when it asked for none."""

    @property
    def proven(self) -> Caller | None:
        """The caller, once the voice was accepted. Only then may anything personal be said."""
        if isinstance(self.caller, Caller) and self.verdict.outcome is Outcome.ACCEPTED:
            return self.caller
        return None

    @property
    def is_rejected(self) -> bool:
        """The voice is not, or is made to sound like, the one that belongs to the number."""
        return self.verdict.outcome in (Outcome.REJECTED, Outcome.SPOOF_SUSPECTED)

    @property
    def has_repeated(self) -> bool:
        """Random digits were repeated in this call. It says nothing about who is speaking now."""
        return self.dialogue.has_repeated or self.repeated is Repeated.PASSED

    @property
    def has_signs(self) -> bool:
        """This turn or an earlier one sounded like a recording or a machine."""
        return self.dialogue.has_signs or any(sign.is_spoof for sign in self.verdict.signs)

    @property
    def needs_review(self) -> bool:
        """A person has to look at this voice, whomever it proves and whatever is wanted."""
        return any(sign.needs_person for sign in self.verdict.signs)

    def means(self, *names: str) -> bool:
        return isinstance(self.meaning, Intent) and self.meaning.name in names


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do, why, and what to remember."""

    action: Action
    reasons: tuple[str, ...]
    dialogue: Dialogue


def decided(
    moment: Moment, action: Action, reason: str, *, pending: Pending | None = None
) -> Decision:
    """This action for this reason; `pending` is what was asked with it."""
    return Decision(
        action=action, reasons=(reason,), dialogue=replace(moment.dialogue, pending=pending)
    )


def queued(moment: Moment, seat: Seat, *, line: str, reason: str) -> Decision:
    """To a person."""
    action = Queue(lines=(Line(key=line),), queue=seat.queue, priority=seat.priority)
    return decided(moment, action, f"{reason} -> queue {seat.queue}")


def remembered(decision: Decision, moment: Moment) -> Decision:
    """Greet a proven caller by name the first time, and keep what was said."""
    action, dialogue = decision.action, decision.dialogue
    said = action.lines
    if moment.proven and not dialogue.is_greeted:
        greeting = Line(key="greet.personal", facts={"name": moment.proven.name})
        action = replace(action, lines=(greeting, *said))
    return replace(
        decision,
        action=action,
        dialogue=replace(
            dialogue,
            is_greeted=dialogue.is_greeted or moment.proven is not None,
            has_guessed=dialogue.has_guessed or _is_guess(dialogue.pending),
            has_asked_for_speech=dialogue.has_asked_for_speech
            or isinstance(dialogue.pending, Proving),
            digits_asked=dialogue.digits_asked + any(line.key in ASKS_FOR_DIGITS for line in said),
            has_repeated=moment.has_repeated and not moment.is_rejected,
            has_signs=moment.has_signs,
            last_lines=said,
            was_proven=moment.proven is not None,
            is_over=isinstance(action, Queue | HangUp),
        ),
    )


def _is_guess(pending: Pending | None) -> bool:
    return isinstance(pending, Offered) and pending.is_personal
