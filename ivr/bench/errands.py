"""How long the way to a business system and back takes."""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from statistics import median

from ivr.bench.chart import Chart, p95
from ivr.call import Assurance, CustomerId
from ivr.errand import Done, Errand, Step
from ivr.settings import ServeSettings
from ivr.understand.pack import read_pack
from ivr.wiring import House
from ivr.wiring.places import Places
from ivr.wiring.serving import Serving

_KLAUS = CustomerId("C-1001")
_TIMES = 50


def errands(house: House, *, times: int = _TIMES) -> Chart:
    """A question, a change and its undoing at the demo back end of the bank, again and again."""
    places = Places(replace(house.settings, serve=ServeSettings(demo=True)))
    bank = read_pack("bank")
    took_ms: dict[str, list[float]] = {"a question": [], "a change": [], "its undoing": []}
    with closing(Serving(places, lambda: bank, lambda: house.voices.engine)) as serving:
        for number in range(times + 1):
            address = {"address": f"Gartenweg {number}, 80331 München"}
            change = _errand("change_address", f"change-{number:05}", address)
            for name, errand in (
                ("a question", _errand("account_balance", f"question-{number:05}")),
                ("a change", change),
                ("its undoing", replace(change, step=Step.UNDO)),
            ):
                took_ms[name].append(_timed(serving, errand))
    return Chart(
        title="Time of an errand",
        made_by=f"{times} of each at the demo back end in the same process, over HTTP and with a "
        "receipt for each change, in ms; the first, which opens everything, is not counted. A real "
        "business system adds what it takes itself.",
        columns=("", "median", "95 %", "slowest"),
        rows=tuple(
            (name, f"{median(ms):.1f}", f"{p95(ms):.1f}", f"{max(ms):.1f}")
            for name, (_, *ms) in took_ms.items()
        ),
    )


def _errand(intent: str, key: str, slots: Mapping[str, str] | None = None) -> Errand:
    return Errand(
        intent=intent,
        slots=slots or {},
        customer_id=_KLAUS,
        assurance=Assurance.VOICE_AND_SECOND_FACTOR,
        key=key,
    )


def _timed(serving: Serving, errand: Errand) -> float:
    began = time.perf_counter()
    served = serving.run(errand)
    took_ms = (time.perf_counter() - began) * 1_000
    if not isinstance(served, Done):
        raise RuntimeError(f"{errand.intent} was to be done, and was not.")  # noqa: TRY004
    return took_ms
