"""A turn as a person wants to read it: what each room found."""

import re
from io import StringIO
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ivr.plain_text import plain
from ivr.rehearsal import Played
from ivr.result import Result, TimingsPart, VerificationPart

_PICTURE_COLUMNS = 110
_BAR_CELLS = 32
_BAR_LLR = 8.0
"""The bar shows likelihood ratios from -8 to 8: past that nobody is in doubt."""

_COLOUR = {"accepted": "green", "rejected": "red", "spoof_suspected": "red"}


def tell(console: Console, result: Result, *, title: str) -> None:
    """Print one turn."""
    console.print(Panel(_rooms(result), title=title, title_align="left", border_style="dim"))


def tell_call(console: Console, played: Played) -> None:
    """Print every turn of a call, refusals too."""
    for turn in played.turns:
        if turn.result:
            tell(console, turn.result, title=turn.recording)
        else:
            console.print(f"refused: {turn.sentence} [{turn.error}]", markup=False)


def draw_call(played: Played, name: str, picture: Path) -> None:
    """The same as an SVG picture that loads no font from elsewhere."""
    console = Console(record=True, width=_PICTURE_COLUMNS, file=StringIO())
    tell_call(console, played)
    svg = console.export_svg(title=name)
    picture.write_text(re.sub(r"@font-face\s*{[^}]*}", "", svg), "utf-8")


def _rooms(result: Result) -> RenderableType:
    rooms = Table.grid(padding=(0, 2))
    rooms.add_column(style="dim", justify="right", no_wrap=True)
    rooms.add_column(overflow="fold")
    rooms.add_row("identify", _caller(result))
    rooms.add_row("verify", _verification(result.verification))
    rooms.add_row("transcribe", _words(result))
    rooms.add_row("understand", _intent(result))
    rooms.add_row("decide", _action(result))
    rooms.add_row("speak", Text(f"»{plain(result.action.prompt)}«", style="bold"))
    rooms.add_row("time", _times(result))
    return rooms


def _caller(result: Result) -> Text:
    caller = result.caller
    number = caller.number or "no number"
    who = f"customer {caller.customer_id}" if caller.known else "unknown"
    return Text(plain(f"{number}, {who}"))


def _verification(part: VerificationPart) -> RenderableType:
    found = Text(part.decision, style=_COLOUR.get(part.decision, "yellow"))
    if part.score is not None:
        found.append(f" · cosine {part.score:.2f}", style="dim")
    why = Text("; ".join(part.reasons), style="dim")
    if part.llr is None or part.threshold is None:
        return Group(found, why)
    return Group(found, _bar(part.llr, part.threshold), why)


def _bar(llr: float, threshold: float) -> Text:
    """The likelihood ratio as a bar; the stroke is the threshold it must reach."""
    filled, stroke = _cell(llr), _cell(threshold)
    bar = Text()
    for cell in range(_BAR_CELLS):
        is_filled = cell < filled
        if cell == stroke:
            bar.append("┃", style="bold")
        else:
            colour = "green" if llr >= threshold else "yellow"
            bar.append("█" if is_filled else "░", style=colour if is_filled else "dim")
    bar.append(f" llr {llr:+.1f}, accepted from {threshold:+.1f}", style="dim")
    return bar


def _cell(llr: float) -> int:
    share = (min(max(llr, -_BAR_LLR), _BAR_LLR) + _BAR_LLR) / (2 * _BAR_LLR)
    return min(int(share * _BAR_CELLS), _BAR_CELLS - 1)


def _words(result: Result) -> Text:
    said = result.transcript
    if said.engine is None:
        return Text("nothing was heard", style="yellow")
    return (
        Text(f"„{plain(said.text)}“")
        .append(f" · {said.language}, {said.engine}, {said.confidence:.2f}", style="dim")
        .append(f" · because of {said.fallback}" if said.fallback else "", style="yellow")
    )


def _intent(result: Result) -> Text:
    intent = result.intent
    if intent.name is None:
        return Text("nothing", style="yellow")
    slots = "".join(f" · {name} {plain(str(value))}" for name, value in intent.slots.items())
    return Text(intent.name).append(f" · {intent.confidence:.2f}{slots}", style="dim")


def _action(result: Result) -> Text:
    action = result.action
    to = f" {action.queue}, priority {action.priority}" if action.queue else ""
    return Text(action.type + to).append(f" · {'; '.join(result.reasons)}", style="dim")


def _times(result: Result) -> Text:
    times = result.timings_ms
    rooms = [name for name in TimingsPart.__slots__ if name != "total"]
    parts = ", ".join(f"{room} {getattr(times, room)}" for room in rooms)
    return Text(f"{times.total} ms").append(f" · {parts}", style="dim")
