"""How well words are heard."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ivr.bench.chart import Chart, percent
from ivr.call import Language, Transcript
from ivr.evaluate.words import WordFigures, evaluate_words
from ivr.stopwatch import Stopwatch
from ivr.studio import read_manifest
from ivr.understand.recogniser import transcribe
from ivr.wiring import House

ENGINES = ("whisper", "vosk")
_READ_SENTENCES = 60


def words(house: House, fixtures: Path, speech: Path) -> Chart:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, file, language in word_lists(fixtures, speech, Path(folder), _READ_SENTENCES):
            for engine in ENGINES:
                figures = _heard(house, file, language, engine)
                rows.append((name, engine, *figures))
    return Chart(
        title="Words: both engines side by side",
        made_by="Over a mu-law line; time from the end of the audio to the text: "
        "`ivr evaluate words FILE.tsv --lang de --engine whisper --engine vosk`.",
        columns=("recordings", "engine", "word error rate", "median ms", "95 % ms", "turns"),
        rows=tuple(rows),
    )


def transcripts(house: House, fixtures: Path) -> Chart:
    rows = []
    for one in read_manifest(fixtures).recordings:
        if not one.words:
            continue
        speech = house.voices.listen((fixtures / one.file).read_bytes())
        for engine in ENGINES:
            recogniser = house.words.recogniser_if_here(engine)
            if recogniser is None or one.language not in recogniser.languages:
                continue
            watch = Stopwatch()
            heard = transcribe(recogniser, speech, Language(one.language))
            text = heard.text if isinstance(heard, Transcript) else f"({heard})"
            rows.append((one.file, engine, f"{watch.total_ms()}", one.words, text))
    return Chart(
        title="What was said and what was heard",
        made_by="Every fixture by every engine that is installed for its language, in ms a turn.",
        columns=("recording", "engine", "ms", "said", "heard"),
        rows=tuple(rows),
    )


def _heard(house: House, file: Path, language: Language, engine: str) -> tuple[str, ...]:
    recogniser = house.words.recogniser_if_here(engine)
    if recogniser is None or language not in recogniser.languages:
        return ("no model here", "", "", "")
    figures: WordFigures = evaluate_words(
        file, recogniser=recogniser, detector=house.voices.detector, language=language
    )
    return (
        percent(figures.wer),
        f"{figures.p50_ms:.0f}",
        f"{figures.p95_ms:.0f}",
        str(figures.turns),
    )


def word_lists(
    fixtures: Path, speech: Path, folder: Path, read: int
) -> Iterator[tuple[str, Path, Language]]:
    """The fixtures by language, and so much real German speech where it is at hand."""
    recordings = [one for one in read_manifest(fixtures).recordings if one.words]
    for language in Language:
        lines = [
            f"{(fixtures / one.file).resolve()}\t{one.words}"
            for one in recordings
            if one.language == language
        ]
        yield f"fixtures, {language}", _listed(folder / f"{language}.tsv", lines), language
    kerstin = speech / "kerstin.tsv"
    if kerstin.is_file():
        lines = [
            f"{speech.resolve()}/{line}" for line in kerstin.read_text("utf-8").splitlines()[:read]
        ]
        name = f"a woman reading {read} sentences, de"
        yield name, _listed(folder / "read.tsv", lines), Language.GERMAN


def _listed(file: Path, lines: Sequence[str]) -> Path:
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file
