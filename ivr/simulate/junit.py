"""A simulated call as a test report that every CI reads."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr.rehearsal import PlannedTurn, surprises_of
from ivr.simulate.play import Played


def report(played: Played, titles: Sequence[str], planned: Mapping[str, PlannedTurn]) -> bytes:
    """A test case a turn.

    Args:
        played: the call.
        titles: the turns as they were given, in order.
        planned: what must come of a recording, where that was written down.
    """
    suite = Element("testsuite", name=f"call over {played.via}", tests=str(len(titles)))
    failures = 0
    for position, title in enumerate(titles):
        case = SubElement(suite, "testcase", classname=played.via, name=title)
        result = played.results[position] if position < len(played.results) else None
        wanted = planned.get(title)
        found: list[str] = []
        if result is None and played.via != "vosk":
            found = ["this turn was never answered"]
        elif result is not None and wanted is not None:
            found = surprises_of(wanted, result)
        for surprise in found:
            SubElement(case, "failure", message=surprise)
        failures += bool(found)
        if position < len(played.turns):
            first_ms = played.turns[position].first_audio_ms
            case.set("time", f"{(first_ms or 0) / 1_000:.3f}")
    suite.set("failures", str(failures))
    data: bytes = tostring(suite, encoding="utf-8", xml_declaration=True)
    return data
