"""Text and sound of frames; whatever else comes is nothing."""

from typing import Any

import pytest

from ivr.gateways.jambonz.frames import MOST_BYTES, sound_of, text_of, told


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None},
        {"text": ""},
        {"text": "{"},
        {"text": "[]"},
        {"text": "5"},
        {"text": "[" * 50_000},
        {"text": '{"a": "' + "b" * MOST_BYTES + '"}'},
        {"bytes": b"{}"},
    ],
)
def test_what_is_no_object_tells_nothing(message: dict[str, Any]) -> None:
    assert told(message) == {}


def test_an_object_is_told() -> None:
    fields = told({"text": '{"dtmf": "5", "duration": 1600}'})

    assert (text_of(fields, "dtmf"), text_of(fields, "duration")) == ("5", "")
    assert text_of(fields, "other") == ""


@pytest.mark.parametrize(
    "message", [{}, {"text": "{}"}, {"bytes": None}, {"bytes": bytes(MOST_BYTES + 1)}]
)
def test_where_no_sound_is_there_is_none(message: dict[str, Any]) -> None:
    assert sound_of(message) == b""


def test_sound_is_sound() -> None:
    assert sound_of({"bytes": bytes(MOST_BYTES)}) == bytes(MOST_BYTES)
