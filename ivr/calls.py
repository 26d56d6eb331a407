"""The port to the calls that go on: of this process, or of all workers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from biometrics import Ahead, Waveform
from ivr.call import CallId, Language, Transcript, Unheard
from ivr.errors import UnknownCall
from ivr.result import Result
from ivr.turn import Answer, Awaited, Tried, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a call ended, wherever it was."""

    result: Result
    """Of its last turn."""

    language: Language | None


class Calls(Protocol):
    """Each turn finds what its call has been told before."""

    def take(self, turn: Turn, *, now: datetime) -> Answer:
        """Answer one turn of its call, which begins with its first turn.

        Raises:
            BadCallId: the id is empty, too long or holds odd characters.
            OtherCaller: the call began with another number.
            CallBusy: another turn of this call is being answered.
            CallOver: the caller was handed on or said goodbye.
            CallProblem: the audio cannot be used; the call is as it was.
        """

    def hand_on(self, turn: Turn, why: str, *, now: datetime) -> Answer:
        """A person goes on with a call in which nothing new was said; `turn` tells which it is.

        Raises:
            CallProblem: as `take`.
        """

    def awaited(self, turn: Turn, *, now: datetime) -> Awaited:
        """What to listen for in the next turn of a call, which need not have begun."""

    def rehearse(self, turn: Turn) -> Ahead | None:
        """Hear a live turn that may be over."""

    def tried(self, heard: Transcript | Unheard, awaited: Awaited, *, now: datetime) -> Tried:
        """What words that were found on trial would mean. Changes nothing."""

    def forget(self, call_id: CallId) -> None:
        """The caller has hung up: nothing of the call is kept. Unknown calls are forgotten too."""

    def forget_the_old(self, now: datetime) -> None:
        """Let go of calls that ended without telling us."""

    def results(self, call_id: CallId) -> tuple[Result, ...]:
        """Every turn so far.

        Raises:
            UnknownCall: no such call, or it was too long ago.
        """

    def sound(self, call_id: CallId) -> Waveform:
        """The latest prompt.

        Raises:
            UnknownCall: no such call, or nothing was said in it.
        """


def is_new(calls: Calls, call_id: CallId) -> bool:
    """Whether nothing was answered in it yet."""
    try:
        return not calls.results(call_id)
    except UnknownCall:
        return True


class Elsewhere(Protocol):
    """Calls that another worker may have answered. Methods raise StoreUnavailable."""

    def ended(self, call_id: CallId) -> Ended | None:
        """None while it goes on, and where nobody knows it.

        A call whose worker is gone is over: its caller is handed on with what was known.
        """

    def asked(self, call_id: CallId) -> None:
        """The gateway wants to know how it goes on."""

    def was_asked(self, call_id: CallId) -> bool: ...

    def settle(self, call_id: CallId) -> None:
        """The line of a call that is over is closed, and nothing more is awaited of it here."""

    def closed(self, call_id: CallId) -> None:
        """The line of a call that goes on is closed.

        The caller hung up, unless another worker has the call by now.
        """
