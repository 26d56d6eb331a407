"""Whose voice a stretch of speech is, for gateways that only use our recognition."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import anyio.to_thread

from biometrics import Speech, Waveform
from ivr.call import Caller, CallerNumber, CallId, PhoneNumber, Unknown
from ivr.errors import DirectoryUnavailable
from ivr.live.pcm import waveform_of
from ivr.live.wire import Incoming
from ivr.result import verification_part
from ivr.verify.attempts import Origin
from ivr.verify.evidence import Evidence
from ivr.verify.remember import Check

_MOST = 1_000
"""Calls whose evidence is remembered, in memory only; the oldest go first."""


@dataclass(frozen=True, kw_only=True)
class Speakers:
    """Judges voices of calls that were announced. One per process."""

    announced: Callable[[CallId], Awaitable[Incoming | None]]
    read_number: Callable[[str | None], CallerNumber]
    identify: Callable[[CallerNumber], Caller | Unknown]
    listen: Callable[[bytes | Waveform], Speech]
    check: Check
    clock: Callable[[], datetime]
    _so_far: OrderedDict[CallId, Evidence] = field(default_factory=OrderedDict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    async def judge(self, call_id: CallId, pcm: bytes) -> Mapping[str, Any] | None:
        """What the voice proves so far; None for calls that nobody announced."""
        incoming = await self.announced(call_id) if call_id else None
        if incoming is None:
            return None
        return await anyio.to_thread.run_sync(self._judged, incoming, pcm)

    def _judged(self, incoming: Incoming, pcm: bytes) -> Mapping[str, Any] | None:
        number = self.read_number(incoming.caller_id)
        try:
            caller = self.identify(number)
        except DirectoryUnavailable:
            return None
        e164 = number.e164 if isinstance(number, PhoneNumber) else None
        origin = Origin(number=e164, source=incoming.source)
        with self._lock:
            before = self._so_far.pop(incoming.call_id, None)
        speech = self.listen(waveform_of(pcm))
        evidence = self.check(caller, speech, before, self.clock(), origin)
        with self._lock:
            self._so_far[incoming.call_id] = evidence
            while len(self._so_far) > _MOST:
                self._so_far.popitem(last=False)
        part = verification_part(evidence.verdict)
        return {
            "decision": part.decision,
            "llr": part.llr,
            "threshold": part.threshold,
            "net_speech_ms": part.net_speech_ms,
        }
