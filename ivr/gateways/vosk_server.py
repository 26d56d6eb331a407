"""Our recognition for everybody who speaks the protocol of vosk-server: mod_vosk, res_speech_vosk.

Sound comes as 16-bit little-endian binary frames, and each is answered once: with words so far, or
with a sentence that is over. mod_vosk takes an answer that holds two double quotes in a row for
none. An answer may tell whose voice it was beside the words: clients that do not know `speaker`
leave it unread. Source: alphacep/vosk-server, websocket/asr_server.py.
"""

import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from ivr.call import CallId, Language
from ivr.errors import CallProblem
from ivr.gateways.allow import allowed_networks, may_connect
from ivr.gateways.sentences import Recognition, Sentences, Words
from ivr.gateways.sound import SoundIn
from ivr.settings import VoskServerSettings
from ivr.trace import trace

log = logging.getLogger(__name__)

RATES_HZ = frozenset({8_000, 16_000, 24_000, 32_000, 44_100, 48_000})

_LARGEST_BYTES = 1024 * 1024
_MOST_KEPT_BYTES = 16_000 * 120
"""Two minutes of a sentence whose voice is to be judged."""

_NOT_ALLOWED, _TRY_LATER = 1008, 1013

Speaker = Callable[[CallId, bytes], Awaitable[Mapping[str, Any] | None]]
"""Whose voice this is, of a call that was announced: 16 bits, 8 kHz. None where nobody asked."""


@dataclass(slots=True, kw_only=True)
class _Wanted:
    """What a client has configured."""

    rate_hz: int = 8_000
    language: Language | None = None
    call_id: CallId = field(default=CallId(""), repr=False)


@asynccontextmanager
async def serve_vosk(
    recognition: Recognition,
    settings: VoskServerSettings,
    *,
    speaker: Speaker,
    most: int,
) -> AsyncIterator[int]:
    """Listen until left; the value is the port. `most` connections are served at a time.

    Raises:
        OSError: nobody may listen there.
        BadSettings: the addresses that may connect are none.
    """
    door = _Door(recognition, speaker, allowed_networks(settings.allow), most)
    server: Server = await serve(
        door.open, settings.host, settings.port, max_size=_LARGEST_BYTES, compression=None
    )
    async with server:
        yield next(iter(server.sockets)).getsockname()[1]


class _Door:
    def __init__(
        self, recognition: Recognition, speaker: Speaker, networks: tuple[str, ...], most: int
    ) -> None:
        self._recognition = recognition
        self._speaker = speaker
        self._networks = networks
        self._most = most
        self._open = 0

    async def open(self, client: ServerConnection) -> None:
        """One connection, from its first message to its last."""
        address = client.remote_address[0] if client.remote_address else ""
        if not may_connect(str(address), self._networks):
            log.warning("vosk client refused", extra={"code": "address_not_allowed"})
            await client.close(_NOT_ALLOWED)
            return
        if self._open >= self._most:
            await client.close(_TRY_LATER)
            return
        self._open += 1
        try:
            await _Connection(client, self._recognition, self._speaker).serve()
        except ConnectionClosed:
            pass
        except CallProblem as err:
            log.warning("vosk client refused", extra={"code": err.code})
        except Exception as err:  # noqa: BLE001 - one connection must not end the others
            log.error("vosk client failed", extra=trace(err))  # noqa: TRY400 - messages hold words
        finally:
            self._open -= 1
            with contextlib.suppress(ConnectionClosed):
                await client.close()


class _Connection:
    """One client. Never shared."""

    def __init__(
        self, client: ServerConnection, recognition: Recognition, speaker: Speaker
    ) -> None:
        self._client = client
        self._recognition = recognition
        self._speaker = speaker
        self._wanted = _Wanted()
        self._sound = SoundIn()
        self._sentences: Sentences | None = None
        self._kept = b""

    async def serve(self) -> None:
        async for message in self._client:
            if isinstance(message, bytes):
                await self._hear(message)
                continue
            told = _object(message)
            if "config" in told:
                self._configure(told["config"])
            elif told.get("eof"):
                await self._answer(await (await self._listening()).finish(), is_last=True)
                return
            elif told.get("reset"):
                await self._answer(await (await self._listening()).finish(), is_last=True)
                self._begin_anew()

    async def _hear(self, message: bytes) -> None:
        sound = self._sound.take(message)
        self._kept = (self._kept + sound)[-_MOST_KEPT_BYTES:]
        await self._answer(await (await self._listening()).hear(sound))

    async def _listening(self) -> Sentences:
        if self._sentences is None:
            self._sentences = Sentences(self._recognition, self._wanted.language)
            await self._sentences.begin()
        return self._sentences

    def _configure(self, config: object) -> None:
        """What is not known is left alone, as the other servers do."""
        if not isinstance(config, dict):
            return
        rate, call, lang = (config.get(name) for name in ("sample_rate", "call_id", "lang"))
        if isinstance(rate, int | float) and rate in RATES_HZ:
            self._wanted.rate_hz = int(rate)
        if isinstance(call, str):
            self._wanted.call_id = CallId(call)
        if isinstance(lang, str) and lang in set(Language):
            self._wanted.language = Language(lang)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._sentences = None
        self._sound = SoundIn(rate_hz=self._wanted.rate_hz)
        self._kept = b""

    async def _answer(self, heard: list[Words], *, is_last: bool = False) -> None:
        final = [words for words in heard if words.is_final]
        if final or is_last:
            await self._send(await self._sentence(final))
            self._kept = b""
        else:
            await self._send({"partial": _unquoted(heard[-1].text) if heard else ""})

    async def _sentence(self, final: list[Words]) -> dict[str, Any]:
        said: dict[str, Any] = {"text": _unquoted(" ".join(words.text for words in final))}
        if final:
            said["confidence"] = min(words.confidence for words in final)
        voice = await self._speaker(self._wanted.call_id, self._kept) if final else None
        return {**said, "speaker": dict(voice)} if voice else said

    async def _send(self, told: Mapping[str, Any]) -> None:
        await self._client.send(json.dumps(told, ensure_ascii=False))


def _unquoted(text: str) -> str:
    """A quotation that ends what is said would be two double quotes in a row."""
    return text.replace('"', "")


def _object(text: str) -> Mapping[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
