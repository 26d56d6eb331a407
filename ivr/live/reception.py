"""Where gateways bring their calls."""

from dataclasses import dataclass, field
from typing import Protocol

from biometrics import Waveform
from ivr.call import CallId, Language
from ivr.live.wire import Ending, Incoming, LiveCall, Wire
from ivr.turn import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a gateway that listens by itself, or records. Nothing at all is a silence."""

    said: str = field(default="", repr=False)
    """The words, where the gateway recognised them. There is no voice to verify then."""

    confidence: float = 1.0
    """0 to 1, the gateway's own."""

    keys: str = field(default="", repr=False)
    """Of 0-9, * and #."""

    audio: bytes = field(default=b"", repr=False)
    """A WAV file, where the gateway recorded."""

    event: str = field(default="", compare=False)
    """The same for the same turn, however often it is sent; empty where nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wait:
    """What a caller is told who waits."""

    text: str = field(repr=False)
    sound: Waveform
    """8 kHz."""

    offers_call_back: bool = False
    """The key 1 accepts."""


class SharedTickets(Protocol):
    """Where a stream may come to another worker than the webhook did. Every thread may use it."""

    def put(self, name: str, incoming: Incoming) -> None:
        """`name` is a digest of the token. What cannot be kept opens nothing."""

    def redeem(self, name: str) -> Incoming | None:
        """Once, for whichever worker. None where nobody can tell: no stream is let in then."""


class Reception(Protocol):
    """Takes calls. One per process, shared by every adapter."""

    def answer(self, incoming: Incoming, wire: Wire) -> LiveCall:
        """A call whose sound is streamed. Nothing happens before its `run`.

        Raises:
            CallProblem: BadCallId, or HouseFull where no more calls are taken.
        """

    def admit(self) -> None:
        """A call is about to come in whose sound comes later.

        Raises:
            HouseFull: no more calls are taken.
        """

    async def take(self, incoming: Incoming, message: Message) -> Answer:
        """One turn of a call that comes turn by turn.

        Raises:
            CallProblem: as `Switchboard.take`. What breaks inside a turn is no error: the answer
                queues the caller for a person.
        """

    async def opening(
        self, language: Language | None, *, hears_voice: bool = True
    ) -> tuple[str, Waveform]:
        """What is said when a call comes in, to read and to hear (8 kHz).

        Where only words come, and no voice, nothing is said of recognising one.

        Raises:
            HouseFull: no more calls are taken.
        """

    @property
    def names(self) -> tuple[str, ...]:
        """Products and places that callers name, for a gateway that listens by itself.

        Names of people are never among them.
        """

    async def announce(self, incoming: Incoming) -> None:
        """Remember what is known of a call whose sound comes over a wire that cannot tell it."""

    async def announced(self, call_id: CallId) -> Incoming | None:
        """What was announced in the last minutes; None where nothing was."""

    async def ending(self, call_id: CallId) -> Ending | None:
        """How a call ended, live or turn by turn.

        None while it goes on, and for calls that nobody knows any more. Whose worker is gone is
        handed on to a person.
        """

    async def forget(self, call_id: CallId) -> None:
        """The caller hung up; calls that are not known are forgotten too.

        Whoever waited for a person waits no more.
        """

    async def waiting(
        self, call_id: CallId, language: Language, *, may_offer: bool = False
    ) -> Wait | None:
        """What a caller is told who waits for a person.

        None where nothing is known of the wait; then the gateway's own words have to do.
        `may_offer`: keys are heard while somebody waits, so that a call-back can be offered.
        """

    async def call_back(self, call_id: CallId, language: Language) -> Wait | None:
        """The caller takes the offer, keeps the place and hangs up; what is said to that.

        None where it cannot be noted, or somebody has taken the call.
        """

    async def whisper(self, call_id: CallId) -> Waveform | None:
        """What the person hears before this caller is put through (8 kHz); None for nothing."""

    @property
    def tickets(self) -> SharedTickets | None:
        """Where streams may come to another worker than the webhook that announced them."""

    @property
    def fallback(self) -> Ending:
        """Where callers go whose call cannot be served; its call id is empty."""

    async def publish(self, sound: Waveform) -> str:
        """Keep a prompt for a gateway that fetches it, for some minutes.

        The answer is a path that nobody can guess, such as `/prompts/3f...c1.wav`.
        """
