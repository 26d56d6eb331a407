"""Text frames of jambonz' WebSockets: one JSON object each."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

MOST_BYTES = 64 * 1024
"""Of a frame, text or binary; what is longer is left out."""

_GREET_S = 5
"""Who connects begins at once; who says nothing is no jambonz."""


async def first_told(websocket: WebSocket) -> Mapping[str, Any]:
    """What the first frame tells.

    Raises:
        TimeoutError: none came.
        WebSocketDisconnect: the other side is gone.
    """
    async with asyncio.timeout(_GREET_S):
        message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    return told(message)


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
