"""Our recognition, as a custom speech vendor of jambonz.

jambonz opens a WebSocket for a gather or a transcribe: a start as JSON, sound as 16-bit
little-endian binary frames, and a stop, after which we close. It is ours to tell where a sentence
ends. Sources: docs.jambonz.org, guides/features/custom-stt-providers; jambonz/freeswitch-modules,
mod_jambonz_transcribe/jb_transcribe_glue.cpp.
"""

import asyncio
import contextlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from anyio import CapacityLimiter
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from ivr.call import Language
from ivr.errors import CallProblem, UnknownLanguage, UnsupportedAudio
from ivr.gateways.jambonz.frames import first_told, sound_of, text_of, told
from ivr.gateways.jambonz.hook import language_of
from ivr.gateways.sentences import Recognition, Sentences, Words
from ivr.gateways.sound import SoundIn
from ivr.live.ear import Ear
from ivr.settings import GatewaySettings
from ivr.trace import trace
from ivr.understand.recogniser import LiveHearing

log = logging.getLogger(__name__)

_RATES_HZ = frozenset({8_000, 16_000, 24_000, 32_000, 44_100, 48_000})
_THREADS = 8

_GONE = (WebSocketDisconnect, TimeoutError)


def speech_routes(
    hearing: Callable[[Language | None], LiveHearing],
    ear: Callable[[], Ear],
    settings: GatewaySettings,
) -> APIRouter:
    """`/ws/jambonz-speech` for who shows the key; nothing at all where none is set.

    `hearing` begins to hear one sentence and may block, `ear` hears whether somebody speaks.
    """
    speech = APIRouter(tags=["gateways"])
    if not settings.jambonz.speech_key:
        return speech
    expected = f"Bearer {settings.jambonz.speech_key}".encode()
    seats = asyncio.Semaphore(settings.live.most_calls)
    recognition = Recognition(
        hearing=hearing, ear=ear, settings=settings.live, limiter=CapacityLimiter(_THREADS)
    )

    @speech.websocket("/ws/jambonz-speech")
    async def recognise(websocket: WebSocket) -> None:
        shown = websocket.headers.get("authorization", "").encode("latin-1")
        if not hmac.compare_digest(shown, expected) or seats.locked():
            log.warning("jambonz speech refused", extra={"code": "not_allowed_or_full"})
            await websocket.close(1008)
            return
        async with seats:
            await websocket.accept()
            with contextlib.suppress(*_GONE, RuntimeError):
                await _serve(websocket, recognition)
                await websocket.close(1000)

    return speech


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What jambonz wants to have recognised."""

    tag: str
    """The language, as it was told."""

    language: Language | None
    rate_hz: int
    wants_interim: bool


async def _serve(websocket: WebSocket, recognition: Recognition) -> None:
    """From the start to the stop. What fails is told, so that jambonz can turn elsewhere."""
    try:
        await _recognise(websocket, recognition)
    except _GONE:
        raise
    except CallProblem as err:
        log.warning("jambonz speech failed", extra={"code": err.code})
        await _send(websocket, type="error", error=err.sentence)
    except Exception as err:  # noqa: BLE001 - one caller's sound must not end the others'
        log.error("jambonz speech failed", extra=trace(err))  # noqa: TRY400 - messages hold words
        await _send(websocket, type="error", error="Recognition failed.")


async def _recognise(websocket: WebSocket, recognition: Recognition) -> None:
    start = _read_start(await first_told(websocket))
    sound, sentences = SoundIn(rate_hz=start.rate_hz), Sentences(recognition, start.language)
    await sentences.begin()
    is_over = False
    while not is_over:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        is_over = told(message).get("type") == "stop"
        heard = sentences.finish() if is_over else sentences.hear(sound.take(sound_of(message)))
        for words in await heard:
            await _tell(websocket, words, start)


async def _tell(websocket: WebSocket, words: Words, start: _Start) -> None:
    if words.is_final or start.wants_interim:
        await _send(
            websocket,
            type="transcription",
            is_final=words.is_final,
            alternatives=[{"confidence": words.confidence, "transcript": words.text}],
            channel=1,
            language=start.tag,
        )


async def _send(websocket: WebSocket, **message: object) -> None:
    await websocket.send_text(json.dumps(message, ensure_ascii=False))


def _read_start(fields: Mapping[str, Any]) -> _Start:
    """What is begun.

    Raises:
        UnknownLanguage: it is neither German nor English. Where none is told it is found out.
        UnsupportedAudio: this is no start, or of sound that we do not take.
    """
    tag, rate_hz = text_of(fields, "language"), fields.get("sampleRateHz")
    if fields.get("type") != "start" or not isinstance(rate_hz, int) or rate_hz not in _RATES_HZ:
        raise UnsupportedAudio("Begin with a start that tells a sampleRateHz such as 8000.")
    language = language_of(tag)
    if tag and language is None:
        raise UnknownLanguage("The language is neither de nor en.")
    return _Start(
        tag=tag,
        language=language,
        rate_hz=rate_hz,
        wants_interim=fields.get("interimResults") is True,
    )
