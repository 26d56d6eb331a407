"""What is understood of heard sentences stands beside what is understood of their text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.call import Language, Transcript, Unheard
from ivr.evaluate.spoken_intents import Line, evaluate_spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeReading:
    best_first: tuple[str, ...]
    scope: float = 0.9
    is_in_scope: bool = True


class FakeReader:
    """The intent is the last word; alternatives have the last word of all."""

    def read(self, text: str, language: Language, alternatives: Sequence[str] = ()) -> FakeReading:
        last = ([*alternatives, text][0].split() or ["b"])[-1]
        return FakeReading(best_first=(last, "b" if last == "a" else "a"))


def hear(text: str) -> Transcript | Unheard:
    match text:
        case "silence a":
            return Unheard.SILENCE
        case "misheard a":
            return Transcript(
                text="misheard b",
                alternatives=("misheard a", "misheard b"),
                language=Language.GERMAN,
                confidence=0.5,
                engine="whisper",
            )
        case _:
            return Transcript(text=text, language=Language.GERMAN, confidence=0.9, engine="whisper")


@pytest.fixture
def test_tsv(tmp_path: Path) -> Path:
    file = tmp_path / "list.tsv"
    file.write_text("silence a\ta\nmisheard a\ta\nclear a\ta\nclear b\tb\n", "utf-8")
    return file


def test_silence_and_mishearing_are_told_apart_from_not_understanding(test_tsv: Path) -> None:
    told: list[tuple[int, int]] = []
    found = evaluate_spoken(
        FakeReader(),
        Language.GERMAN,
        test_tsv,
        line=Line(hear=hear),
        progress=lambda done, total: told.append((done, total)),
    )

    assert found.text.accuracy == 1.0
    assert found.heard.accuracy == 0.75
    assert found.heard_best_only.accuracy == 0.5
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
