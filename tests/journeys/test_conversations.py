"""Every conversation of the folder, spoken, heard and answered by real models."""

import re
from collections import Counter

import pytest

from .conversation import Conversation, conversations
from .houses import Houses
from .player import play_conversation
from .recording_booth import Booth

ALL = conversations()


def slug(conversation: Conversation) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", conversation.name.casefold()).strip("-")
    return f"{conversation.business}-{words}"


@pytest.mark.parametrize("conversation", ALL, ids=slug)
def test_a_conversation_goes_as_planned(
    conversation: Conversation, houses: Houses, booth: Booth
) -> None:
    if conversation.awaits:
        pytest.skip(f"Awaits {conversation.awaits}.")
    for _ in range(conversation.attempts):
        with houses.staged_for(conversation) as (house, backend):
            played = play_conversation(conversation, house, booth, backend)
        if not played.surprises:
            break

    assert played.surprises == (), played.transcript


def test_no_two_conversations_have_one_name() -> None:
    assert [name for name, times in Counter(map(slug, ALL)).items() if times > 1] == []


def test_there_are_enough_conversations_in_both_languages() -> None:
    voices = {"emily", "oliver", "angry_oliver", "thomas", "grace", "slow_grace", "english_child"}
    english = [one for one in ALL if one.speaker in voices]

    assert len(ALL) >= 60
    assert len(english) >= 25
    assert len(ALL) - len(english) >= 25


def test_every_speaker_is_known(booth: Booth) -> None:
    named = {turn.speaker or one.speaker for one in ALL for turn in one.turns if turn.says}

    assert named - set(booth.speakers) == set()
