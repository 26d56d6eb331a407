"""Files of conversations are read strictly, and what was done is compared entry by entry."""

from pathlib import Path

import pytest

from ivr.errors import BadTestSet

from .conversation import conversations
from .player import _not_done

ENTRY = """
conversations:
  - name: a call
    business: bank
    from: "+49 89 123456"
    speaker: klaus
    turns:
      - {turn}
"""


def read(folder: Path, turn: str) -> object:
    (folder / "calls.yaml").write_text(ENTRY.replace("{turn}", turn), "utf-8")
    return conversations(folder)


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        ("{}", "only one of them"),
        ("{says: Hallo, keys: '1'}", "only one of them"),
        ("{says: Hallo, expects: {}}", "Extra inputs"),
        ("{keys: 12 34}", "pattern"),
        ("{sound: applause}", "silence"),
        ("{says: Hallo, expect: {act: say}}", "Extra inputs"),
    ],
)
def test_a_slip_in_a_conversation_is_refused_and_named(tmp_path: Path, turn: str, why: str) -> None:
    with pytest.raises(BadTestSet, match=why) as refused:
        read(tmp_path, turn)

    assert "calls.yaml, conversation 1" in refused.value.sentence


def test_a_conversation_is_read(tmp_path: Path) -> None:
    (read_one,) = read(tmp_path, "{says: Hallo, expect: {action: ask}}")  # type: ignore[misc]

    assert (read_one.business, read_one.turns[0].expect.action) == ("bank", "ask")


def test_what_is_missing_and_what_was_done_unasked_are_surprises() -> None:
    blocked = {"action": "block_card", "customer": "C-1001", "at": "now"}

    assert _not_done([{"action": "block_card"}], [blocked]) == []
    assert _not_done([{"action": "block_card"}], []) == ["not done: {'action': 'block_card'}"]
    assert _not_done([], [blocked]) == [f"done unasked: {blocked}"]
    assert len(_not_done([{"action": "block_card"}], [blocked, blocked])) == 1
