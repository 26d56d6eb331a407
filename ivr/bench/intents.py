"""How well requests are understood."""

from pathlib import Path

from ivr.bench.chart import Chart, percent
from ivr.call import Language
from ivr.evaluate.intents import evaluate_pack
from ivr.understand.pack import BUSINESSES, read_pack
from ivr.wiring import House


def intents(house: House, sentences: Path) -> Chart:
    rows = []
    for name in BUSINESSES:
        classifier = house.words.classifier_of(read_pack(name))
        for language in Language:
            file = sentences / f"{name}.{language}.tsv"
            figures = evaluate_pack(classifier, language, file)
            shares = (
                figures.accuracy,
                figures.top2,
                figures.in_scope_accuracy,
                figures.out_of_scope_recall,
            )
            auroc = "" if figures.auroc is None else f"{figures.auroc:.2f}"
            rows.append(
                (f"{name}, {language}", *map(percent, shares), auroc, str(figures.sentences))
            )
    return Chart(
        title="Intents",
        made_by="Sentences that nobody trained on: `ivr evaluate intents --pack NAME TEST.tsv`.",
        columns=(
            "pack",
            "right",
            "right among two",
            "right and not refused",
            "foreign refused",
            "AUROC",
            "sentences",
        ),
        rows=tuple(rows),
        is_headline=True,
    )
