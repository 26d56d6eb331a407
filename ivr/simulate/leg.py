"""One call as a gateway carries it: what the simulator needs of every dialect."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from ivr.call import CallId


class Unanswered(ConnectionError):  # noqa: N818 - an error is named after what happened
    """Nobody listens where the service is called, or nothing comes back. A whole sentence."""


class Refused(ConnectionError):  # noqa: N818 - as above
    """The service listens, and does not take the call. A whole sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who calls, and where to."""

    call_id: CallId
    number: str = field(repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the service listens, and what it asks for."""

    url: str
    """Such as http://127.0.0.1:8080."""

    public_url: str = ""
    """Where the service believes to be, if elsewhere: Twilio signs that address."""

    audiosocket_port: int = 0
    vosk_port: int = 0
    token: str = field(default="", repr=False)
    jambonz_secret: str = field(default="", repr=False)
    twilio_token: str = field(default="", repr=False)
    freeswitch_secret: str = field(default="", repr=False)

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws", 1)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def signed_url(self) -> str:
        return self.public_url or self.url

    def here(self, address: str) -> str:
        """An address that the service told, as it is reached from here."""
        told = self.signed_url
        for there, here in ((told, self.url), (told.replace("http", "ws", 1), self.ws)):
            if address.startswith(there):
                return here + address.removeprefix(there)
        return urljoin(self.url, address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn: sound, or keys."""

    title: str
    pcm: bytes = field(default=b"", repr=False)
    """16 bits, 8 kHz."""

    keys: str = field(default="", repr=False)
    speech_end_ms: int = 0
    """When the last word ends."""

    after_ms: int = 0
    """Said so long after the prompt before it began; 0 waits as the caller does."""


class Heard:
    """Frames that came from the machine, 20 ms each, 16 bits and 8 kHz. None at the end."""

    def __init__(self) -> None:
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.is_over = False
        self.is_lockstep = False
        """A frame for a frame: none waits, and none may be lost."""

    def put(self, frame: bytes) -> None:
        self._frames.put_nowait(frame)

    def end(self) -> None:
        if not self.is_over:
            self.is_over = True
            self._frames.put_nowait(None)

    def drop(self) -> None:
        """The gateway was told to throw away what it has not played."""
        if self.is_lockstep:
            return
        while not self._frames.empty():
            if self._frames.get_nowait() is None:
                self._frames.put_nowait(None)
                return

    def now(self) -> bytes | None:
        """The next frame if there is one."""
        return None if self._frames.empty() else self._frames.get_nowait()

    async def next(self) -> bytes | None:
        """The next frame, waited for; None when the call is over."""
        return await self._frames.get()

    @property
    def waiting(self) -> int:
        return self._frames.qsize()


class Leg(Protocol):
    """A call whose sound is streamed. Never shared."""

    @property
    def heard(self) -> Heard: ...

    async def open(self) -> None:
        """Call.

        Raises:
            Unanswered: nobody does.
            Refused: the service does not take the call.
        """

    async def send(self, frame: bytes) -> None:
        """20 ms of the caller."""

    async def press(self, key: str) -> None: ...

    async def close(self) -> None:
        """Hang up, or leave what is over."""

    async def ending(self) -> Mapping[str, str]:
        """What the gateway is told to do with the call now: action, queue, priority."""


class TurnLeg(Protocol):
    """A call that comes turn by turn. Never shared."""

    async def open(self) -> None:
        """Call.

        Raises:
            Unanswered: nobody does.
            Refused: the service does not take the call.
        """

    async def turn(self, said: Said) -> Mapping[str, str]:
        """Send one turn; what the gateway is to do now: action, queue, priority."""

    async def close(self) -> None:
        """Hang up."""
