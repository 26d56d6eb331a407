"""A reception that says back what it hears, and notes whatever an adapter does wrong."""

import asyncio
from collections import Counter
from typing import Any

from fakes.live import answer, sound

from biometrics import Waveform
from ivr.call import CallId, Language, Unheard
from ivr.errors import BadCallId, HouseFull
from ivr.live.reception import Message, Wait
from ivr.live.wire import FRAME_BYTES, Ending, Incoming, Wire
from ivr.switchboard import _CALL_ID
from ivr.turn import Answer

_MOST_BYTES = 4 * 1024 * 1024
_REMEMBERED = 100


class FakeEcho:
    """A call that plays every frame it hears, and ends at the key #."""

    def __init__(self, incoming: Incoming, wire: Wire, reception: "FakeStrictReception") -> None:
        self._incoming = incoming
        self._wire = wire
        self._reception = reception
        self._over = asyncio.Event()
        self._part = b""
        self._must_end = False

    async def run(self) -> None:
        try:
            await self._wire.clear()
            await self._over.wait()
            if self._must_end:
                await self._wire.end(ending(self._incoming.call_id))
        finally:
            self._reception.going_on -= 1

    async def hear(self, heard: bytes) -> None:
        self._check(isinstance(heard, bytes | bytearray), "hear: no bytes")
        self._check(len(heard) % 2 == 0, "hear: half a sample")
        self._check(len(heard) <= _MOST_BYTES, "hear: too much at once")
        data = self._part + heard
        whole = len(data) // FRAME_BYTES * FRAME_BYTES
        self._part = data[whole:]
        for at in range(0, whole, FRAME_BYTES):
            await self._wire.play(data[at : at + FRAME_BYTES])

    async def press(self, keys: str) -> None:
        self._check(isinstance(keys, str), "press: no text")
        if "*" in keys:
            await self._wire.clear()
        if "#" in keys:
            self._must_end = True
            self._over.set()

    def hang_up(self) -> None:
        self._over.set()

    def _check(self, is_right: Any, what: str) -> None:
        if not is_right:
            self._reception.wrong[what] += 1


class FakeStrictReception:
    """Takes so many calls. What adapters did wrong is counted in `wrong`."""

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self.going_on = 0
        """Answered and not over; a call that is never run stays for ever."""

        self.wrong: Counter[str] = Counter()
        self.known: dict[CallId, Incoming] = {}
        self.forgotten = 0
        self.names: tuple[str, ...] = ()

    def answer(self, incoming: Incoming, wire: Wire, **_: object) -> FakeEcho:
        self._check(incoming)
        if self.going_on >= self._most:
            raise HouseFull("As many calls go on here as may.")
        self.going_on += 1
        return FakeEcho(incoming, wire, self)

    def admit(self) -> None:
        """Calls that come turn by turn are taken."""

    async def take(self, incoming: Incoming, message: Message) -> Answer:
        self._check(incoming)
        for name in ("said", "keys"):
            if not isinstance(getattr(message, name), str):
                self.wrong[f"take: {name} is no text"] += 1
        if not isinstance(message.audio, bytes) or not isinstance(message.confidence, float | int):
            self.wrong["take: of the wrong types"] += 1
        if message.said and not 0 <= message.confidence <= 1:
            self.wrong["take: confidence beyond 0 to 1"] += 1
        kind = "hangup" if "#" in message.keys else "ask"
        return answer(kind, sound(100), Unheard.SILENCE)

    async def opening(
        self, language: Language | None, *, hears_voice: bool = True
    ) -> tuple[str, Waveform]:
        del language, hears_voice
        return "Guten Tag.", sound(100)

    async def waiting(
        self, call_id: CallId, language: Language, *, may_offer: bool = False
    ) -> Wait | None:
        del language
        if not str(call_id).endswith("0"):
            return None
        return Wait(text="Gleich.", sound=sound(100), offers_call_back=may_offer)

    async def call_back(self, call_id: CallId, language: Language) -> Wait | None:
        del language
        return Wait(text="Gern.", sound=sound(100)) if str(call_id).endswith("0") else None

    async def whisper(self, call_id: CallId) -> Waveform | None:
        return sound(100) if str(call_id).endswith("0") else None

    async def announce(self, incoming: Incoming) -> None:
        self._check(incoming)
        self.known[incoming.call_id] = incoming
        while len(self.known) > _REMEMBERED:
            del self.known[next(iter(self.known))]

    async def announced(self, call_id: CallId) -> Incoming | None:
        return self.known.get(call_id)

    async def ending(self, call_id: CallId) -> Ending | None:
        return ending(call_id) if str(call_id).endswith("0") else None

    async def forget(self, call_id: CallId) -> None:
        del call_id
        self.forgotten += 1

    tickets = None

    @property
    def fallback(self) -> Ending:
        return ending(CallId(""))

    async def publish(self, sound: Waveform) -> str:
        del sound
        return "/prompts/0123456789abcdef.wav"

    def _check(self, incoming: Incoming) -> None:
        """Ids of odd shape are refused, as the switchboard does."""
        texts = (incoming.caller_id, incoming.source)
        if not all(text is None or isinstance(text, str) for text in texts):
            self.wrong["incoming: no text"] += 1
        if incoming.language is not None and not isinstance(incoming.language, Language):
            self.wrong["incoming: no language"] += 1
        if not isinstance(incoming.call_id, str):
            self.wrong["incoming: no id"] += 1
        elif not _CALL_ID.fullmatch(incoming.call_id):
            raise BadCallId("A call id has 1 to 128 letters, digits or ._:@+- and nothing else.")


def ending(call_id: CallId) -> Ending:
    return Ending(
        call_id=call_id,
        type="queue",
        queue="agents",
        priority=50,
        context_token="t0ken",
        language=Language.GERMAN,
    )
