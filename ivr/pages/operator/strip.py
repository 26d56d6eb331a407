"""The last minute of a live call as a picture: who spoke when, and what was found out."""

from collections.abc import Iterator

from ivr.pages.charts.drawing import About, Drawing, across, element, picture, together
from ivr.pages.operator.live import LiveCall, Mark

SHOWN_MS = 60_000

_HIGH = 44
_LANES = {"prompt": 4, "speech": 24}
"""Where a lane begins: the machine above, the caller beneath."""

_THICK = 14
_ENDS = {"prompt_ends": "prompt", "prompt_pauses": "prompt", "speech_ends": "speech"}
_BEGINS = {"prompt_begins": "prompt", "prompt_resumes": "prompt", "speech_begins": "speech"}
_TONES = {"accepted": "good", "rejected": "bad", "spoof_suspected": "bad"}


def drawn_strip(about: About, call: LiveCall) -> Drawing:
    """Now is at the right edge; a call that is over stands still."""
    begin_ms = call.age_ms - SHOWN_MS
    spans = together(*(_span(*span, begin_ms) for span in _spans(call)))
    marks = together(*(_tick(mark, begin_ms) for mark in call.marks if mark.at_ms >= begin_ms))
    lanes = together(
        *(
            element("rect", class_="track", x="0", y=y, width="100%", height=_THICK)
            for y in _LANES.values()
        )
    )
    return picture(about, lanes, spans, marks, height=_HIGH, class_="chart strip")


def _spans(call: LiveCall) -> Iterator[tuple[str, int, int]]:
    """Lane, beginning and end."""
    begun: dict[str, int] = {}
    for mark in call.marks:
        if lane := _BEGINS.get(mark.kind):
            begun[lane] = mark.at_ms
        if (lane := _ENDS.get(mark.kind)) and lane in begun:
            yield lane, begun.pop(lane), mark.at_ms
    for lane, since in begun.items():
        if not call.is_over:
            yield lane, since, call.age_ms


def _span(lane: str, since_ms: int, until_ms: int, begin_ms: int) -> Drawing:
    left = max(0.0, (since_ms - begin_ms) / SHOWN_MS)
    right = min(1.0, (until_ms - begin_ms) / SHOWN_MS)
    if right <= 0:
        return together()
    return element(
        "rect",
        class_=f"span {lane}",
        x=across(left),
        y=_LANES[lane],
        width=across(max(right - left, 0.002)),
        height=_THICK,
    )


def _tick(mark: Mark, begin_ms: int) -> Drawing:
    if mark.kind not in ("verdict", "answer", "barge_in", "key", "filler"):
        return together()
    x = across(min(1.0, (mark.at_ms - begin_ms) / SHOWN_MS))
    tone = _TONES.get(str(mark.codes.get("decision", "")), "plain")
    return element("line", class_=f"tick-{mark.kind} {tone}", x1=x, x2=x, y1=0, y2=_HIGH)
