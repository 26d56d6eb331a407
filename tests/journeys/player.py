"""Plays conversations through a house, and says in words what did not go as planned."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from ivr.call import CallerNumber, Language
from ivr.errors import CallProblem
from ivr.result import Result, new_call_id
from ivr.turn import Answer, Turn
from ivr.verify.challenge import Challenge

from .conversation import DIGITS, WRONG_DIGITS, Conversation, Expectation, TurnScript
from .recording_booth import Booth

_BETWEEN_TURNS = timedelta(seconds=15)

_PATIENCE = 3
"""So often a caller does again what the machine asks for."""

_PLACE = re.compile(r"\{\w+\}")

DIGIT_WORDS = {
    Language.GERMAN: (
        *("null", "eins", "zwei", "drei", "vier"),
        *("fünf", "sechs", "sieben", "acht", "neun"),
    ),
    Language.ENGLISH: (
        *("zero", "one", "two", "three", "four"),
        *("five", "six", "seven", "eight", "nine"),
    ),
}


class Switchboard(Protocol):
    """Takes turns."""

    def take(self, turn: Turn, *, now: datetime) -> Answer: ...


class House(Protocol):
    """Where calls come in."""

    @property
    def switchboard(self) -> Switchboard: ...
    def read_number(self, caller_id: str | None) -> CallerNumber: ...


class BackEnd(Protocol):
    """What was done in the business system since it was last asked."""

    def done(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class PlayedTurn:
    """One turn as it went."""

    said: str
    result: Result | None = None
    error: str = ""

    def __str__(self) -> str:
        if self.result is None:
            return f"caller: {self.said}\n    {self.error}"
        heard, intent, action = self.result.transcript, self.result.intent, self.result.action
        return "\n".join(
            [
                f"caller: {self.said}",
                f"    heard ({heard.language}, {heard.confidence}): {heard.text}",
                f"    understood: {intent.name} {intent.confidence} {intent.slots}",
                f"    voice: {self.result.verification.decision}",
                f"    because: {'; '.join(self.result.reasons)}",
                f"machine, {action.type} {action.queue or ''}: {action.prompt}",
            ]
        )


@dataclass(frozen=True)
class Played:
    """A conversation as it went."""

    turns: tuple[PlayedTurn, ...]
    surprises: tuple[str, ...]

    @property
    def transcript(self) -> str:
        told = [str(turn) for turn in self.turns]
        return "\n".join(["", *told, "", *(f"SURPRISE {one}" for one in self.surprises)])


def play_conversation(
    conversation: Conversation, house: House, booth: Booth, backend: BackEnd | None = None
) -> Played:
    """One call, turn after turn; a call that ended early is a surprise."""
    call = _Call(conversation, house, booth)
    turns: list[PlayedTurn] = []
    surprises: list[str] = []
    for place, script in enumerate(conversation.turns, start=1):
        played = call.turn(script)
        turns.append(played)
        for _ in range(_PATIENCE):
            if not surprises_of(script.expect, played) or not call.is_asked_again(script, played):
                break
            played = call.turn(call.once_more(script))
            turns.append(played)
        surprises += [f"turn {place}: {one}" for one in surprises_of(script.expect, played)]
        if played.result is None:
            break
    if conversation.done is not None:
        surprises += _not_done(conversation.done, backend.done() if backend else [])
    return Played(turns=tuple(turns), surprises=tuple(surprises))


class _Call:
    def __init__(self, conversation: Conversation, house: House, booth: Booth) -> None:
        self.conversation, self.house, self.booth = conversation, house, booth
        self.id, self.now = new_call_id(), datetime.now(UTC)
        self.number = house.read_number(conversation.number)
        self.challenge: Challenge | None = None

    def turn(self, script: TurnScript) -> PlayedTurn:
        self.now += _BETWEEN_TURNS
        if self.challenge is None and {DIGITS, WRONG_DIGITS} & set(_PLACE.findall(script.says)):
            return PlayedTurn(said=script.says, error="no digits were asked for")
        said = self._said(script)
        language = self.conversation.language
        turn = Turn(
            call_id=self.id,
            number=self.number,
            audio=self._audio(script, said),
            language=Language(language) if language else None,
            source="trunk",
            **({"keys": script.keys} if script.keys else {}),
        )
        shown = said or script.sound or f"types {script.keys}"
        try:
            answer = self.house.switchboard.take(turn, now=self.now)
        except CallProblem as err:
            return PlayedTurn(said=shown, error=f"{err.code}: {err.sentence}")
        self.challenge = answer.so_far.challenge
        return PlayedTurn(said=shown, result=answer.result)

    def is_asked_again(self, script: TurnScript, played: PlayedTurn) -> bool:
        """Digits were not heard well, or were too little speech to know a voice by."""
        is_asked = played.result is not None and played.result.action.type == "ask"
        return DIGITS in script.says and is_asked

    def once_more(self, script: TurnScript) -> TurnScript:
        """The digits that are asked for now; where none are, the wish again, for its length."""
        return script if self.challenge else self.conversation.turns[0]

    def _said(self, script: TurnScript) -> str:
        """With the digits that were asked for, or others."""
        if self.challenge is None:
            return script.says
        words = DIGIT_WORDS[self.challenge.language]
        asked = [int(digit) for digit in self.challenge.digits]
        other = [(digit + 1 + secrets.randbelow(8)) % 10 for digit in asked]
        return script.says.replace(DIGITS, ", ".join(words[digit] for digit in asked)).replace(
            WRONG_DIGITS, ", ".join(words[digit] for digit in other)
        )

    def _audio(self, script: TurnScript, said: str) -> bytes:
        if script.keys:
            return b""
        if script.sound:
            return self.booth.sound(script.sound)
        speaker = script.speaker or self.conversation.speaker
        return self.booth.speech(said, speaker, script.line or self.conversation.line)


def surprises_of(expected: Expectation, played: PlayedTurn) -> list[str]:
    result = played.result
    if result is None:
        return [f"no answer, {played.error}"]
    found = [
        *_one_of("intent", expected.intents or expected.intent, result.intent.name),
        *_one_of("action", expected.actions or expected.action, result.action.type),
        *_one_of("queue", expected.queue, result.action.queue),
        *_one_of("priority", expected.priority, result.action.priority),
        *_one_of("language", expected.language, result.transcript.language),
        *_one_of("verification", expected.decision or None, result.verification.decision),
    ]
    for name, value in expected.slots.items():
        found += _one_of(f"slot {name}", value, result.intent.slots.get(name))
    prompt, reasons = result.action.prompt, "; ".join(result.reasons)
    found += [f"the prompt lacks: {words}" for words in expected.says if words not in prompt]
    found += [f"the prompt holds: {words}" for words in expected.never_says if words in prompt]
    return found + [f"no reason is: {part}" for part in expected.reasons if part not in reasons]


def _one_of(what: str, wanted: object, found: object) -> list[str]:
    allowed = wanted if isinstance(wanted, list) else [wanted]
    if wanted is None or found in allowed:
        return []
    return [f"{what}: expected {' or '.join(map(str, allowed))}, found {found}"]


def _not_done(wanted: list[dict[str, Any]], done: list[Mapping[str, Any]]) -> list[str]:
    """Entries that are missing, and entries too many."""
    left = list(done)
    surprises = []
    for entry in wanted:
        fitting = [one for one in left if entry.items() <= one.items()]
        if fitting:
            left.remove(fitting[0])
        else:
            surprises.append(f"not done: {entry}")
    return surprises + [f"done unasked: {dict(one)}" for one in left]
