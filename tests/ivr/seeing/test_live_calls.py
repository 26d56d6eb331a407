"""What streamed calls add to the figures, told moment by moment and by a real session."""

import asyncio

from anyio import CapacityLimiter
from fakes.figures import figure
from fakes.live import FakeTalk, FakeWire, fake_ear, quiet, spoken

from ivr.call import CallId
from ivr.live.happening import Happening
from ivr.live.wire import FRAME_BYTES
from ivr.seeing import measures
from ivr.seeing.live_calls import CountedLiveCalls
from ivr.seeing.memory_meter import MemoryMeter
from ivr.session import Equipment, Session
from ivr.settings import LiveSettings

CALL = CallId("+4989123456@pbx")


class Line:
    """A call that is told of, at times of the test's choice."""

    def __init__(self) -> None:
        self.meter = MemoryMeter()
        self.now_s = 100.0
        self.counted = CountedLiveCalls(self.meter, clock=lambda: self.now_s)

    def tells(self, kind: str, *, after_s: float = 0.0, **told: int) -> None:
        self.now_s += after_s
        self.counted.observe(CALL, Happening(at_ms=0, kind=kind, told=told))

    @property
    def first_audio(self) -> list[float]:
        return [round(one, 3) for one in self.meter.timed(measures.FIRST_AUDIO)]


def test_the_first_sound_is_counted_from_the_last_word() -> None:
    line = Line()
    line.tells("prompt_begins")
    line.tells("turn_ends", after_s=9, quiet_ms=300)
    line.tells("answer", after_s=0.2)
    line.tells("prompt_begins", after_s=0.1)
    line.tells("prompt_begins", after_s=5)

    assert line.first_audio == [0.6]


def test_whoever_is_told_to_wait_has_waited_until_the_answer() -> None:
    line = Line()
    line.tells("turn_ends", quiet_ms=500)
    line.tells("filler", after_s=2)
    line.tells("prompt_begins", after_s=0.1)
    line.tells("answer", after_s=1)
    line.tells("prompt_begins", after_s=1)

    assert line.first_audio == [3.6]
    assert line.meter.counted(measures.FILLERS) == 1


def test_answers_to_nobody_have_no_first_sound() -> None:
    line = Line()
    for kind in ("no_input", "answer", "prompt_begins", "key", "answer", "prompt_begins"):
        line.tells(kind)

    assert line.first_audio == []
    assert line.meter.counted(measures.NO_INPUTS) == 1


def test_who_hangs_up_meanwhile_is_waited_for_no_more() -> None:
    line = Line()
    line.tells("turn_ends", quiet_ms=0)
    line.tells("hung_up")
    line.tells("answer")
    line.tells("prompt_begins")

    assert line.first_audio == []
    assert line.meter.counted(measures.LIVE_ENDED, "caller") == 1


def test_calls_that_never_end_do_not_fill_the_memory() -> None:
    line = Line()
    for number in range(3_000):
        told = Happening(at_ms=0, kind="turn_ends", told={"quiet_ms": 0})
        line.counted.observe(CallId(f"c-{number}"), told)

    assert len(line.counted._waiting) == 2_000


def test_a_real_session_tells_all_of_it() -> None:
    meter = MemoryMeter()
    loop_s = 0.0
    counted = CountedLiveCalls(meter, clock=lambda: loop_s)

    async def run() -> None:
        limiter = CapacityLimiter(4)
        talk = FakeTalk(["Flug umbuchen", "Flug umbuchen"])
        talk.ends_after = 2
        settings = LiveSettings(pacing="lockstep")
        session = Session(
            FakeWire(),
            talk,
            Equipment(settings=settings, ear=fake_ear, limiter=lambda: limiter),
            watch=lambda happening: counted.observe(CALL, happening),
            call_id=CALL,
        )
        task = asyncio.create_task(session.run())
        for sound in (spoken(600), quiet(1_500), quiet(1_500), spoken(900), quiet(3_000)):
            for at in range(0, len(sound), FRAME_BYTES):
                await session.hear(sound[at : at + FRAME_BYTES])
        session.hang_up()
        await task

    asyncio.run(run())
    scraped = meter.scrape()

    assert figure(scraped, "rufwerk_barge_ins_total") == 1
    assert figure(scraped, "rufwerk_first_audio_seconds_count") == 2
    assert figure(scraped, "rufwerk_live_calls_ended_total", by="house") == 1
    assert b"4989" not in scraped
