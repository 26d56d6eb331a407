"""Who spoke when: a call as a picture, and as a few lines of text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr.live.happening import Happening
from ivr.simulate.play import Played
from ivr.simulate.tape import Stretch

_WIDTH = 1_200
_LEFT = 90
_ROW = 34
_LETTERS = 44
_LETTER = 6.3
_LABEL = 16
_LABELS_TOP = 3 * _ROW + 14

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    at: float
    """Where it happened."""

    x: float
    row: int
    words: str = field(repr=False)


def rows(played: Played) -> Iterator[str]:
    """A line of text for each thing that happened, in order."""
    told = [(one.at_ms, f"{'':8}{words}") for one in played.happened if (words := _words(one))]
    spoken = [*_spoken("caller", _caller(played)), *_spoken("machine", _machine(played))]
    for at_ms, text in sorted([*told, *spoken], key=lambda each: each[0]):
        yield f"{at_ms / 1_000:7.2f} s  {text}"
    for turn in played.turns:
        if turn.is_early:
            yield f"{turn.title}: answered before the last word"
        elif turn.first_audio_ms is not None:
            yield f"{turn.title}: {turn.first_audio_ms} ms from the last word to the answer"


def picture(played: Played) -> bytes:
    """The same as an SVG file."""
    length_ms = max(played.tape.length_ms if played.tape else 0, 1_000)
    scale = (_WIDTH - _LEFT - 20) / length_ms
    labels = _placed(played.happened, scale)
    height = _LABELS_TOP + _LABEL * (max((label.row for label in labels), default=0) + 1) + 8
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {height}",
            "font-family": "sans-serif",
            "font-size": "12",
        },
    )
    SubElement(svg, "title").text = f"A call over {played.via}"
    SubElement(svg, "rect", width=str(_WIDTH), height=str(height), fill="#ffffff")
    for label in labels:
        _draw(svg, label)
    _lane(svg, "caller", _caller(played), 0, scale)
    _lane(svg, "machine", _machine(played), 1, scale)
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


def _placed(happened: Sequence[Happening], scale: float) -> list[_Label]:
    """Each in the first row where it covers no other."""
    ends: list[float] = []
    labels = []
    for one in happened:
        words = _words(one)[:_LETTERS]
        if not words or one.kind == "partial":
            continue
        at = _LEFT + one.at_ms * scale
        width = len(words) * _LETTER + 8
        x = min(at + 2, _WIDTH - width)
        row = next((place for place, end in enumerate(ends) if end <= x), len(ends))
        ends[row : row + 1] = [x + width]
        labels.append(_Label(at=at, x=x, row=row, words=words))
    return labels


def _draw(svg: Element, label: _Label) -> None:
    y = _LABELS_TOP + _LABEL * label.row
    at = f"{label.at:.1f}"
    SubElement(svg, "line", x1=at, x2=at, y1=str(_ROW), y2=str(y - 8), stroke="#dddddd")
    text = SubElement(svg, "text", x=f"{label.x:.1f}", y=str(y), fill=_COLOURS["mark"])
    text.text = label.words


def _seconds(svg: Element, length_ms: int, scale: float) -> None:
    step_s = max(length_ms // 1_000 // 12, 1)
    for second in range(0, length_ms // 1_000 + 1, step_s):
        x = _LEFT + second * 1_000 * scale
        mark = SubElement(svg, "text", x=f"{x:.1f}", y="16", fill="#888888")
        mark.text = f"{second} s"
