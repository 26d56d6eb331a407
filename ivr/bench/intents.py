"""How well requests are understood, read and heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.bench.chart import Chart, percent, pooled
from ivr.call import Language
from ivr.evaluate.intents import OUT_OF_SCOPE, evaluate_pack, read_sentences
from ivr.evaluate.spoken_intents import Line, evaluate_spoken
from ivr.understand.pack import BUSINESSES, read_pack
from ivr.wiring import House
from ivr.wiring.spoken import heard_over_telephone

_MADE_BY = "Sentences that nobody trained on: `ivr evaluate intents --pack NAME TEST.tsv`."
_SHARES = ("right", "right among two", "right and not refused", "foreign refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shares:
    """Of one list of sentences, or of several."""

    right: tuple[float | None, ...]
    """Of the requests, counted in several ways."""

    requests: int
    refused: float | None
    """Of the foreign sentences."""

    foreign: int

    @property
    def cells(self) -> tuple[str, ...]:
        return *map(percent, self.right), percent(self.refused)


def intents(house: House, sentences: Path) -> Chart:
    """Of text. The README has the four packs as one."""
    found: dict[tuple[str, Language], _Shares] = {}
    rows = []
    for pack in BUSINESSES:
        classifier = house.words.classifier_of(read_pack(pack))
        for language in Language:
            file = sentences / f"{pack}.{language}.tsv"
            figures = evaluate_pack(classifier, language, file)
            right = figures.accuracy, figures.top2, figures.in_scope_accuracy
            one = found[pack, language] = _shares(file, right, figures.out_of_scope_recall)
            auroc = "" if figures.auroc is None else f"{figures.auroc:.2f}"
            rows.append((f"{pack}, {language}", *one.cells, auroc, str(figures.sentences)))
    totals = {
        language: _together([one for key, one in found.items() if key[1] == language])
        for language in Language
    }
    return Chart(
        title="Intents",
        made_by=_MADE_BY,
        columns=("pack", *_SHARES, "AUROC", "sentences"),
        rows=tuple(rows),
        is_headline=True,
        short=Chart(
            title="Intents",
            made_by=_MADE_BY,
            columns=("packs", *_SHARES, "sentences"),
            rows=tuple(
                (f"all four, {language}", *one.cells, str(one.requests + one.foreign))
                for language, one in totals.items()
            ),
        ),
    )


def heard_intents(house: House, sentences: Path) -> Chart:
    """Of what is heard of the same sentences, in German."""
    language = Language.GERMAN
    line = Line(hear=heard_over_telephone(house, language, "mulaw"))
    found = {}
    for pack in BUSINESSES:
        file = sentences / f"{pack}.{language}.tsv"
        classifier = house.words.classifier_of(read_pack(pack))
        figures = evaluate_spoken(classifier, language, file, line=line)
        heard = figures.heard
        right = (
            figures.text.accuracy,
            heard.accuracy,
            figures.heard_best_only.accuracy,
            heard.in_scope_accuracy,
        )
        found[pack] = _shares(file, right, heard.out_of_scope_recall)
    found["all four"] = _together(list(found.values()))
    return Chart(
        title="Intents over the telephone",
        made_by="The same German sentences, spoken by the project's voice and heard over a mu-law "
        "line: `ivr evaluate intents --pack NAME --lang de --spoken TEST.tsv`.",
        columns=(
            "pack",
            "right as text",
            "right as heard",
            "by the first reading alone",
            "heard right and not refused",
            "foreign heard and refused",
            "requests",
            "foreign",
        ),
        rows=tuple(
            (name, *one.cells, str(one.requests), str(one.foreign)) for name, one in found.items()
        ),
    )


def _shares(file: Path, right: tuple[float | None, ...], refused: float | None) -> _Shares:
    labels = [label for _, label in read_sentences(file)]
    foreign = labels.count(OUT_OF_SCOPE)
    return _Shares(right=right, requests=len(labels) - foreign, refused=refused, foreign=foreign)


def _together(lists: Sequence[_Shares]) -> _Shares:
    requests, foreign = [one.requests for one in lists], [one.foreign for one in lists]
    columns = zip(*(one.right for one in lists), strict=True)
    return _Shares(
        right=tuple(pooled(column, requests) for column in columns),
        requests=sum(requests),
        refused=pooled([one.refused for one in lists], foreign),
        foreign=sum(foreign),
    )
