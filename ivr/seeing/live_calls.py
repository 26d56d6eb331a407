"""What streamed calls add to the figures while they go on."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from ivr.call import CallId
from ivr.live.happening import Happening
from ivr.seeing import measures
from ivr.seeing.measure import Counter, Meter

_COUNTED: dict[str, Counter] = {
    "barge_in": measures.BARGE_INS,
    "no_input": measures.NO_INPUTS,
    "filler": measures.FILLERS,
}
_ENDED = {"ended": "house", "hung_up": "caller"}
_MOST_CALLS = 2_000
"""Of which is remembered who waits for an answer; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waits:
    """A caller has spoken and waits for the answer."""

    since_s: float
    """The last word, of an even clock."""

    is_announced: bool = False
    """The caller was told to wait: that prompt may still sound when the answer is there."""

    is_answered: bool = False


class CountedLiveCalls:
    """Told of everything that happens in live calls. For one event loop."""

    def __init__(self, meter: Meter, *, clock: Callable[[], float]) -> None:
        """`clock` counts seconds and never goes back."""
        self._meter = meter
        self._clock = clock
        self._waiting: OrderedDict[CallId, _Waits] = OrderedDict()

    def observe(self, call_id: CallId, happening: Happening) -> None:
        """Quick, and fails never: calls do not wait for who watches."""
        kind = happening.kind
        if kind in _COUNTED:
            self._meter.count(_COUNTED[kind])
        if kind in _ENDED:
            self._meter.count(measures.LIVE_ENDED, _ENDED[kind])
            self._waiting.pop(call_id, None)
        elif kind == "turn_ends":
            quiet_s = float(happening.told.get("quiet_ms", 0)) / 1_000
            self._keep(call_id, _Waits(since_s=self._clock() - quiet_s))
        elif waits := self._waiting.get(call_id):
            self._look(call_id, waits, kind)

    def _look(self, call_id: CallId, waits: _Waits, kind: str) -> None:
        match kind:
            case "filler":
                self._keep(call_id, replace(waits, is_announced=True))
            case "answer" if not waits.is_announced:
                self._keep(call_id, replace(waits, is_answered=True))
            case "prompt_begins" if not waits.is_answered:
                pass
            case "answer" | "prompt_begins":
                del self._waiting[call_id]
                self._meter.time(measures.FIRST_AUDIO, self._clock() - waits.since_s)

    def _keep(self, call_id: CallId, waits: _Waits) -> None:
        self._waiting[call_id] = waits
        self._waiting.move_to_end(call_id)
        while len(self._waiting) > _MOST_CALLS:
            self._waiting.popitem(last=False)
