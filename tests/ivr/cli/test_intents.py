"""`ivr intents` and `ivr evaluate intents` refuse what they cannot use."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.errors import BadPack, BadTestSet


@pytest.mark.parametrize("words", [["check"], ["try", "Karte sperren"]])
def test_an_unknown_pack_is_refused(words: list[str]) -> None:
    refused = CliRunner().invoke(app, ["intents", *words, "--pack", "bakery"])

    assert isinstance(refused.exception, BadPack)


@pytest.mark.parametrize(
    "words",
    [
        ["a.tsv"],
        ["a.tsv", "b.tsv", "c.tsv"],
        ["a.tsv", "b.tsv", "--pack", "bank"],
        ["a.tsv", "b.tsv", "--shots", "few"],
    ],
)
def test_lists_that_do_not_fit_are_refused(words: list[str]) -> None:
    refused = CliRunner().invoke(app, ["evaluate", "intents", *words])

    assert isinstance(refused.exception, BadTestSet)


def test_a_list_is_judged_by_another(tmp_path: Path) -> None:
    train, test = tmp_path / "a.tsv", tmp_path / "b.tsv"
    train.write_text(
        "Karte sperren\tblock\nKarte weg\tblock\nKontostand bitte\tbalance\nGuthaben\tbalance\n",
        "utf-8",
    )
    test.write_text("Bitte die Karte sperren\tblock\n", "utf-8")
    file = tmp_path / "figures.json"
    told = CliRunner().invoke(
        app,
        ["evaluate", "intents", str(train), str(test), "--shots", "1,all", "--json", str(file)],
    )

    assert told.exception is None
    assert "accuracy" in told.output
    assert '"1"' in file.read_text("utf-8")
