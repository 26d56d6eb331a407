"""What a turn brought, and what is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from biometrics import Outcome, Verdict
from ivr.call import (
    Action,
    Ask,
    Caller,
    Event,
    HangUp,
    Intent,
    Line,
    Mood,
    Pinned,
    Queue,
    Repeated,
    SlotProblem,
    Transcript,
    Understanding,
    Unheard,
    Unknown,
)
from ivr.decide.dialogue import Dialogue, Offered, Pending, Proving, Question
from ivr.decide.guess import History
from ivr.decide.policy import Seat
from ivr.errand import Errand
from ivr.sending import Sending

ASKS_FOR_DIGITS = ("ask.digits", "ask.digits_again")
"""Prompts, the first and any further one, that the digits are put into when they are spoken."""

ASKS_FOR_PIN = ("ask.pin", "ask.pin_again")

MOST_STALE = 3
"""Turns for which an acceptance holds without anything to compare: a PIN, a number, and a yes."""

_TOLD_ONCE = (
    *(".done", ".answer"),
    *("tell.next_wish", "tell.noted", "tell.trouble_thanks", "tell.keys_instead"),
)
"""How keys end of what is no part of a question that follows it."""

_TOLD_OF_LINKS = "link."
"""How they begin."""

_LONGEST_TRAIL = 5
"""Questions one can go back to."""


class Trouble(Protocol):
    """Something that has happened and that this caller may be told of."""

    @property
    def incident(self) -> str: ...
    @property
    def lines(self) -> tuple[Line, ...]: ...
    @property
    def is_personal(self) -> bool:
        """Only for a customer whose voice was accepted."""


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

    call_id: str = ""
    nonce: str = field(default="", repr=False)
    """Drawn for this call alone, whatever its id."""

    stale: int = 0
    """Turns in a row, this one included, whose sound was too little to compare, or none."""

    was_rejected: bool = False
    """The voice was rejected in this call, and not accepted since."""

    keys: str = field(default="", repr=False)
    """What was typed in this turn."""

    read: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Slots that this turn tells or corrects, of those that were expected."""

    problem: SlotProblem | None = None
    """Why what was begun of them cannot be used yet."""

    repeated: Repeated | None = None
    """How the digits were repeated that the last prompt asked for; None when it asked for none."""

    has_pin: bool = False
    """The caller could be asked for a PIN."""

    pinned: Pinned | None = None
    """What came of the PIN that the last prompt asked for; None when it asked for none."""

    history: History = field(default_factory=History)
    """What became of earlier guesses about this caller."""

    done_by_link: Mapping[str, datetime] = field(default_factory=dict)
    """Requests that the caller had done by a link after an earlier call, and when it was sent."""

    trouble: Trouble | None = None
    """What this caller is told before anything else."""

    has_second_factor: bool = False
    """Something besides the voice proved the caller in this call."""

    @property
    def proven(self) -> Caller | None:
        """The caller, once the voice was accepted. Only then may anything personal be said."""
        is_accepted = self.verdict.outcome is Outcome.ACCEPTED and self.stale <= MOST_STALE
        return self.caller if isinstance(self.caller, Caller) and is_accepted else None

    @property
    def is_rejected(self) -> bool:
        """The voice is not, or is made to sound like, the one that belongs to the number.

        That stands until the voice is accepted: what cannot be compared proves nothing.
        """
        refused = (Outcome.REJECTED, Outcome.SPOOF_SUSPECTED)
        is_accepted = self.verdict.outcome is Outcome.ACCEPTED
        return self.verdict.outcome in refused or (self.was_rejected and not is_accepted)

    @property
    def is_known_number(self) -> bool:
        """The number is a customer's, and nothing speaks against whoever calls from it."""
        is_free = not self.is_rejected and not self.verdict.needs_person
        return isinstance(self.caller, Caller) and is_free

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

    @property
    def text(self) -> str:
        return self.heard.text if isinstance(self.heard, Transcript) else ""

    def means(self, *names: str) -> bool:
        return isinstance(self.meaning, Intent) and self.meaning.name in names


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessHeard:
    """What a caller made of a guess."""

    kind: str
    """Of the event."""

    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleHeard:
    """A caller was told of an incident, or the call ended with it."""

    incident: str
    is_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do, why, and what to remember."""

    action: Action
    reasons: tuple[str, ...]
    dialogue: Dialogue
    wording: int = 0
    """How often this was asked before, which chooses among a prompt's wordings."""

    goes_back: bool = False
    """It asks an earlier question, which leaves none to go back to from it."""

    errand: Errand | None = None
    """To be run before anything is said; the action holds what is said before its outcome."""

    sending: Sending | None = None
    """To be sent before anything is said."""

    guess: GuessHeard | None = None
    rating: int | None = None
    """How satisfied the caller is, 1 (not at all) to 5."""

    trouble: TroubleHeard | None = None


