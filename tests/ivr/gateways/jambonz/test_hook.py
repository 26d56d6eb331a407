"""Webhooks of every version are read, and none is counted on."""

import json
from typing import Any

import pytest

from ivr.call import CallId, Language
from ivr.errors import BadCallId
from ivr.gateways.jambonz.hook import Hook, language_of, read_hook
from ivr.live.reception import Message
from ivr.live.wire import Incoming


def hook(fields: Any = None, **query: str) -> Hook:
    return read_hook(json.dumps(fields).encode(), "t=1,v1=00", query)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"call_sid"', b"\xff\xfe", b"[" * 100_000, b"{}"]
)
def test_what_tells_no_call_is_no_call(body: bytes) -> None:
    read = read_hook(body, "t=1,v1=00", {})

    assert read.call_id is None
    with pytest.raises(BadCallId):
        read.incoming()


@pytest.mark.parametrize("sid", [None, 17, "", "a b", "a/b", "x" * 129, ["c1"], {"c1": 1}])
def test_a_call_of_an_odd_id_is_no_call(sid: object) -> None:
    assert hook({"call_sid": sid}).call_id is None


def test_a_call_is_told_with_what_there_is() -> None:
    fields = {"call_sid": "c1", "from": "+4989123456", "originating_sip_trunk_name": "acme"}

    assert hook({"call_sid": "c1"}).incoming() == Incoming(
        call_id=CallId("c1"), caller_id="", source="jambonz", gateway="jambonz"
    )
    assert hook(fields, lang="de-DE").incoming() == Incoming(
        call_id=CallId("c1"),
        caller_id="+4989123456",
        language=Language.GERMAN,
        source="acme",
        gateway="jambonz",
    )


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", Language.GERMAN),
        ("de-AT", Language.GERMAN),
        ("EN_gb", Language.ENGLISH),
        ("fr-FR", None),
        ("", None),
    ],
)
def test_languages_are_read_by_their_first_part(tag: str, language: Language | None) -> None:
    assert language_of(tag) is language


def speech(*alternatives: Any) -> dict[str, Any]:
    return {"reason": "speechDetected", "speech": {"alternatives": list(alternatives)}}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, Message()),
        ({"reason": "timeout"}, Message()),
        ({"reason": "error", "details": {"msg": "quota"}}, Message()),
        ({"reason": "speechDetected"}, Message()),
        ({"reason": "speechDetected", "speech": "ja"}, Message()),
        (speech(), Message()),
        (speech({"confidence": 0.5}), Message()),
        (speech({"transcript": 5, "confidence": 0.5}), Message()),
        (speech({"transcript": "ja"}), Message(said="ja")),
        (speech({"transcript": "ja", "confidence": "high"}), Message(said="ja")),
        (speech({"transcript": "ja", "confidence": float("nan")}), Message(said="ja")),
        (speech({"transcript": "ja", "confidence": 98}), Message(said="ja")),
        (speech({"transcript": "ja", "confidence": -1}), Message(said="ja", confidence=0.0)),
        (
            speech({"transcript": "ja", "confidence": 0.7}, {"transcript": "nein"}),
            Message(said="ja", confidence=0.7),
        ),
        (
            speech({"transcript": "ja", "confidence": 0.2}) | {"reason": "stt-low-confidence"},
            Message(said="ja", confidence=0.2),
        ),
        ({"reason": "dtmfDetected", "digits": "12*#"}, Message(keys="12*#")),
        ({"reason": "dtmfDetected", "digits": "1A2"}, Message(keys="12")),
        ({"reason": "dtmfDetected", "digits": "7" * 99}, Message(keys="7" * 32)),
        ({"reason": "dtmfDetected", "digits": ""}, Message(keys="#")),
        ({"reason": "dtmfDetected"}, Message(keys="#")),
    ],
)
def test_what_a_gather_brings_is_words_keys_or_silence(
    fields: dict[str, Any], message: Message
) -> None:
    assert hook(fields).message() == message


def test_an_event_is_known_by_its_verb_or_else_by_its_signature() -> None:
    body = b'{"call_sid":"c1","reason":"timeout"}'
    ours = b'{"call_sid":"c1","verb_id":"v1"}'

    assert read_hook(ours, "t=1,v1=aa", {}).event == read_hook(ours, "t=2,v1=bb", {}).event == "v1"
    assert read_hook(body, "t=1,v1=aa", {}).event == read_hook(body, "t=1,v1=aa", {}).event
    assert read_hook(body, "t=1,v1=aa", {}).event != read_hook(body, "t=2,v1=bb", {}).event


def test_numbers_are_whole_numbers() -> None:
    read = hook({"a": 3, "b": True, "c": "3", "d": 3.5})

    assert [read.number(name) for name in "abcde"] == [3, None, None, None, None]


def test_nothing_of_the_caller_is_shown() -> None:
    assert "4989" not in repr(hook({"call_sid": "c1", "from": "+4989123456"}))
