"""The same words have the same outcome, whichever gateway brings them over its real socket.

Some conversations on every run, all of them with RUFWERK_ALL_CONVERSATIONS=1.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any

import pytest

import ivr.step_up
from ivr.call import Language
from ivr.listen.wav import read_wav
from ivr.live.pcm import pcm_of
from ivr.result import Result
from ivr.simulate.caller import Manners
from ivr.simulate.leg import Line, Said
from ivr.simulate.play import STREAMS, TURNS, Plan, new_call_of, play
from ivr.verify.challenge import issue
from ivr.wiring import House

from .conversation import DIGITS, WRONG_DIGITS, Conversation, TurnScript, conversations
from .houses import Houses, open_to_gateways
from .player import DIGIT_WORDS
from .recording_booth import Booth

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

_ON_EVERY_RUN = frozenset({"the guess is right", "the PIN instead of digits"})
"""One where sentences are enough, and one with keys, a PIN and a business system."""

_STREAMED_OTHERWISE = {
    "a card is blocked and a statement ordered in one sentence": "a pause between two sentences",
    "another card number after all": "a pause behind the first word",
    "a power cut is announced first": "a pause behind a yes, which alone is heard as English",
    "an IBAN with one wrong digit": "another digit is misheard",
    "nothing that a bank does, then something that it does": "what is wanted is heard less surely",
    "the right digits in a strange voice": "the voice is judged by some more sound",
    "where is my parcel": "the voice is judged by some more sound",
    "yes to a greeting is no request": "a yes alone is heard as English",
}
"""A stream ends a turn at a pause where a recording goes on, and keeps other quiet around it."""

_BY_TURNS = tuple(via for via in TURNS if via != "vosk")

_DRAWN = "47192"
"""The digits that are asked for, every time, so that they can be spoken beforehand."""

_OTHERS = "58203"


def _chosen() -> tuple[Conversation, ...]:
    able = tuple(one for one in conversations() if not one.awaits)
    if os.environ.get("RUFWERK_ALL_CONVERSATIONS"):
        return able
    return tuple(one for one in able if one.name in _ON_EVERY_RUN)


CHOSEN = _chosen()
conversation_ids = pytest.mark.parametrize("conversation", CHOSEN, ids=lambda one: one.name)


@dataclass(frozen=True)
class Outcome:
    """What a turn led to, as a caller notices it."""

    intent: str | None
    decision: str
    action: str
    prompt: str
    queue: str | None


@dataclass(frozen=True)
class Came:
    """What a call led to."""

    turns: tuple[Outcome, ...]
    done: tuple[tuple[Any, ...], ...] = ()
    """What was done in the business system: action and customer."""


Call = Callable[[str, Conversation], Came]


@pytest.fixture(scope="module", autouse=True)
def drawn() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        digits = cycle(_DRAWN)
        patch.setattr(ivr.step_up, "issue", partial(issue, draw=lambda _: next(digits)))
        yield


@pytest.fixture(scope="module")
def called(houses: Houses, booth: Booth) -> Call:
    """Plays a conversation over one of the ways, once."""
    came: dict[tuple[str, str], Came] = {}

    def call(via: str, conversation: Conversation) -> Came:
        key = (via, conversation.name)
        if key not in came:
            came[key] = _came(via, conversation, houses, booth)
        return came[key]

    return call


def _came(via: str, conversation: Conversation, houses: Houses, booth: Booth) -> Came:
    with (
        houses.staged_for(conversation) as (house, backend),
        open_to_gateways(house) as ground,
    ):
        line = Line(
            call_id=new_call_of(via),
            number=conversation.number,
            language=conversation.language or "",
        )
        turns = [_said(house, booth, conversation, script) for script in conversation.turns]
        plan = Plan(via=via, line=line, manners=Manners(is_fast=True))
        played = play(ground, turns, plan)
        done = backend.done() if backend else []
    return Came(
        turns=tuple(_outcome(result) for result in played.results),
        done=tuple((entry["action"], entry["customer"]) for entry in done),
    )


def _said(house: House, booth: Booth, conversation: Conversation, script: TurnScript) -> Said:
    if script.keys:
        return Said(title="keys", keys=script.keys)
    speaker = script.speaker or conversation.speaker
    audio = (
        booth.sound(script.sound)
        if script.sound
        else booth.speech(_words(conversation, script), speaker, script.line or conversation.line)
    )
    sound = read_wav(audio, house.settings.listen)
    return Said(title=script.says, pcm=pcm_of(sound), speech_end_ms=sound.duration_ms)


def _words(conversation: Conversation, script: TurnScript) -> str:
    """With the digits that are asked for, or others."""
    words = DIGIT_WORDS[Language(conversation.language or Language.GERMAN)]
    asked, others = (", ".join(words[int(one)] for one in row) for row in (_DRAWN, _OTHERS))
    return script.says.replace(DIGITS, asked).replace(WRONG_DIGITS, others)


def _outcome(result: Result) -> Outcome:
    return Outcome(
        intent=result.intent.name,
        decision=result.verification.decision,
        action=result.action.type,
        prompt=result.action.prompt,
        queue=result.action.queue,
    )


FIRST, *OTHERS = STREAMS


@pytest.mark.parametrize("via", OTHERS)
@conversation_ids
def test_streams_of_every_gateway_have_the_same_outcome(
    called: Call, conversation: Conversation, via: str
) -> None:
    expected = called(FIRST, conversation)

    assert len(expected.turns) >= 1
    assert called(via, conversation) == expected


@pytest.mark.parametrize("via", [via for via in _BY_TURNS if via != "rest"])
@conversation_ids
def test_turns_of_every_gateway_have_the_same_outcome(
    called: Call, conversation: Conversation, via: str
) -> None:
    expected = called("rest", conversation)

    assert len(expected.turns) >= 1
    assert called(via, conversation) == expected


@conversation_ids
def test_a_stream_has_the_same_outcome_as_recordings(
    called: Call, conversation: Conversation
) -> None:
    """Where turns are cut elsewhere, what was wanted first must not depend on it."""
    streamed, recorded = called(FIRST, conversation), called("rest", conversation)

    assert streamed.turns[0].intent == recorded.turns[0].intent
    if conversation.name not in _STREAMED_OTHERWISE:
        assert streamed == recorded


def test_conversations_that_are_named_are_there() -> None:
    assert {one.name for one in conversations()} >= _ON_EVERY_RUN | set(_STREAMED_OTHERWISE)
