"""How well intents are told apart, and from what is none of our business."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.call import Language
from ivr.errors import BadTestSet

OUT_OF_SCOPE = "out_of_scope"
"""The label of sentences that no intent fits."""

_LET_IN = 0.95
_SEED = 20_260


class Reading(Protocol):
    """What one sentence may mean."""

    @property
    def best_first(self) -> tuple[str, ...]:
        """Every intent, most probable first."""

    @property
    def scope(self) -> float:
        """The higher, the more likely one of the intents fits."""

    @property
    def is_in_scope(self) -> bool:
        """Whether an intent is taken to fit."""


class Reader(Protocol):
    """A trained classifier."""

    def read(self, text: str, language: Language, alternatives: Sequence[str] = ()) -> Reading:
        """What the text may mean, further readings of the same words counted in."""


Train = Callable[[Sequence[tuple[str, str]]], Reader]
"""Makes a classifier of (text, label) pairs; the label out_of_scope is no intent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentFigures:
    """Shares, 0 to 1. None where no sentence could tell."""

    accuracy: float | None
    """In-scope sentences whose best intent is right, whether or not they would be refused."""

    top2: float | None
    """In-scope sentences with the right intent among the best two."""

    auroc: float | None
    """Chance that an in-scope sentence scores above an out-of-scope one."""

    in_scope_accuracy: float | None
    """In-scope sentences that are not refused and whose best intent is right."""

    out_of_scope_recall: float | None
    """Out-of-scope sentences that are refused."""

    out_of_scope_recall_at_95: float | None
    """Out-of-scope sentences refused by a limit that lets in 95 % of the in-scope ones."""

    sentences: int
    """How many were judged, in scope or not."""


def evaluate_intents(
    train_tsv: Path,
    test_tsv: Path,
    out_of_scope: Path | None,
    *,
    train: Train,
    language: Language = Language.GERMAN,
) -> IntentFigures:
    """Train on one list, judge on the other.

    `out_of_scope` holds further sentences to refuse, one a line; a label there does not matter.

    Raises:
        BadTestSet: a list is missing, empty, or a line is not `text<TAB>label`.
    """
    known = read_sentences(train_tsv)
    if len({label for _, label in known} - {OUT_OF_SCOPE}) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise BadTestSet(f"{train_tsv.name} must have at least two intents.")
    asked = read_sentences(test_tsv)
    if out_of_scope is not None:
        asked += [(text, OUT_OF_SCOPE) for text in _foreign(out_of_scope)]
    return judge(train(known), asked, language)


def evaluate_pack(pack: Reader, language: Language, test_tsv: Path) -> IntentFigures:
    """Judge a pack's classifier on sentences it has not seen.

    Raises:
        BadTestSet: the list is missing, empty, or a line is not `text<TAB>label`.
    """
    return judge(pack, read_sentences(test_tsv), language)


def evaluate_shots(  # noqa: PLR0913 - a measurement names everything it depends on
    train_tsv: Path,
    test_tsv: Path,
    out_of_scope: Path | None = None,
    *,
    shots: Sequence[int],
    train: Train,
    language: Language = Language.ENGLISH,
) -> dict[str, IntentFigures]:
    """As `evaluate_intents`, with so many sentences of each intent, drawn by chance; 0 takes all.

    The draw is the same every time.

    Raises:
        BadTestSet: as `evaluate_intents`.
    """

    def figures(count: int) -> IntentFigures:
        return evaluate_intents(
            train_tsv,
            test_tsv,
            out_of_scope,
            train=lambda known: train(_few(known, count)),
            language=language,
        )

    return {str(count or "all"): figures(count) for count in shots}


def judge(reader: Reader, asked: Sequence[tuple[str, str]], language: Language) -> IntentFigures:
    """The figures on (text, label) pairs.

    Raises:
        BadTestSet: a label is none of the intents that the classifier knows.
    """
    return figures_of([(reader.read(text, language), label) for text, label in asked])


def figures_of(readings: Sequence[tuple[Reading, str]]) -> IntentFigures:
    """The figures on readings and what they should have been.

    Raises:
        BadTestSet: a label is none of the intents that the classifier knows.
    """
    served = [(reading, label) for reading, label in readings if label != OUT_OF_SCOPE]
    foreign = [reading for reading, label in readings if label == OUT_OF_SCOPE]
    if strange := {label for reading, label in served if label not in reading.best_first}:
        raise BadTestSet(f"The intent {min(strange)} is in the test but was never taught.")
    is_right = [reading.best_first[0] == label for reading, label in served]
    is_let_in = [reading.is_in_scope for reading, _ in served]
    scores = np.array([reading.scope for reading, _ in served])
    foreign_scores = np.array([reading.scope for reading in foreign])
    return IntentFigures(
        accuracy=_share(is_right),
        top2=_share([label in reading.best_first[:2] for reading, label in served]),
        auroc=_area_under_curve(scores, foreign_scores),
        in_scope_accuracy=_share([a and b for a, b in zip(is_right, is_let_in, strict=True)]),
        out_of_scope_recall=_share([not reading.is_in_scope for reading in foreign]),
        out_of_scope_recall_at_95=_recall_at(_LET_IN, scores, foreign_scores),
        sentences=len(readings),
    )


def read_sentences(tsv: Path) -> list[tuple[str, str]]:
    """The (text, label) pairs of a list; empty lines are skipped.

    Raises:
        BadTestSet: the file is missing, empty, or a line is not `text<TAB>label`.
    """
    pairs = []
    for number, line in _lines(tsv):
        parts = [part.strip() for part in line.split("\t")]
        if len(parts) != 2 or not all(parts):  # noqa: PLR2004 - text and label
            raise BadTestSet(f"{tsv.name}, line {number}: must be text, a tab, and a label.")
        pairs.append((parts[0], parts[1]))
    return pairs


def _foreign(file: Path) -> list[str]:
    texts = [(number, line.split("\t")[0].strip()) for number, line in _lines(file)]
    if empty := [number for number, text in texts if not text]:
        raise BadTestSet(f"{file.name}, line {empty[0]}: has no text.")
    return [text for _, text in texts]


def _lines(file: Path) -> list[tuple[int, str]]:
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except FileNotFoundError as err:
        raise BadTestSet(f"{file.name}: there is no such file.") from err
    except (OSError, UnicodeDecodeError) as err:
        raise BadTestSet(f"{file.name}: cannot be read as UTF-8 text.") from err
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not kept:
        raise BadTestSet(f"{file.name}: is empty.")
    return kept


def _few(known: Sequence[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """So many pairs of each label; what is out of scope stays whole."""
    drawn = [known[index] for index in np.random.default_rng(_SEED).permutation(len(known))]
    kept: Counter[str] = Counter()
    few = []
    for text, label in drawn:
        kept[label] += 1
        if not count or label == OUT_OF_SCOPE or kept[label] <= count:
            few.append((text, label))
    return few


def _recall_at(
    let_in: float, served: NDArray[np.float64], foreign: NDArray[np.float64]
) -> float | None:
    if not len(served) or not len(foreign):
        return None
    return float((foreign < np.quantile(served, 1 - let_in)).mean())


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def _area_under_curve(served: NDArray[np.float64], foreign: NDArray[np.float64]) -> float | None:
    """Mann and Whitney's statistic; equal scores count half."""
    if not len(served) or not len(foreign):
        return None
    ordered = np.sort(foreign)
    below = np.searchsorted(ordered, served, side="left")
    up_to = np.searchsorted(ordered, served, side="right")
    return float((below + up_to).mean() / 2 / len(foreign))
