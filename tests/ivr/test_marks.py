import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from anyio import CapacityLimiter
from fakes.live import FakeTalk, FakeWire, fake_ear

from ivr.call import CallId
from ivr.marks import Mark, about_call, about_turn, call_mark, carried, current
from ivr.service.logs import Marked
from ivr.session import Equipment, Session
from ivr.settings import LiveSettings

CALL = CallId("1622025012.12@pbx-4989123456")


def test_outside_of_calls_nothing_is_marked() -> None:
    assert current() == Mark()
    assert current().traceparent == ""
    with about_call(CallId("")):
        assert current() == Mark()


def test_a_mark_gives_nobody_the_calls_id() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", call_mark(CALL))
    assert "4989123456" not in call_mark(CALL)
    assert call_mark(CALL) == call_mark(CALL) != call_mark(CallId("another"))


def test_marks_have_the_shapes_of_a_trace_context() -> None:
    with about_turn(CALL) as mark:
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", mark.traceparent)
        assert int(mark.turn, 16) > 0


def test_turns_of_one_call_differ_and_end() -> None:
    with about_call(CALL) as call:
        with about_turn(CALL) as first:
            pass
        with about_turn(CALL) as second:
            pass
        assert current() == call
    assert first.call == second.call == call.call
    assert first.turn != second.turn
    assert current() == Mark()


def test_work_that_is_given_to_a_thread_takes_its_mark_along() -> None:
    with ThreadPoolExecutor(1) as threads, about_turn(CALL) as mark:
        marked = threads.submit(carried(current)).result()
        bare = threads.submit(current).result()

    assert (marked, bare) == (mark, Mark())


def test_a_line_about_a_live_call_says_which(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(Marked())
    talk = FakeTalk()
    talk.protected = None  # type: ignore[assignment]

    async def run() -> None:
        settings, limiter = LiveSettings(), CapacityLimiter(4)
        equipment = Equipment(settings=settings, ear=fake_ear, limiter=lambda: limiter)
        await Session(FakeWire(), talk, equipment, call_id=CALL).run()

    asyncio.run(run())
    (line,) = (one for one in caplog.records if one.name == "ivr.session")

    assert vars(line)["call"] == call_mark(CALL)
    assert current() == Mark()


def test_calls_at_the_same_time_have_marks_of_their_own() -> None:
    async def call(name: str) -> list[bool]:
        with about_call(CallId(name)) as mark:
            seen = []
            for _ in range(3):
                await asyncio.sleep(0)
                seen.append(current().call == mark.call)
            return seen

    async def both() -> list[list[bool]]:
        return await asyncio.gather(call("a"), call("b"))

    assert asyncio.run(both()) == [[True] * 3] * 2
