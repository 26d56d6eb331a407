"""Whole results as they were read and approved, and how a new one is compared with them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ivr.understand.plausible import words

FOLDER = Path(__file__).with_name("expected")

NOT_COMPARED = ("timings_ms", "call_id")
"""New in every run."""

TOLERANCE = {
    "score": 0.05,
    "llr": 1.0,
    "incremental_score": 0.05,
    "incremental_llr": 1.0,
    "confidence": 0.15,
    "net_speech_ms": 150,
}
"""Processors round differently."""


def compared(call: str, turns: list[dict[str, Any]]) -> None:
    """Assert that the turns are what was approved.

    With REWRITE_EXPECTED set they are written down instead, to be read and approved.
    """
    file = FOLDER / f"{call}.json"
    bare = [_bare(turn) for turn in turns]
    if os.environ.get("REWRITE_EXPECTED"):
        file.write_text(json.dumps(bare, indent=1, ensure_ascii=False) + "\n", "utf-8")
    approved = json.loads(file.read_text("utf-8"))
    assert [_in_words(turn) for turn in bare] == [_tolerant(_in_words(turn)) for turn in approved]


def _bare(turn: dict[str, Any]) -> dict[str, Any]:
    bare = {name: part for name, part in turn.items() if name not in NOT_COMPARED}
    if "action" in bare:
        token = bare["action"]["context_token"]
        bare["action"] = {**bare["action"], "context_token": token and "a token"}
    if "verification" in bare:
        bare["verification"] = {**bare["verification"], "reasons": "not compared"}
    return bare


def _in_words(turn: dict[str, Any]) -> dict[str, Any]:
    """Without the commas and full stops of what was heard: they differ between processors, too."""
    heard = turn.get("transcript")
    if not heard:
        return turn
    return {**turn, "transcript": {**heard, "text": words(heard["text"])}}


def _tolerant(part: Any, name: str = "") -> Any:
    if isinstance(part, dict):
        return {key: _tolerant(value, key) for key, value in part.items()}
    if name in TOLERANCE and isinstance(part, int | float):
        return pytest.approx(part, abs=TOLERANCE[name])
    return part
