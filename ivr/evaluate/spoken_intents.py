"""What is understood of sentences that were spoken over a telephone line, against their text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.call import Language, Transcript, Unheard
from ivr.evaluate.intents import IntentFigures, Reader, figures_of, read_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A voice at one end and a recogniser at the other."""

    hear: Callable[[str], Transcript | Unheard]
    """Speaks the sentence, sends it over the line and hears it."""

    alternatives: int = 1
    """Further readings that count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenFigures:
    """The same sentences read and heard."""

    text: IntentFigures
    heard: IntentFigures
    heard_best_only: IntentFigures
    """Without the recogniser's further readings."""


def evaluate_spoken(
    reader: Reader,
    language: Language,
    test_tsv: Path,
    *,
    line: Line,
    progress: Callable[[int, int], None] | None = None,
) -> SpokenFigures:
    """Judge a classifier on the text of each sentence and on what is heard of it.

    Raises:
        BadTestSet: the list is missing, empty, or a line is not `text<TAB>label`.
    """
    asked = read_sentences(test_tsv)
    heard: list[tuple[str, ...]] = []
    for text, _ in asked:
        heard.append(_texts(line.hear(text), line.alternatives))
        if progress:
            progress(len(heard), len(asked))
    labels = [label for _, label in asked]

    def figures(texts: Sequence[tuple[str, ...]]) -> IntentFigures:
        readings = [reader.read(best, language, rest) for best, *rest in texts]
        return figures_of(list(zip(readings, labels, strict=True)))

    return SpokenFigures(
        text=figures([(text,) for text, _ in asked]),
        heard=figures(heard),
        heard_best_only=figures([texts[:1] for texts in heard]),
    )


def _texts(heard: Transcript | Unheard, alternatives: int) -> tuple[str, ...]:
    if isinstance(heard, Unheard):
        return ("",)
    return (heard.text, *heard.alternatives[:alternatives])
