"""How often people are taken for machines, and machines for people, on recordings of one's own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from biometrics import (
    Codec,
    SpanSettings,
    SpeechDetector,
    TooFewTrials,
    UnreadableRecording,
    find_speech,
    over_telephone,
    read_recording,
)
from biometrics.liveness import LivenessFigures, ThresholdDetector, liveness_figures
from biometrics.recordings import SUFFIXES
from ivr.errors import BadTestSet

_LONGEST_MS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What recordings are heard with."""

    detector: ThresholdDetector
    speech: SpeechDetector
    codec: str = "mulaw"
    """Of the simulated line."""


def evaluate_liveness(
    people: Path,
    attacks: Sequence[Path],
    ears: Ears,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> LivenessFigures:
    """Judge every recording in folders of people and of attacks, each heard over a telephone line.

    A folder of attacks is one kind; one that holds folders is a kind for each of them. Kinds are
    told apart by the folders' names.

    Raises:
        BadTestSet: a folder or the codec cannot be used, or there are too few recordings.
    """
    codec = _codec(ears.codec)
    kinds = dict(_kinds(attacks))
    files = {"": _recordings(people), **{kind: _recordings(at) for kind, at in kinds.items()}}
    total, done = sum(map(len, files.values())), 0
    scores: dict[str, list[float | None]] = {kind: [] for kind in files}
    for kind, paths in files.items():
        for path in paths:
            scores[kind].append(_score(path, ears, codec))
            done += 1
            if progress:
                progress(done, total)
    heard = scores.pop("")
    try:
        return liveness_figures(heard, scores, threshold=ears.detector.threshold)
    except TooFewTrials as err:
        raise BadTestSet(err.sentence) from err


def rows(figures: LivenessFigures) -> Iterator[tuple[str, str, str, str]]:
    """The figures as people read them: what, share, limits, and how many of how many."""
    yield (
        "people stopped (BPCER)",
        *_told(figures.bpcer.share, figures.bpcer.limits),
        f"{figures.bpcer.errors} of {figures.bpcer.trials}",
    )
    for kind, rate in sorted(figures.apcer.items(), key=lambda item: -item[1].share):
        count = f"{rate.errors} of {rate.trials}"
        yield f"{kind} passed (APCER)", *_told(rate.share, rate.limits), count
    yield "equal error rate, all attacks", f"{100 * figures.eer:.1f} %", "", ""
    yield "too short to judge", "", "", str(figures.unanswered)


def _told(share: float, limits: tuple[float, float]) -> tuple[str, str]:
    low, high = limits
    return f"{100 * share:.1f} %", f"{100 * low:.1f} to {100 * high:.1f} %"


def _score(path: Path, ears: Ears, codec: Codec) -> float | None:
    try:
        sound = over_telephone(read_recording(path, longest_ms=_LONGEST_MS), codec)
    except UnreadableRecording as err:
        raise BadTestSet(f"{path.name} is no recording that can be read.") from err
    return ears.detector.score(find_speech(sound, ears.speech, SpanSettings()))


def _kinds(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        within = sorted(path for path in _listed(folder) if path.is_dir())
        yield from ((path.name, path) for path in within or [folder])


def _recordings(folder: Path) -> list[Path]:
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not found:
        raise BadTestSet(f"{folder} holds no recordings.")
    return found


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as err:
        raise BadTestSet(f"{folder} is no folder that can be read.") from err


def _codec(name: str) -> Codec:
    try:
        return Codec(name)
    except ValueError as err:
        raise BadTestSet(f"The codec must be one of {', '.join(Codec)}.") from err
