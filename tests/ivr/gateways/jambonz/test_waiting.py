"""Callers in a queue are told where they stand, and nothing that is not known."""

from typing import Any

import pytest

from ivr.call import Language
from ivr.gateways.jambonz.hook import Hook
from ivr.gateways.jambonz.waiting import waiting
from tests.ivr.gateways.jambonz.rules import checked

GERMAN, ENGLISH = Language.GERMAN, Language.ENGLISH


def said(language: Language, **fields: Any) -> str:
    verbs = checked(waiting(Hook(fields=fields, event="e"), language), is_waiting=True)
    assert [verb["verb"] for verb in verbs] == ["say", "pause"]
    return str(verbs[0]["text"])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"queue_position": -1},
        {"queue_position": "2"},
        {"queue_position": True},
        {"queue_position": 2, "queue_size": 2},
        {"queue_position": 0, "queue_size": 0},
    ],
)
def test_where_the_position_makes_no_sense_none_is_told(fields: dict[str, Any]) -> None:
    assert said(GERMAN, **fields) == "Bitte bleiben Sie am Apparat."
    assert said(ENGLISH, **fields) == "Please stay on the line."


@pytest.mark.parametrize(
    ("position", "german", "english"),
    [
        (0, "Sie sind als Nächstes an der Reihe.", "You are next."),
        (1, "Vor Ihnen wartet noch eine Person.", "There is one person ahead of you."),
        (12, "Vor Ihnen warten noch 12 Personen.", "There are 12 people ahead of you."),
    ],
)
def test_positions_count_from_zero(position: int, german: str, english: str) -> None:
    fields = {"queue_position": position, "queue_size": 20}

    assert said(GERMAN, **fields) == f"{german} Bitte bleiben Sie am Apparat."
    assert said(ENGLISH, **fields) == f"{english} Please stay on the line."
