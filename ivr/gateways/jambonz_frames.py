"""Text frames of jambonz' WebSockets: one JSON object each."""

import json
from collections.abc import Mapping
from typing import Any

MOST_BYTES = 64 * 1024
"""Of a frame, text or binary; what is longer is left out."""


def told(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an ASGI message tells; nothing where it is no text, or holds no JSON object."""
    text = message.get("text")
    if not isinstance(text, str) or len(text) > MOST_BYTES:
        return {}
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def sound_of(message: Mapping[str, Any]) -> bytes:
    """The sound in it; empty where there is none."""
    data = message.get("bytes")
    return data if isinstance(data, bytes) and len(data) <= MOST_BYTES else b""


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """Empty where it is missing, or no text."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
