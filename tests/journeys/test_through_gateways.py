"""The same words have the same outcome, whichever gateway brings them over its real socket.

Some conversations on every run, all of them with RUFWERK_ALL_CONVERSATIONS=1.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ivr.listen.wav import read_wav
from ivr.live.pcm import pcm_of
from ivr.simulate.caller import Manners
from ivr.simulate.ground import Ground, open_for_all
from ivr.simulate.leg import Line, Said
from ivr.simulate.play import STREAMS, TURNS, Plan, Played, new_call_of, play
from ivr.wiring import House

from .conversation import DIGITS, WRONG_DIGITS, Conversation, conversations
from .houses import Houses, forget_guesses
from .recording_booth import Booth

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

_SAMPLE = 2
_BY_TURNS = tuple(via for via in TURNS if via != "vosk")


def _can_be_played(one: Conversation) -> bool:
    """Digits are drawn anew each time, and what is done in a back end is done once."""
    has_digits = any({DIGITS, WRONG_DIGITS} & set(turn.says.split()) for turn in one.turns)
    is_plain = one.backend == "none" and not one.incident and not one.pin and not one.awaits
    return is_plain and not has_digits and not any(DIGITS in turn.says for turn in one.turns)


def _chosen() -> tuple[Conversation, ...]:
    able = tuple(one for one in conversations() if _can_be_played(one))
    if os.environ.get("RUFWERK_ALL_CONVERSATIONS"):
        return able
    several = [one for one in able if len(one.turns) > 1]
    return tuple(several[:: max(len(several) // _SAMPLE, 1)][:_SAMPLE])


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


Call = Callable[[str, Conversation], list[Outcome]]


@pytest.fixture(scope="module")
def called(houses: Houses, booth: Booth) -> Call:
    """Plays a conversation over one of the ways, once."""
    played: dict[tuple[str, str], list[Outcome]] = {}

    def call(via: str, conversation: Conversation) -> list[Outcome]:
        key = (via, conversation.name)
        if key not in played:
            played[key] = _outcomes(_played(via, conversation, houses, booth))
        return played[key]

    return call


def _played(via: str, conversation: Conversation, houses: Houses, booth: Booth) -> Played:
    with houses.staged_for(conversation) as (base, _):
        settings, door = open_for_all(base.settings, is_fast=True)
        house = House(settings)
        house.words = base.words
        forget_guesses(house)
        line = Line(
            call_id=new_call_of(via),
            number=conversation.number,
            language=conversation.language or "",
        )
        turns = [
            _said(base, booth, conversation, place) for place in range(len(conversation.turns))
        ]
        plan = Plan(via=via, line=line, manners=Manners(is_fast=True))
        try:
            return play(Ground(house=house, door=door), turns, plan)
        finally:
            house.close()


def _said(house: House, booth: Booth, conversation: Conversation, place: int) -> Said:
    script = conversation.turns[place]
    if script.keys:
        return Said(title="keys", keys=script.keys)
    audio = (
        booth.sound(script.sound)
        if script.sound
        else booth.speech(
            script.says,
            script.speaker or conversation.speaker,
            script.line or conversation.line,
        )
    )
    sound = read_wav(audio, house.settings.listen)
    return Said(title=script.says, pcm=pcm_of(sound), speech_end_ms=sound.duration_ms)


def _outcomes(played: Played) -> list[Outcome]:
    return [
        Outcome(
            intent=result.intent.name,
            decision=result.verification.decision,
            action=result.action.type,
            prompt=result.action.prompt,
            queue=result.action.queue,
        )
        for result in played.results
    ]


FIRST, *OTHERS = STREAMS


@pytest.mark.parametrize("via", OTHERS)
@conversation_ids
def test_streams_of_every_gateway_have_the_same_outcome(
    called: Call, conversation: Conversation, via: str
) -> None:
    expected = called(FIRST, conversation)

    assert len(expected) >= 1
    assert called(via, conversation) == expected


@pytest.mark.parametrize("via", [via for via in _BY_TURNS if via != "rest"])
@conversation_ids
def test_turns_of_every_gateway_have_the_same_outcome(
    called: Call, conversation: Conversation, via: str
) -> None:
    expected = called("rest", conversation)

    assert len(expected) >= 1
    assert called(via, conversation) == expected


@conversation_ids
def test_a_stream_is_understood_like_recordings(called: Call, conversation: Conversation) -> None:
    """Turns may be cut elsewhere; what was wanted first must not depend on it."""
    assert called(FIRST, conversation)[0].intent == called("rest", conversation)[0].intent
