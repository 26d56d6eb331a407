"""What jambonz accepts, of the verbs that we send: every document of every test is held against it.

Stricter than jambonz itself, which ignores keys that it does not know; we send none of those.
Rules from jambonz/schema, verbs/ and components/, and from what the verbs do with their data in
jambonz-feature-server, lib/tasks/.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

Rule = Callable[[Any], bool]

WAITING = frozenset({"play", "say", "pause", "leave", "tag"})
"""What may be done while somebody waits; anything else ends the asking."""


def _text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _url(*schemes: str) -> Rule:
    def is_url(value: Any) -> bool:
        parts = urlsplit(value)
        is_relative = not parts.scheme and not parts.netloc and parts.path.startswith("/")
        return is_relative or (parts.scheme in schemes and bool(parts.netloc))

    return is_url


def _one_of(*values: object) -> Rule:
    return lambda value: value in values


def _object(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    known = {**required, **(optional or {})}

    def fits(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and set(required) <= set(value) <= set(known)
            and all(known[name](held) for name, held in value.items())
        )

    return fits


def _list(rule: Rule) -> Rule:
    return lambda value: isinstance(value, list) and value != [] and all(map(rule, value))


def _headers(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _text(name) and _text(held) for name, held in value.items()
    )


def _priority(value: Any) -> bool:
    """The queue takes less than one for 999."""
    return isinstance(value, int) and 1 <= value <= 999


_HOOK = _url("http", "https")
_SAY = ({"text": _text}, {"disableTtsCache": _flag})
_PLAY = ({"url": _HOOK}, {})
_AUTH = _object({"username": _text, "password": _text})
_TARGET = _object({"type": _one_of("phone"), "number": lambda value: value.startswith("+")})

_VERBS: dict[str, Rule] = {
    "say": _object({"verb": _text, **_SAY[0]}, _SAY[1]),
    "play": _object({"verb": _text, **_PLAY[0]}),
    "pause": _object({"verb": _text, "length": _number}),
    "hangup": _object({"verb": _text}),
    "tag": _object({"verb": _text, "data": lambda value: isinstance(value, dict)}),
    "enqueue": _object(
        {
            "verb": _text,
            "name": _text,
            "priority": _priority,
            "waitHook": _HOOK,
            "actionHook": _HOOK,
        }
    ),
    "sip:refer": _object(
        {"verb": _text, "referTo": _text, "actionHook": _HOOK}, {"headers": _headers}
    ),
    "dial": _object(
        {"verb": _text, "target": _list(_TARGET), "actionHook": _HOOK},
        {"headers": _headers, "confirmHook": _HOOK},
    ),
    "listen": _object(
        {
            "verb": _text,
            "url": _url("ws", "wss"),
            "actionHook": _HOOK,
            "sampleRate": _one_of(8_000, 16_000, 24_000, 48_000, 64_000),
            "bidirectionalAudio": _object(
                {"enabled": _flag, "streaming": _flag, "sampleRate": _number}
            ),
            "wsAuth": _AUTH,
            "metadata": lambda value: isinstance(value, dict),
        },
        {"mixType": _one_of("mono", "stereo", "mixed"), "passDtmf": _flag},
    ),
    "gather": _object(
        {
            "verb": _text,
            "id": _text,
            "input": _list(_one_of("speech", "digits")),
            "actionHook": _HOOK,
            "timeout": lambda value: _number(value) and value > 0,
        },
        {
            "bargein": _flag,
            "dtmfBargein": _flag,
            "listenDuringPrompt": _flag,
            "minBargeinWordCount": _number,
            "recognizer": _object({"vendor": _text, "language": _text}, {"hints": _list(_text)}),
            "numDigits": _number,
            "maxDigits": _number,
            "finishOnKey": _one_of("#", "*"),
            "interDigitTimeout": _number,
            "say": _object(*_SAY),
            "play": _object(*_PLAY),
        },
    ),
}

LAST = frozenset({"hangup", "enqueue", "sip:refer", "dial"})
"""What a document ends with: behind everything else jambonz would hang up by itself."""


def checked(document: Any, *, is_waiting: bool = False) -> list[dict[str, Any]]:
    """The document, if jambonz would do all of it.

    Raises:
        AssertionError: it would not.
    """
    assert isinstance(document, list)
    assert document, "an empty answer ends the call, or the asking"
    for verb in document:
        assert verb.get("verb") in _VERBS, verb
        assert _VERBS[verb["verb"]](verb), verb
        assert not ("say" in verb and "play" in verb), verb
    if is_waiting:
        assert {verb["verb"] for verb in document} <= WAITING
    else:
        assert document[-1]["verb"] in LAST
    return document


def confirmed(document: Any) -> list[dict[str, Any]]:
    """What a confirm hook answers, if who was called would be connected after it.

    Nothing at all connects at once; a verb that leads elsewhere declines the caller. Source:
    jambonz-feature-server, lib/utils/place-outdial.js.

    Raises:
        AssertionError: they would not.
    """
    assert isinstance(document, list)
    for verb in document:
        assert verb.get("verb") in {"play", "say", "pause"}, verb
        assert _VERBS[verb["verb"]](verb), verb
    return document
