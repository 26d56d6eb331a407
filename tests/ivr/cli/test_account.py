from io import StringIO
from pathlib import Path

from rich.console import Console

from ivr.cli.account import draw_call, tell, tell_call
from ivr.rehearsal import Played, PlayedTurn
from ivr.result import (
    ActionPart,
    CallerPart,
    IntentPart,
    Result,
    TimingsPart,
    TranscriptPart,
    VerificationPart,
)

QUEUED = Result(
    call_id="c-1",
    caller=CallerPart(number="+4989123456", known=True, customer_id="C-1"),
    verification=VerificationPart(
        decision="accepted",
        score=0.71,
        llr=4.0,
        threshold=0.0,
        net_speech_ms=3120,
        encoder="telephone-ecapa-0",
        reasons=["3.1 s of speech"],
    ),
    transcript=TranscriptPart(
        text="Mein Koffer ist weg", language="de", confidence=0.93, engine="whisper"
    ),
    intent=IntentPart(name="baggage_lost", confidence=0.91, slots={"flight": "LH815"}),
    action=ActionPart(
        type="queue", prompt="Einen Moment.", queue="senior", priority=80, context_token="secret"
    ),
    reasons=["age 65 or older -> queue senior"],
    timings_ms=TimingsPart(transcribe=240, total=260),
)
REFUSED = PlayedTurn(recording="b.wav", error="unreadable_audio", sentence="This is no WAV.")


def told(played: Played) -> str:
    console = Console(file=StringIO(), width=100)
    tell_call(console, played)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_a_refusal_is_told_with_its_code() -> None:
    text = told(Played(turns=(REFUSED,), surprises=()))

    assert text == "refused: This is no WAV. [unreadable_audio]\n"


def test_an_account_tells_what_each_room_found_and_keeps_the_token() -> None:
    text = told(Played(turns=(PlayedTurn(recording="a.wav", result=QUEUED),), surprises=()))

    for found in (
        "+4989123456, customer C-1",
        "accepted · cosine 0.71",
        "llr +4.0, accepted from +0.0",
        "„Mein Koffer ist weg“ · de, whisper, 0.93",
        "baggage_lost · 0.91 · flight LH815",
        "queue senior, priority 80 · age 65 or older -> queue senior",
        "»Einen Moment.«",
        "260 ms",
    ):
        assert found in text
    assert "secret" not in text


def test_the_bar_is_filled_up_to_the_ratio_and_struck_at_the_threshold() -> None:
    console = Console(file=StringIO(), width=100)
    tell(console, QUEUED, title="a turn")
    (bar,) = [line for line in console.file.getvalue().splitlines() if "┃" in line]  # type: ignore[attr-defined]

    assert "█" * 16 + "┃" + "█" * 7 + "░" * 8 in bar


def test_a_call_is_drawn_without_anything_from_elsewhere(tmp_path: Path) -> None:
    picture = tmp_path / "call.svg"
    played = Played(turns=(PlayedTurn(recording="a.wav", result=QUEUED),), surprises=())

    draw_call(played, "A call", picture)
    svg = picture.read_text("utf-8")

    assert svg.startswith("<svg")
    assert "@font-face" not in svg
    assert "baggage_lost" in svg
