"""What is kept of a simulated call: lines, a picture, a report."""

from dataclasses import replace
from xml.etree.ElementTree import fromstring

from fakes.live import answer, quiet, sound, spoken

from ivr.call import Unheard
from ivr.live.happening import Happening
from ivr.rehearsal import PlannedTurn
from ivr.simulate.caller import TurnTimes
from ivr.simulate.junit import report
from ivr.simulate.play import Played
from ivr.simulate.tape import Tape
from ivr.simulate.timeline import picture, rows

RESULT = answer("ask", sound(20), Unheard.SILENCE).result


def played() -> Played:
    tape = Tape()
    for step in range(200):
        tape.add(
            spoken(20) if 50 <= step < 80 else quiet(20), quiet(20) if step > 40 else spoken(20)
        )
    return Played(
        via="twilio",
        results=(RESULT,),
        happened=(
            Happening(at_ms=1_700, kind="turn_ends"),
            Happening(at_ms=1_720, kind="heard", told={"text": "Ja & <genau>"}),
            Happening(at_ms=1_740, kind="answer", told={"intent": "affirm", "action": "ask"}),
        ),
        turns=(TurnTimes(title="a.wav", begins_ms=1_000, speech_ends_ms=1_600, answer_ms=1_900),),
        tape=tape,
    )


def test_lines_come_in_the_order_of_the_call() -> None:
    lines = list(rows(played()))

    places = [line[:9].strip() for line in lines[:-1]]
    assert places == sorted(places, key=lambda place: float(place.split()[0]))
    assert any("heard: Ja & <genau>" in line for line in lines)
    assert lines[-1] == "a.wav: 300 ms from the last word to the answer"


def test_a_turn_that_was_answered_early_has_no_time_but_is_told() -> None:
    call = played()
    call.turns[0].is_early = True

    assert list(rows(call))[-1] == "a.wav: answered before the last word"


def test_a_picture_is_an_svg_that_shows_both_sides() -> None:
    svg = fromstring(picture(played()))  # noqa: S314 - our own picture

    texts = [each.text for each in svg.iter() if each.tag.endswith("text")]
    assert {"caller", "machine", "turn over"} <= set(texts)
    assert "heard: Ja & <genau>" in texts


def test_a_report_tells_what_was_not_as_planned() -> None:
    wanted = {"a.wav": PlannedTurn(recording="a.wav", action="hangup")}

    suite = fromstring(report(played(), ["a.wav", "b.wav"], wanted))  # noqa: S314 - our own

    assert suite.attrib["failures"] == "2"
    first, second = suite.findall("testcase")
    assert [one.attrib["message"] for one in first] == ["action: expected hangup, found ask"]
    assert first.attrib["time"] == "0.300"
    assert [one.attrib["message"] for one in second] == ["this turn was never answered"]


def test_a_call_as_planned_has_no_failures() -> None:
    suite = fromstring(report(played(), ["a.wav"], {}))  # noqa: S314 - our own

    assert suite.attrib["failures"] == "0"
    assert replace(played(), results=()).results == ()
