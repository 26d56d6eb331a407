from pathlib import Path

import pytest
from fakes.scripted import scripted_rooms

from ivr.call import Language, Withheld
from ivr.errors import BadTestSet, UnreadableAudio
from ivr.pipeline import Pipeline
from ivr.rehearsal import PlannedCall, play, read_script
from ivr.rooms import Rooms
from ivr.switchboard import Switchboard

TURN = {"recording": "a.wav", "decision": ["not_enrolled"], "intent": "go", "action": "say"}


def played_with(turn: dict[str, object], folder: Path, rooms: Rooms | None = None) -> list[str]:
    (folder / "a.wav").write_bytes(b"...")
    planned = PlannedCall.model_validate({"name": "a call", "from": "", "turns": [turn]})
    pipeline = Pipeline(rooms or scripted_rooms(), default_language=Language.GERMAN)
    switchboard = Switchboard(pipeline, capacity=1)
    return list(play(planned, folder, switchboard, lambda _: Withheld()).surprises)


@pytest.mark.parametrize(
    ("change", "surprise"),
    [
        ({"decision": ["accepted", "rejected"]}, "accepted or rejected, found not_enrolled"),
        ({"intent": "stay"}, "intent: expected stay, found go"),
        ({"action": "ask"}, "action: expected ask, found say"),
        ({"queue": "vip"}, "queue: expected vip, found None"),
        ({"priority": 80}, "priority: expected 80, found None"),
        ({"says": ["Klaus"]}, "the prompt lacks: Klaus"),
        ({"never_says": ["done"]}, "the prompt holds: done"),
        ({"error": "unreadable_audio"}, "error: expected unreadable_audio, found None"),
    ],
)
def test_what_was_not_planned_is_a_surprise(
    tmp_path: Path, change: dict[str, object], surprise: str
) -> None:
    (found,) = played_with({**TURN, **change}, tmp_path)

    assert surprise in found


def test_an_error_nobody_planned_is_a_surprise(tmp_path: Path) -> None:
    def refuse(_audio: bytes) -> object:
        raise UnreadableAudio("no sound")

    rooms = scripted_rooms(listen=refuse)

    assert played_with(TURN, tmp_path, rooms) == ["error: expected None, found unreadable_audio"]
    assert played_with({"recording": "a.wav", "error": "unreadable_audio"}, tmp_path, rooms) == []


def test_a_call_as_planned_has_no_surprises(tmp_path: Path) -> None:
    assert played_with(TURN, tmp_path) == []


@pytest.mark.parametrize("text", [None, "calls = 1", "[[calls]]\nname = 'x'", "[["])
def test_a_script_that_cannot_be_used_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.toml").write_text(text)

    with pytest.raises(BadTestSet, match=r"manifest\.toml"):
        read_script(tmp_path)
