"""The text messages of Asterisk's chan_websocket: JSON where the dialplan says f(json), else words.

Source: asterisk, channels/chan_websocket.c. JSON came with 20.18, 22.8 and 23.2; plain words are
the default of all versions, tell no variables, and are deprecated.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from ivr.gateways.sound import Coding

FORMATS: Mapping[str, tuple[Coding, int]] = MappingProxyType(
    {
        "ulaw": ("mulaw", 8_000),
        "alaw": ("alaw", 8_000),
        "slin": ("pcm16", 8_000),
        "slin12": ("pcm16", 12_000),
        "slin16": ("pcm16", 16_000),
        "slin24": ("pcm16", 24_000),
        "slin32": ("pcm16", 32_000),
        "slin44": ("pcm16", 44_100),
        "slin48": ("pcm16", 48_000),
        "slin96": ("pcm16", 96_000),
        "slin192": ("pcm16", 192_000),
    }
)
"""Formats that can be sent in pieces of 20 ms: coding and Hz, by Asterisk's names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """MEDIA_START: what the sound is, and what is told of the call."""

    format: str
    channel_id: str
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the channel, without the underscores that make Asterisk pass them on."""

    is_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """DTMF_END."""

    key: str = field(repr=False)


class Flow(StrEnum):
    """What is said of Asterisk's queue of frames to play."""

    FULL = "MEDIA_XOFF"
    READY = "MEDIA_XON"
    DRAINED = "QUEUE_DRAINED"


Event = Started | Pressed | Flow


class Command(StrEnum):
    """What Asterisk is told."""

    FLUSH = "FLUSH_MEDIA"
    REPORT_DRAINED = "REPORT_QUEUE_DRAINED"
    HANG_UP = "HANGUP"


def read_event(text: str) -> Event | None:
    """None where it is nothing that concerns a call, or cannot be read."""
    if not text.startswith("{"):
        name, *rest = text.split()[:32] or [""]
        return _event(name, _pairs(rest), {}, is_json=False)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    variables = told.get("channel_variables")
    return _event(
        _text(told.get("event")),
        {name: _text(value) for name, value in told.items()},
        variables if isinstance(variables, dict) else {},
        is_json=True,
    )


def write_command(command: Command, *, is_json: bool) -> str:
    """As Asterisk was told to expect it."""
    return json.dumps({"command": command.value}) if is_json else command.value


def _event(
    name: str, fields: Mapping[str, str], variables: Mapping[str, object], *, is_json: bool
) -> Event | None:
    if name == "MEDIA_START":
        return Started(
            format=fields.get("format", ""),
            channel_id=fields.get("channel_id", ""),
            variables={key.lstrip("_"): _text(value) for key, value in variables.items()},
            is_json=is_json,
        )
    if name == "DTMF_END":
        return Pressed(key=fields.get("digit", ""))
    return Flow(name) if name in set(Flow) else None


def _pairs(words: list[str]) -> dict[str, str]:
    """`format:ulaw ptime:20`; values may hold colons, names do not."""
    return {name: value for name, _, value in (word.partition(":") for word in words)}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
