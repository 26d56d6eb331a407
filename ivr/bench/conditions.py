"""How well words are heard when a call is not as it should be."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ivr.bench.chart import Chart, percent
from ivr.bench.words import ENGINES, word_lists
from ivr.call import Language
from ivr.evaluate.conditions import angry_voice, condition_of
from ivr.evaluate.words import WordFigures, evaluate_words
from ivr.wiring import House

_CONDITIONS = ("clean", "mulaw", "gsm", "office20", "office10", "angry")
_READ_SENTENCES = 12
_WHAT = (
    "Clean is the telephone's band without a codec, the offices are 20 and 10 dB below the voice. "
    "Angry is a synthetic voice, loud and in a hurry, even where a woman reads. What is refused as "
    "noise counts as missing."
)


def words_by_condition(house: House, fixtures: Path, speech: Path) -> Chart:
    """Vosk only where it has a model of the language."""
    rows, shares = [], []
    for name, figures in _measured(house, fixtures, speech):
        turns = {str(one.turns) for one in figures.values()}
        shares.append((name, *(percent(one.wer) for one in figures.values()), *turns))
        rows += [
            (
                name,
                condition,
                percent(one.wer),
                str(one.rejected),
                f"{one.p50_ms:.0f}",
                f"{one.p95_ms:.0f}",
                str(one.turns),
            )
            for condition, one in figures.items()
        ]
    title = "Words: by circumstances"
    short = Chart(
        title=title,
        made_by=f"Word error rates. {_WHAT} Times: [performance.md](docs/performance.md).",
        columns=("recordings", *_CONDITIONS, "turns"),
        rows=tuple(shares),
    )
    return Chart(
        title=title,
        made_by=f"{_WHAT} A handful of sentences tells where it breaks, not how often: "
        "`ivr evaluate words FILE.tsv --lang de --engine whisper --condition office10`.",
        columns=(
            "recordings",
            "circumstances",
            "word error rate",
            "refused",
            "median ms",
            "95 % ms",
            "turns",
        ),
        rows=tuple(rows),
        is_headline=True,
        short=short,
    )


def _measured(
    house: House, fixtures: Path, speech: Path
) -> Iterator[tuple[str, dict[str, WordFigures]]]:
    with tempfile.TemporaryDirectory() as folder:
        for name, file, language in word_lists(fixtures, speech, Path(folder), _READ_SENTENCES):
            for engine in ENGINES:
                if figures := _heard(house, file, language, engine):
                    yield f"{name}, {engine}", figures


def _heard(house: House, file: Path, language: Language, engine: str) -> dict[str, WordFigures]:
    recogniser = house.words.recogniser_if_here(engine)
    if recogniser is None or language not in recogniser.languages:
        return {}
    angry = angry_voice(house.studio(), language)
    return {
        name: evaluate_words(
            file,
            recogniser=recogniser,
            detector=house.voices.detector,
            language=language,
            condition=condition_of(name, angry=angry),
        )
        for name in _CONDITIONS
    }
