"""How well requests are understood, read and heard."""

from dataclasses import dataclass
from pathlib import Path

from ivr.bench.chart import Chart, percent, pooled
from ivr.call import Language
from ivr.evaluate.intents import OUT_OF_SCOPE, IntentFigures, evaluate_pack, read_sentences
from ivr.evaluate.spoken_intents import Line, evaluate_spoken
from ivr.understand.pack import BUSINESSES, read_pack
from ivr.wiring import House
from ivr.wiring.spoken import heard_over_telephone

_TITLE = "Intents"
_MADE_BY = "Sentences that nobody trained on: `ivr evaluate intents --pack NAME TEST.tsv`."
_SHARES = ("right", "right among two", "right and not refused", "foreign refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One list of sentences."""

    pack: str
    language: Language
    requests: int
    """Of its sentences those that are in scope."""

    figures: IntentFigures


def intents(house: House, sentences: Path) -> Chart:
    """Of text. The README has the four packs as one."""
    lists = []
    for pack in BUSINESSES:
        classifier = house.words.classifier_of(read_pack(pack))
        for language in Language:
            file = sentences / f"{pack}.{language}.tsv"
            figures = evaluate_pack(classifier, language, file)
            lists.append(
                _Read(pack=pack, language=language, requests=_requests(file), figures=figures)
            )
    totals = [_total(language, lists) for language in Language]
    return Chart(
        title=_TITLE,
        made_by=_MADE_BY,
        columns=("pack", *_SHARES, "AUROC", "sentences"),
        rows=tuple(_row(one) for one in lists),
        is_headline=True,
        short=Chart(
            title=_TITLE,
            made_by=_MADE_BY,
            columns=("packs", *_SHARES, "sentences"),
            rows=tuple(totals),
        ),
    )


def heard_intents(house: House, sentences: Path) -> Chart:
    """Of what is heard of the same sentences, in German."""
    language = Language.GERMAN
    line = Line(hear=heard_over_telephone(house, language, "mulaw"))
    rows: list[tuple[str, tuple[float | None, ...], int]] = []
    for pack in BUSINESSES:
        file = sentences / f"{pack}.{language}.tsv"
        classifier = house.words.classifier_of(read_pack(pack))
        found = evaluate_spoken(classifier, language, file, line=line)
        shares = (
            found.text.accuracy,
            found.heard.accuracy,
            found.heard_best_only.accuracy,
            found.heard.in_scope_accuracy,
        )
        rows.append((pack, shares, _requests(file)))
    counts = [count for _, _, count in rows]
    together = tuple(pooled(each, counts) for each in zip(*(row[1] for row in rows), strict=True))
    rows.append(("all four", together, sum(counts)))
    return Chart(
        title="Intents over the telephone",
        made_by="The same German requests, spoken by the project's voice and heard over a mu-law "
        "line: `ivr evaluate intents --pack NAME --lang de --spoken TEST.tsv`.",
        columns=(
            "pack",
            "right as text",
            "right as heard",
            "by the first reading alone",
            "heard right and not refused",
            "requests",
        ),
        rows=tuple((name, *map(percent, shares), str(count)) for name, shares, count in rows),
    )


def _requests(file: Path) -> int:
    return sum(label != OUT_OF_SCOPE for _, label in read_sentences(file))


def _row(one: _Read) -> tuple[str, ...]:
    found = one.figures
    shares = found.accuracy, found.top2, found.in_scope_accuracy, found.out_of_scope_recall
    auroc = "" if found.auroc is None else f"{found.auroc:.2f}"
    return f"{one.pack}, {one.language}", *map(percent, shares), auroc, str(found.sentences)


def _total(language: Language, lists: list[_Read]) -> tuple[str, ...]:
    own = [one for one in lists if one.language == language]
    requests = [one.requests for one in own]
    foreign = [one.figures.sentences - one.requests for one in own]
    shares = (
        pooled([one.figures.accuracy for one in own], requests),
        pooled([one.figures.top2 for one in own], requests),
        pooled([one.figures.in_scope_accuracy for one in own], requests),
        pooled([one.figures.out_of_scope_recall for one in own], foreign),
    )
    return f"all four, {language}", *map(percent, shares), str(sum(requests) + sum(foreign))
