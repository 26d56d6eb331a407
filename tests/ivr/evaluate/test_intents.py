"""Figures are what their names say, and a list with a slip is refused."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.call import Language
from ivr.errors import BadTestSet
from ivr.evaluate.intents import IntentFigures, evaluate_intents, evaluate_pack, evaluate_shots


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeReading:
    best_first: tuple[str, ...]
    scope: float
    is_in_scope: bool


class FakeReader:
    """Reads "b .7" as: b is best, scope is 0.7; from 0.5 on it is in scope."""

    def read(self, text: str, language: Language, alternatives: Sequence[str] = ()) -> FakeReading:
        best, scope = text.split()
        order = sorted("abc", key=lambda name: (name != best, name))
        return FakeReading(
            best_first=tuple(order), scope=float(scope), is_in_scope=float(scope) >= 0.5
        )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "list.tsv: is empty."),
        ("\n\n", "list.tsv: is empty."),
        ("a .9\ta\n\na .9 a\n", "list.tsv, line 3: must be text, a tab, and a label."),
        ("a .9\ta\tb\n", "list.tsv, line 1: must be text, a tab, and a label."),
        ("\ta\n", "list.tsv, line 1: must be text, a tab, and a label."),
        ("a .9\t \n", "list.tsv, line 1: must be text, a tab, and a label."),
        ("a .9\tz\n", "The intent z is in the test but was never taught."),
    ],
)
def test_a_list_with_a_slip_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "list.tsv"
    file.write_text(content, "utf-8")
    with pytest.raises(BadTestSet) as refused:
        evaluate_pack(FakeReader(), Language.GERMAN, file)

    assert sentence == refused.value.sentence


def test_a_missing_list_and_one_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTestSet, match=r"list\.tsv: there is no such file"):
        evaluate_pack(FakeReader(), Language.GERMAN, tmp_path / "list.tsv")
    (tmp_path / "list.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(BadTestSet, match="cannot be read as UTF-8"):
        evaluate_pack(FakeReader(), Language.GERMAN, tmp_path / "list.tsv")


def test_training_needs_two_intents(tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    file.write_text("a .9\ta\nx .1\tout_of_scope\n", "utf-8")
    with pytest.raises(BadTestSet, match="at least two intents"):
        evaluate_intents(file, file, None, train=lambda _: FakeReader())


def test_the_figures_of_a_pack(tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    rows = ["a .9\ta", "b .8\tb", "b .6\ta", "c .4\tc", "a .7\tout_of_scope", "a .1\tout_of_scope"]
    file.write_text("\n".join(rows), "utf-8")

    expected = IntentFigures(
        accuracy=0.75,
        top2=1.0,
        auroc=0.75,
        in_scope_accuracy=0.5,
        out_of_scope_recall=0.5,
        out_of_scope_recall_at_95=0.5,
        sentences=6,
    )
    assert expected == evaluate_pack(FakeReader(), Language.GERMAN, file)


def test_what_no_sentence_can_tell_is_none(tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    file.write_text("a .9\ta\n", "utf-8")
    figures = evaluate_pack(FakeReader(), Language.GERMAN, file)

    assert (figures.accuracy, figures.auroc, figures.out_of_scope_recall) == (1.0, None, None)


def test_foreign_sentences_come_with_or_without_a_label(tmp_path: Path) -> None:
    train, test, foreign = tmp_path / "a.tsv", tmp_path / "b.tsv", tmp_path / "c.txt"
    train.write_text("eins\ta\nzwei\tb\n", "utf-8")
    test.write_text("a .9\ta\n", "utf-8")
    foreign.write_text("a .1\nb .6\twhatever\n", "utf-8")
    taught: list[tuple[str, str]] = []

    def teach(pairs: Sequence[tuple[str, str]]) -> FakeReader:
        taught.extend(pairs)
        return FakeReader()

    figures = evaluate_intents(train, test, foreign, train=teach)

    assert taught == [("eins", "a"), ("zwei", "b")]
    assert (figures.auroc, figures.out_of_scope_recall, figures.sentences) == (1.0, 0.5, 3)


def test_so_many_sentences_of_each_intent_are_taught(tmp_path: Path) -> None:
    train, test = tmp_path / "a.tsv", tmp_path / "b.tsv"
    rows = [f"{number} .9\t{label}" for label in "ab" for number in range(5)]
    foreign = [f"{number} .1\tout_of_scope" for number in range(5)]
    train.write_text("\n".join(rows + foreign), "utf-8")
    test.write_text("a .9\ta\n", "utf-8")
    taught: list[Counter[str]] = []

    def teach(pairs: Sequence[tuple[str, str]]) -> FakeReader:
        taught.append(Counter(label for _, label in pairs))
        return FakeReader()

    figures = evaluate_shots(train, test, shots=[2, 0], train=teach)

    assert [*figures] == ["2", "all"]
    assert taught == [
        {"a": 2, "b": 2, "out_of_scope": 5},
        {"a": 5, "b": 5, "out_of_scope": 5},
    ]
