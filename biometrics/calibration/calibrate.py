"""Learn a calibration from folders of labelled speech, one folder a person in each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.calibration.calibration_file import COHORT_FILE, write_calibration
from biometrics.calibration.cohort import Cohort, write_cohort
from biometrics.calibration.learn import Learned, Line, Origin, learn
from biometrics.calibration.material import Half, Person, gathered, half_of
from biometrics.calibration.proof import Costs, Proof, left_out, proof
from biometrics.calibration.trials import TrialSettings
from biometrics.encoder import Encoder
from biometrics.errors import TooFewTrials
from biometrics.labelled import Labelled, Listening, Progress, labelled_recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """What is learned from, and what it is learned for."""

    folders: tuple[Path, ...]
    """Each holds one folder a person and weighs the same; only its own people are compared."""

    lines: Mapping[str, Listening]
    """How recordings are heard, by the name of the line; the first comes into use."""

    half: Half | None = None
    """Only this half of the people, so that the other can test."""

    cohort: tuple[Path, ...] = ()
    """Folders of other people to try as a cohort, beside the people themselves."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taught:
    """What was learned, and what it is worth on people it was not learned from."""

    learned: Learned
    proof: Proof | None
    pairs_left_out: Mapping[str, Costs]
    """Single recordings of each folder, judged by a rule of all the others."""


def calibrate(
    teaching: Teaching,
    encoder: Encoder,
    origin: Origin,
    *,
    before: Calibration | None,
    progress: Progress,
) -> Taught:
    """The calibration of `encoder` that the people in the folders teach.

    Raises:
        TooFewTrials: there are too few people or recordings to promise the false match rate.
    """
    lines = _lines(teaching, encoder, progress)
    foreign = _foreign(teaching, encoder, origin)
    learned = learn(lines, encoder, origin, foreign=foreign)
    calibration, channel = learned.calibration, lines[0].channel
    # Whoever normalised scores before judged scores of another scale.
    is_comparable = learned.cohort is None and (before is None or not before.cohort_sha256)
    left = left_out(learned.pairs[channel], learned.span)
    return Taught(
        learned=learned,
        proof=proof(
            learned.enrolled[channel], calibration, learned.span, before if is_comparable else None
        ),
        pairs_left_out={teaching.folders[place].name: found for place, found in left.items()},
    )


def write_learned(learned: Learned, file: Path) -> Calibration:
    """Keep the calibration in `file`, and beside it the cohort it needs, if it needs one.

    Raises:
        CalibrationUnusable: they cannot be written.
    """
    calibration, cohort = learned.calibration, learned.cohort
    if cohort is not None:
        sha256 = write_cohort(cohort, file.with_name(COHORT_FILE))
        calibration = replace(calibration, cohort_sha256=sha256)
    write_calibration(calibration, file)
    return calibration


def _lines(teaching: Teaching, encoder: Encoder, progress: Progress) -> list[Line]:
    """The same people on every line: who could not be heard on one is left out of all."""
    sources = [_recordings(folder, teaching.half) for folder in teaching.folders]
    heard: dict[str, dict[str, Person]] = {}
    for turn, (channel, listening) in enumerate(teaching.lines.items()):
        people = gathered(
            sources,
            listening,
            encoder,
            settings=TrialSettings(),
            progress=_part(progress, turn, len(teaching.lines)),
        )
        heard[channel] = {person.name: person for person in people}
    everywhere = [
        n for n in next(iter(heard.values())) if all(n in each for each in heard.values())
    ]
    if not everywhere:
        raise TooFewTrials("Nobody in the folders says anything that can be compared.")
    return [
        Line(channel=channel, people=tuple(people[name] for name in everywhere))
        for channel, people in heard.items()
    ]


def _recordings(folder: Path, half: Half | None) -> tuple[Labelled, ...]:
    found = labelled_recordings([folder])
    return found if half is None else half_of(found, half)


def _part(progress: Progress, turn: int, turns: int) -> Progress:
    return lambda done, total: progress(turn * total + done, turns * total)


def _foreign(teaching: Teaching, encoder: Encoder, origin: Origin) -> Cohort | None:
    if not teaching.cohort:
        return None
    people = gathered(
        [labelled_recordings([folder]) for folder in teaching.cohort],
        next(iter(teaching.lines.values())),
        encoder,
        settings=replace(TrialSettings(), excerpts_ms=()),
        progress=lambda _done, _total: None,
    )
    return Cohort(
        encoder=encoder.id,
        weights_sha256=origin.weights_sha256,
        vectors=np.stack([person.typical for person in people]),
    )
