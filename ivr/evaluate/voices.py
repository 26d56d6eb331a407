"""How often voices are confused on an operator's own recordings."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from biometrics import Codec, SpeechDetector, TooFewTrials, VoiceFigures
from biometrics.errors import BadPeople, BadTrialList
from biometrics.evaluation.bootstrap import Resampling
from biometrics.evaluation.list_file import read_trials, write_trials
from biometrics.evaluation.lists import TrialList, all_pairs, enrolled_against_rest
from biometrics.evaluation.measure import MOST_TRIALS
from biometrics.evaluation.page import page
from biometrics.evaluation.people import read_people
from biometrics.evaluation.run import Contestant, Evaluation, Found, Plan, evaluate
from biometrics.labelled import labelled_recordings
from ivr.errors import BadTestSet

__all__ = [
    "Contestant",
    "Evaluation",
    "VoiceFigures",
    "VoicesWish",
    "evaluate_voices",
    "figures_as_json",
    "page",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicesWish:
    """What an operator wants to know."""

    codec: str = "mulaw"
    """mulaw, alaw, gsm, opus, g726 or none."""

    seconds: float | None = 3.0
    """Of each recording, from its beginning; None takes all of it."""

    enrol: int = 1
    """Recordings that an enrolment is made from. One compares every two recordings; of several,
    all that is in them is heard."""

    trials: Path | None = None
    """A list of who is compared with whom, in place of one that is made."""

    written_trials: Path | None = None
    """Where the list is kept, so that others can measure on the same trials."""

    people: Path | None = None
    """A CSV of speaker, age and sex: rates are told apart by both."""

    breaks_down: bool = False
    """Also by codec, noise and length of speech."""

    is_quick: bool = False
    """Fewer recordings in the breakdown, and rougher intervals."""

    workers: int = 1
    seed: int = 20_260


def evaluate_voices(
    folder: Path,
    wish: VoicesWish,
    *,
    detector: SpeechDetector,
    contestants: Mapping[str, Contestant],
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Measure every contestant on the same trials of the recordings in `folder`.

    `folder` holds one folder a person, with recordings of any rate, which are heard over a
    simulated telephone line. `progress` is told how much of how much is done.

    Raises:
        BadTestSet: the folder, a list or an option cannot be used.
        CalibrationUnusable: a calibration is for another encoder.
    """
    try:
        plan = _plan(wish)
        trials = _trials(folder, wish)
        if wish.written_trials:
            write_trials(trials, wish.written_trials)
        return evaluate(
            folder.name,
            trials,
            plan,
            detector=detector,
            contestants=contestants,
            progress=progress or (lambda _done, _total: None),
        )
    except (TooFewTrials, BadTrialList, BadPeople) as err:
        raise BadTestSet(err.sentence) from err


def figures_as_json(found: Found) -> dict[str, Any]:
    """All figures of one encoder, breakdowns included."""
    return asdict(found.figures) | {"parts": [asdict(part) for part in found.parts]}


def _plan(wish: VoicesWish) -> Plan:
    if wish.enrol < 1:
        raise BadTestSet("An enrolment needs at least one recording.")
    less = {"most_tests": 60, "most_persons": 20} if wish.is_quick else {}
    return Plan(
        codec=_codec(wish.codec),
        longest_ms=_longest_ms(wish.seconds),
        breaks_down=wish.breaks_down,
        people=read_people(wish.people) if wish.people else {},
        resampling=Resampling(times=100 if wish.is_quick else 300, seed=wish.seed),
        resampling_of_parts=Resampling(times=50 if wish.is_quick else 100, seed=wish.seed),
        workers=max(wish.workers, 1),
        seed=wish.seed,
        **less,
    )


def _trials(folder: Path, wish: VoicesWish) -> TrialList:
    if wish.trials:
        return read_trials(wish.trials, folder)
    recordings = labelled_recordings([folder])
    if wish.enrol == 1:
        return all_pairs(recordings, most=MOST_TRIALS, seed=wish.seed)
    return enrolled_against_rest(recordings, each=wish.enrol, seed=wish.seed)


def _codec(name: str) -> Codec:
    try:
        return Codec(name)
    except ValueError as err:
        raise BadTestSet(f"The codec must be one of {', '.join(Codec)}.") from err


def _longest_ms(seconds: float | None) -> int | None:
    if seconds is None:
        return None
    if not (math.isfinite(seconds) and seconds > 0):
        raise BadTestSet("The seconds of each recording must be more than 0.")
    return round(seconds * 1000)