def decided(
    moment: Moment, action: Action, reason: str, *, pending: Pending | None = None
) -> Decision:
    """This action for this reason; `pending` is what was asked with it."""
    return Decision(
        action=action, reasons=(reason,), dialogue=replace(moment.dialogue, pending=pending)
    )


def read_back(moment: Moment, intent: Intent, reason: str) -> Decision:
    """Ask whether this is what is wanted."""
    line = Line(key="ask.confirm", facts={"want_key": f"intent.{intent.name}.want"})
    return decided(moment, Ask(lines=(line,)), reason, pending=Offered(intent=intent))


def queued(moment: Moment, seat: Seat, *, line: str, reason: str) -> Decision:
    """To a person."""
    action = Queue(lines=(Line(key=line),), queue=seat.queue, priority=seat.priority)
    return decided(moment, action, f"{reason} -> queue {seat.queue}")


def sent_to_person(moment: Moment, seat: Seat, *, reason: str) -> Decision:
    """To a person, whatever was decided."""
    return remembered(queued(moment, seat, line="tell.queue", reason=reason), moment)


def remembered(decision: Decision, moment: Moment) -> Decision:
    """Greet a proven caller by name the first time, and keep what was said."""
    action, dialogue = decision.action, decision.dialogue
    said = action.lines
    if moment.proven and not dialogue.is_greeted and not dialogue.refuses_voice:
        greeting = Line(key="greet.personal", facts={"name": moment.proven.name})
        action = replace(action, lines=(greeting, *said))
    return replace(
        decision,
        action=action,
        guess=_guess_heard(moment),
        dialogue=replace(
            _asked(_counted(decision, moment.dialogue), moment, said),
            is_greeted=dialogue.is_greeted or moment.proven is not None,
            has_guessed=dialogue.has_guessed or _is_guess(dialogue.pending),
            has_asked_for_speech=dialogue.has_asked_for_speech
            or isinstance(dialogue.pending, Proving),
            digits_asked=dialogue.digits_asked + _asks(said, ASKS_FOR_DIGITS),
            pins_asked=dialogue.pins_asked + _asks(said, ASKS_FOR_PIN),
            has_repeated=moment.has_repeated and not moment.is_rejected,
            has_signs=moment.has_signs,
            is_slow=dialogue.is_slow or moment.mood is Mood.NEEDS_HELP,
            helpless=dialogue.helpless + (moment.mood is Mood.NEEDS_HELP),
            last_lines=said,
            was_proven=moment.proven is not None,
            is_over=isinstance(action, Queue | HangUp),
        ),
    )


def _asked(after: Dialogue, moment: Moment, said: tuple[Line, ...]) -> Dialogue:
    """The question stays the same while it is only put into other words, or was not heard."""
    before = moment.dialogue
    if after.pending is None:
        return replace(after, question=(), was_asked_of_proven=False)
    if after.pending == before.pending and before.question:
        return after
    asking = tuple(line for line in said if not _is_told_once(line))
    return replace(after, question=asking, was_asked_of_proven=moment.proven is not None)


def _is_told_once(line: Line) -> bool:
    return line.key.endswith(_TOLD_ONCE) or line.key.startswith(_TOLD_OF_LINKS)


def _counted(decision: Decision, before: Dialogue) -> Dialogue:
    """Another question starts its own count, and the one before it can be gone back to."""
    after = decision.dialogue
    if after.pending == before.pending:
        return after
    trail = after.trail
    if before.last_lines and not decision.goes_back:
        asked = Question(
            pending=before.pending,
            lines=before.question or before.last_lines,
            was_proven=before.was_proven or before.was_asked_of_proven,
        )
        trail = (*trail, asked)[-_LONGEST_TRAIL:]
    return replace(after, unheard=0, not_understood=0, trail=trail)


def _asks(lines: tuple[Line, ...], keys: tuple[str, ...]) -> bool:
    return any(line.key in keys for line in lines)


def _is_guess(pending: Pending | None) -> bool:
    return isinstance(pending, Offered) and pending.is_personal


def _guess_heard(moment: Moment) -> GuessHeard | None:
    """A yes or a no to a guess, or a request of another kind, which is a no."""
    if moment.proven is None:
        return None
    match moment.dialogue.pending, moment.meaning:
        case Offered(event=Event() as event, intent=guessed), Intent(name=name):
            if name in ("affirm", guessed.name):
                return GuessHeard(kind=event.kind, is_right=True)
            is_about_it = name in ("repeat", "hello", "slower", "help", "person", "back")
            return None if is_about_it else GuessHeard(kind=event.kind, is_right=False)
        case _:
            return None
