"""Who spoke when: a call as a picture, and as a few lines of text."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr.live.happening import Happening
from ivr.simulate.play import Played
from ivr.simulate.tape import Stretch

_WIDTH = 1_200
_LEFT = 90
_ROW = 34
_LETTERS = 64

_MARKS = {
    "turn_ends": "turn over",
    "barge_in": "interrupted",
    "prompt_resumes": "went on",
    "echo": "echo",
    "filler": "one moment",
    "no_input": "nothing said",
    "key": "key",
    "hung_up": "hung up",
}
"""What is marked, and how it is called."""

_COLOURS = {"caller": "#2f6f9f", "machine": "#b5651d", "mark": "#555555"}


def rows(played: Played) -> Iterator[str]:
    """A line of text for each thing that happened, in order."""
    told = [(one.at_ms, f"{'':8}{words}") for one in played.happened if (words := _words(one))]
    spoken = [*_spoken("caller", _caller(played)), *_spoken("machine", _machine(played))]
    for at_ms, text in sorted([*told, *spoken], key=lambda each: each[0]):
        yield f"{at_ms / 1_000:7.2f} s  {text}"
    for turn in played.turns:
        if turn.first_audio_ms is not None:
            yield f"{turn.title}: {turn.first_audio_ms} ms from the last word to the answer"


def picture(played: Played) -> bytes:
    """The same as an SVG file."""
    length_ms = max(played.tape.length_ms if played.tape else 0, 1_000)
    scale = (_WIDTH - _LEFT - 20) / length_ms
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {7 * _ROW}",
            "font-family": "sans-serif",
            "font-size": "12",
        },
    )
    SubElement(svg, "title").text = f"A call over {played.via}"
    SubElement(svg, "rect", width=str(_WIDTH), height=str(7 * _ROW), fill="#ffffff")
    _lane(svg, "caller", _caller(played), 0, scale)
    _lane(svg, "machine", _machine(played), 1, scale)
    _marks(svg, played.happened, scale)
    _seconds(svg, length_ms, scale)
    data: bytes = tostring(svg, encoding="utf-8", xml_declaration=True)
    return data


def _caller(played: Played) -> Sequence[Stretch]:
    return played.tape.caller() if played.tape else ()


def _machine(played: Played) -> Sequence[Stretch]:
    return played.tape.machine() if played.tape else ()


def _spoken(who: str, stretches: Sequence[Stretch]) -> list[tuple[int, str]]:
    return [
        (one.begins_ms, f"{who:8}{'▇' * max((one.ends_ms - one.begins_ms) // 250, 1)}")
        for one in stretches
    ]


def _words(happening: Happening) -> str:
    told = happening.told
    match happening.kind:
        case "heard":
            return f"heard: {told.get('text', '')}" if told.get("text") else ""
        case "verdict":
            return f"voice: {told.get('decision')}"
        case "partial":
            return f"so far: {told.get('words', '')}"
        case "answer":
            return f"understood: {told.get('intent') or 'nothing'} -> {told.get('action')}"
        case kind:
            return _MARKS.get(kind, "")


def _lane(svg: Element, who: str, spoken: Sequence[Stretch], row: int, scale: float) -> None:
    top = _ROW * (row + 1)
    SubElement(svg, "text", x="8", y=str(top + 15), fill=_COLOURS[who]).text = who
    for one in spoken:
        SubElement(
            svg,
            "rect",
            x=f"{_LEFT + one.begins_ms * scale:.1f}",
            y=str(top),
            width=f"{max((one.ends_ms - one.begins_ms) * scale, 1):.1f}",
            height="22",
            fill=_COLOURS[who],
        )


def _marks(svg: Element, happened: Sequence[Happening], scale: float) -> None:
    place = 0
    for one in happened:
        words = _words(one)
        if not words or one.kind == "partial":
            continue
        x, y = _LEFT + one.at_ms * scale, _ROW * 3 + 12 + 16 * (place % 6)
        place += 1
        SubElement(
            svg,
            "line",
            x1=f"{x:.1f}",
            x2=f"{x:.1f}",
            y1=str(_ROW),
            y2=str(y - 10),
            stroke="#cccccc",
        )
        label = SubElement(svg, "text", x=f"{x + 2:.1f}", y=str(y), fill=_COLOURS["mark"])
        label.text = words[:_LETTERS]


def _seconds(svg: Element, length_ms: int, scale: float) -> None:
    step_s = max(length_ms // 1_000 // 12, 1)
    for second in range(0, length_ms // 1_000 + 1, step_s):
        x = _LEFT + second * 1_000 * scale
        mark = SubElement(svg, "text", x=f"{x:.1f}", y="16", fill="#888888")
        mark.text = f"{second} s"
