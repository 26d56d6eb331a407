"""How long the business system keeps a caller waiting."""

from collections.abc import Callable
from statistics import median

from ivr.bench.chart import Chart
from ivr.call import Assurance, CustomerId, Done, Errand, Step
from ivr.errors import BadTestSet
from ivr.stopwatch import Stopwatch
from ivr.understand.pack import read_pack
from ivr.wiring import House
from ivr.wiring.serving import Serving

_KLAUS = CustomerId("C-1001")
_TIMES = 50


def errands(house: House, *, times: int = _TIMES) -> Chart:
    """A question, a change and its undoing at the demo back end of the bank."""
    bank = read_pack("bank")
    serving = Serving(house.places, lambda: bank, lambda: house.voices.engine)
    asked = _timed(serving, times, lambda number: _errand("account_balance", f"ask-{number:05}"))
    changed = _timed(serving, times, lambda number: _change(number, Step.DO))
    undone = _timed(serving, times, lambda number: _change(number, Step.UNDO))
