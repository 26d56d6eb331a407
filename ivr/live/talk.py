"""What a live call asks of the house. Everything here may block and is called in threads."""

from dataclasses import dataclass
from typing import Protocol

from biometrics import Ahead, Waveform
from ivr.call import Transcript, Unheard
from ivr.live.wire import Ending
from ivr.turn import Answer, Awaited, Live, Tried
from ivr.understand.recogniser import LiveHearing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opening:
    """How a call begins."""

    protected: Waveform
    """The greeting and what has to be said at the start."""

    question: Waveform
    """What the caller may interrupt."""


class Talk(Protocol):
    """One call's side of the house."""

    def opening(self) -> Opening:
        """What is said when the call comes in, 8 kHz."""

    def awaited(self) -> Awaited:
        """What to listen for in the next turn."""

    def listen(self, awaited: Awaited) -> LiveHearing:
        """Begin to hear a turn."""

    def tried(self, heard: Transcript | Unheard, awaited: Awaited) -> Tried:
        """What words that were found on trial would mean."""

    def rehearse(self, sound: Waveform) -> Ahead | None:
        """Hear a turn of 8 kHz that may be over; held, it need not be heard again."""

    def take(self, live: Live | None, keys: str) -> Answer:
        """Answer a turn: what was heard, or what was typed.

        Raises:
            CallProblem: the call is over, or not ours.
        """

    def handed_on(self, why: str) -> Answer:
        """A person goes on with the call; nothing new was said.

        Raises:
            CallProblem: the call is over, or not ours.
        """

    def filler(self) -> Waveform:
        """What is said when an answer takes long, 8 kHz."""

    def ended(self, answer: Answer) -> Ending | None:
        """What the gateway is to do after this answer; None while the call goes on."""

    def failed(self) -> Ending:
        """What it is to do when something failed: a person takes the call."""

    def left(self) -> None:
        """The line was gone before the gateway could be told how the call ended."""

    def hang_up(self) -> None:
        """The caller is gone, or was handed on."""
