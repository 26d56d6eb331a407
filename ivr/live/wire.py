"""Between a gateway and a live call: frames and keys come in, frames and an ending go out."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from ivr.call import CallId, Language

RATE_HZ = 8_000
FRAME_MS = 20
FRAME_SAMPLES = RATE_HZ * FRAME_MS // 1000
FRAME_BYTES = 2 * FRAME_SAMPLES
"""Inside, all sound is 16-bit little-endian mono at 8 kHz; adapters convert what their gateways
send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a gateway tells of a call when it begins."""

    call_id: CallId
    caller_id: str | None = field(default=None, repr=False)
    """As the gateway shows it; None or empty is withheld."""

    language: Language | None = None
    """What the gateway says the caller speaks."""

    source: str | None = None
    """Where the call came in, such as a trunk or the gateway's address."""

    gateway: str = ""
    """A code of the way it came: asterisk, freeswitch, jambonz, phone, sip, twilio."""

    may_record: bool = False
    """Both sides agreed to a recording. It is made only where recordings are switched on too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the gateway is to do once a live call is over."""

    call_id: CallId
    type: Literal["queue", "transfer", "hangup"]
    queue: str | None = None
    priority: int | None = None
    """0 to 100, higher is sooner; each gateway counts in its own way."""

    context_token: str | None = None
    language: Language
    is_verified: bool = False
    """The voice was accepted."""


class Wire(Protocol):
    """One call's way out to its gateway, implemented by the adapters.

    When the gateway is gone the methods do nothing: the reading side says so with `hang_up`.
    """

    async def play(self, frame: bytes) -> None:
        """Send one frame, `FRAME_BYTES`, to be played after those before it. Paced by the call."""

    async def clear(self) -> None:
        """Have the gateway throw away what it was sent and has not played yet."""

    async def end(self, ending: Ending) -> None:
        """The last frame was sent: hand the caller on or hang up, in the gateway's way."""


class LiveCall(Protocol):
    """A call that goes on, as its adapter sees it."""

    async def run(self) -> None:
        """The whole call, from the greeting to its end.

        Whatever fails inside, it ends with `Wire.end` unless the caller hung up.
        """

    async def hear(self, sound: bytes) -> None:
        """Sound of the caller, any number of whole samples, in order."""

    async def press(self, keys: str) -> None:
        """Keys of 0-9, * and # that were pressed; A to D are ignored."""

    def hang_up(self) -> None:
        """The caller is gone. May be called at any time, and more than once."""
