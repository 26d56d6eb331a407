import asyncio
import time

from ivr.seeing import loop_lag, measures
from ivr.seeing.loop_lag import watched_loop
from ivr.seeing.memory_meter import MemoryMeter


def test_a_loop_that_is_held_up_is_seen(monkeypatch) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    monkeypatch.setattr(loop_lag, "_EVERY_S", 0.01)
    meter = MemoryMeter()

    async def run() -> None:
        async with watched_loop(meter):
            await asyncio.sleep(0.03)
            time.sleep(0.2)  # noqa: ASYNC251 - what must not happen
            await asyncio.sleep(0.03)

    asyncio.run(run())
    lags = meter.timed(measures.LOOP_LAG)

    assert len(lags) >= 2
    assert max(lags) > 0.1
    assert min(lags) >= 0
