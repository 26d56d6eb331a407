"""Live calls: kinds and codes are seen, nothing that was said and nobody's number."""

from xml.etree.ElementTree import fromstring

import pytest

from ivr.call import CallId
from ivr.live.happening import Happening
from ivr.pages.charts.drawing import About
from ivr.pages.operator.live import LiveCalls
from ivr.pages.operator.strip import drawn_strip

CALL = CallId("+4989123456")
SECRET = "mein Passwort ist Esel"


class FakeClock:
    def __init__(self) -> None:
        self.now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def live(clock: FakeClock) -> LiveCalls:
    return LiveCalls(clock)


def told(kind: str, at_ms: int = 0, **what: str) -> Happening:
    return Happening(at_ms=at_ms, kind=kind, told=what)


@pytest.mark.parametrize(
    "kind",
    ["partial", "heard", "verdict", "answer", "key", "turn_ends", "something_new", "hung_up"],
)
def test_no_words_digits_or_numbers_are_kept(live: LiveCalls, kind: str) -> None:
    live.observe(
        CALL, told(kind, text=SECRET, words=SECRET, prompt=SECRET, reasons=SECRET, digit="7")
    )

    (call,) = live.now()
    assert SECRET not in repr(call)
    assert CALL not in repr(call)
    assert [dict(mark.codes) for mark in call.marks] == [{}]


def test_codes_of_what_was_found_out_are_seen(live: LiveCalls) -> None:
    live.observe(CALL, told("verdict", 900, decision="inconclusive"))
    live.observe(CALL, told("answer", 1_000, intent="refund", action="ask", queue=""))
    live.observe(CALL, told("verdict", 3_000, decision="accepted", llr="6.2"))
    live.observe(CALL, told("answer", 3_100, intent="", action="queue", queue="senior"))

    (call,) = live.now()
    assert call.last("verdict", "decision") == "accepted"
    assert call.last("answer", "intent") == "refund"
    assert call.last("answer", "queue") == "senior"


def test_a_call_that_is_over_stays_for_a_moment(live: LiveCalls, clock: FakeClock) -> None:
    live.observe(CALL, told("prompt_begins"))
    clock.now_ms += 5_000
    live.observe(CALL, told("hung_up", 5_000))
    clock.now_ms += 10_000

    (call,) = live.now()
    assert (call.is_over, call.age_ms) == (True, 5_000)
    clock.now_ms += 10_000
    assert live.now() == ()


def test_a_call_that_nobody_hears_of_any_more_is_forgotten(
    live: LiveCalls, clock: FakeClock
) -> None:
    live.observe(CALL, told("prompt_begins"))
    clock.now_ms += 31 * 60_000

    assert live.now() == ()


def test_the_same_id_again_is_another_call(live: LiveCalls) -> None:
    live.observe(CALL, told("hung_up"))
    first = live.now()[0].handle
    live.observe(CALL, told("prompt_begins"))

    assert [one.handle == first for one in live.now()] == [False]


def test_there_are_never_too_many(live: LiveCalls) -> None:
    for number in range(250):
        live.observe(CallId(str(number)), told("prompt_begins"))
    for number in range(1_000):
        live.observe(CALL, told("partial", number))

    assert len(live.now()) == 200
    assert len(live.now()[-1].marks) == 400


def test_a_strip_shows_who_speaks(live: LiveCalls, clock: FakeClock) -> None:
    live.observe(CALL, told("prompt_begins", 0))
    live.observe(CALL, told("prompt_ends", 30_000))
    live.observe(CALL, told("speech_begins", 45_000))
    live.observe(CALL, told("verdict", 50_000, decision="accepted"))
    clock.now_ms += 60_000

    drawing = drawn_strip(About(id="c", title="C"), live.now()[0]).markup
    root = fromstring(drawing.replace(' xmlns="http://www.w3.org/2000/svg"', ""))  # noqa: S314
    spans = {one.get("class"): (one.get("x"), one.get("width")) for one in root.iter("rect")}
    assert spans["span prompt"] == ("0.00%", "50.00%")
    assert spans["span speech"] == ("75.00%", "25.00%")
    assert [one.get("class") for one in root.iter("line")] == ["tick-verdict good"]
