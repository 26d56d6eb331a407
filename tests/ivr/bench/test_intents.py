"""Packs count by how many sentences they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from ivr.bench.intents import intents
from ivr.call import Language
from ivr.understand.pack import BUSINESSES
from ivr.wiring import House


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeReading:
    best_first: tuple[str, ...]
    is_in_scope: bool
    scope: float = 0.5


class FakeReader:
    """Takes every sentence for its first word; what has an end mark is out of scope."""

    def read(self, text: str, language: Language, alternatives: Sequence[str] = ()) -> FakeReading:
        first = text.split(maxsplit=1)[0]
        return FakeReading(best_first=(first, "a", "b"), is_in_scope=not text.endswith("."))


def test_the_readme_has_the_four_packs_as_one(tmp_path: Path) -> None:
    for number, pack in enumerate(BUSINESSES):
        right = "a please\ta\n" * (number + 1)
        for language in Language:
            lines = f"{right}b please\ta\na, no.\tout_of_scope\n"
            (tmp_path / f"{pack}.{language}.tsv").write_text(lines, "utf-8")
    house = SimpleNamespace(words=SimpleNamespace(classifier_of=lambda pack: FakeReader()))

    chart = intents(cast("House", house), tmp_path)

    shares = ("50.0 %", "100.0 %", "50.0 %", "100.0 %", "0.50", "3")
    assert chart.rows[0] == (f"{BUSINESSES[0]}, de", *shares)
    assert chart.short is not None
    assert chart.short.rows == tuple(
        (f"all four, {language}", "71.4 %", "100.0 %", "71.4 %", "100.0 %", "18")
        for language in Language
    )
