"""A call between two turns, as another worker goes on with it."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from biometrics import (
    Candidate,
    Comparison,
    Flaw,
    Outcome,
    Poor,
    Review,
    ReviewStatus,
    Sign,
    Span,
    Speech,
    Standing,
    StoreUnavailable,
    Verdict,
    Watched,
    Waveform,
)
from ivr import call, errand, result
from ivr.call import Action, Ask, CallerNumber, CallId, HangUp, Queue, Say, Transfer
from ivr.calls import Ended
from ivr.decide import dialogue
from ivr.decide.dialogue import Dialogue
from ivr.decide.guess import Answers, History
from ivr.decide.moment import Decision, GuessHeard, Moment, TroubleHeard
from ivr.findings import NO_SOUND
from ivr.result import ActionPart, Result
from ivr.sending import Sending
from ivr.sharing.codec import Codec, NotReadable
from ivr.story import Story, Told, told_of
from ivr.turn import Answer, SoFar, Turn
from ivr.understand.baseline import Baseline
from ivr.verify.challenge import Challenge
from ivr.verify.evidence import Evidence

_VERSION = 1
"""Of what is written. Workers of different versions leave each other's calls alone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptCall:
    """Everything that the next turn needs, and whoever is told of the call afterwards."""

    version: int = _VERSION
    name: str
    """Drawn when the call begins; its record is known by it, so that there is one."""

    call_id: CallId
    number: CallerNumber
    gateway: str = ""
    began_at: datetime
    heard_at: datetime
    so_far: SoFar = field(default_factory=SoFar)
    results: tuple[Result, ...] = ()
    told: tuple[Told, ...] = ()
    """Until the call is over and was written down."""

    prompt: Waveform | None = None
    """What was said last, where the gateway may fetch it or ask again; 8 kHz."""

    event: str = ""
    """Of the turn that was answered last: the same turn, sent again, gets the same answer."""

    is_streamed: bool = False
    """The line is to one worker, and breaks with it."""

    is_handed_on: bool = False
    """A person was told, and a place in the queue kept."""

    @property
    def is_over(self) -> bool:
        return self.so_far.dialogue.is_over

    @property
    def goes_to_people(self) -> bool:
        return bool(self.results) and self.results[-1].action.type in ("queue", "transfer")


def begun(turn: Turn, now: datetime) -> KeptCall:
    """Before anything of its first turn was heard."""
    return KeptCall(
        name=secrets.token_urlsafe(12),
        call_id=turn.call_id,
        number=turn.number,
        gateway=turn.gateway,
        began_at=turn.began_at or now,
        heard_at=now,
        is_streamed=turn.may_answer_in_parts,
    )


def after(kept: KeptCall, turn: Turn, answer: Answer, now: datetime) -> KeptCall:
    """With one turn more. A prompt that is played over the line need not be kept."""
    return replace(
        kept,
        heard_at=now,
        so_far=replace(answer.so_far, nonce=kept.so_far.nonce),
        results=(*kept.results, answer.result),
        told=(*kept.told, shortened(told_of(answer, now))),
        prompt=None if kept.is_streamed or answer.rest else answer.sound,
        event=turn.event,
    )


def concluded(kept: KeptCall) -> KeptCall:
    """Nobody needs the voice and the conversation of a call that is over and written down."""
    so_far = SoFar(dialogue=Dialogue(is_over=True), spoken_in=kept.so_far.spoken_in)
    return replace(kept, so_far=so_far, told=(), is_handed_on=True)


def ended_of(kept: KeptCall) -> Ended:
    """Of a call that is over."""
    return Ended(result=kept.results[-1], language=kept.so_far.spoken_in)


def again(kept: KeptCall) -> Answer:
    """The answer that was given already."""
    result = kept.results[-1]
    return Answer(
        result=result,
        sound=kept.prompt or NO_SOUND,
        action=_action(result.action),
        so_far=kept.so_far,
    )


def story_of(kept: KeptCall) -> Story:
    """The call as those are told of it who write it down or take it."""
    return Story(
        name=kept.name,
        call_id=kept.call_id,
        number=kept.number,
        gateway=kept.gateway,
        began_at=kept.began_at,
        turns=kept.told,
        dialogue=kept.so_far.dialogue,
    )


def shortened(told: Told) -> Told:
    """Without what only the turn itself needed: the call so far is kept once, not by the turn."""
    moment, decision = told.moment, told.decision
    if moment is not None:
        before = moment.dialogue
        kept = Dialogue(has_repeated=before.has_repeated, has_signs=before.has_signs)
        moment = replace(moment, dialogue=kept, history=History(), trouble=None, read={}, keys="")
    if decision is not None:
        decision = replace(decision, dialogue=Dialogue(), errand=None, sending=None)
    return replace(told, moment=moment, decision=decision)


def _action(part: ActionPart) -> Action:
    """What the gateway was told to do; what is said with it was said."""
    queue, priority = part.queue or "", part.priority or 0
    match part.type:
        case "say":
            return Say(lines=())
        case "ask":
            return Ask(lines=())
        case "queue":
            return Queue(lines=(), queue=queue, priority=priority)
        case "transfer":
            return Transfer(lines=(), queue=queue, priority=priority)
        case "hangup":
            return HangUp(lines=())
        case other:
            assert_never(other)


class WrittenCalls:
    """Calls as bytes, and back."""

    def write(self, call_id: CallId, kept: KeptCall) -> bytes:
        del call_id  # it is in the call
        return _CODEC.write(kept)

    def read(self, data: bytes) -> tuple[CallId, KeptCall]:
        """Raises StoreUnavailable where another version wrote it."""
        try:
            kept = _CODEC.read(data)
        except NotReadable as err:
            raise StoreUnavailable("The call was kept by another version.") from err
        if not isinstance(kept, KeptCall) or kept.version != _VERSION:
            raise StoreUnavailable("The call was kept by another version.")
        return kept.call_id, kept


_CODEC = Codec(
    (
        KeptCall,
        *(SoFar, Told, Evidence, Challenge, Baseline, Sending),
        *(Verdict, Outcome, Comparison, Poor, Flaw, Sign, Standing, Speech, Span, Waveform),
        *(Watched, Review, ReviewStatus, Candidate),
        *(call.PhoneNumber, call.Withheld, call.Malformed, call.Language),
        *(call.Caller, call.Unknown, call.Event, call.Transcript, call.Unheard),
        *(call.Intent, call.Unsure, call.OutOfScope, call.Several, call.Mood, call.Assurance),
        *(call.Pinned, call.Repeated, call.SlotProblem),
        *(call.Line, call.Say, call.Ask, call.Queue, call.Transfer, call.HangUp),
        *(errand.Errand, errand.Step, errand.Option, errand.Thread, errand.PageKind),
        *(dialogue.Dialogue, dialogue.Question, dialogue.Offered, dialogue.Choosing),
        *(dialogue.Proving, dialogue.Repeating, dialogue.Typing, dialogue.Filling),
        *(dialogue.Confirming, dialogue.Picking, dialogue.Menu, dialogue.Troubled),
        *(dialogue.AnythingElse, dialogue.Rating),
        *(Moment, Decision, GuessHeard, TroubleHeard, History, Answers),
        *(result.Result, result.CallerPart, result.VerificationPart, result.TranscriptPart),
        *(result.IntentPart, result.ActionPart, result.TimingsPart),
    )
)
