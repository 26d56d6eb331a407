"""One honest evaluation: the same trials for every encoder, taken apart by what matters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from biometrics.calibration.calibration import Calibration
from biometrics.calibration.trials import TrialSettings
from biometrics.encoder import Encoder
from biometrics.evaluation.bootstrap import Resampling
from biometrics.evaluation.breakdown import Part, by_people, part_of
from biometrics.evaluation.condition import Condition, Ear
from biometrics.evaluation.excerpts import LENGTHS_MS, Excerpts, OnceHeard
from biometrics.evaluation.hearing import Hearing, Listeners
from biometrics.evaluation.lists import TrialList, sampled
from biometrics.evaluation.measure import VoiceFigures, figures_of
from biometrics.evaluation.noise import noises_from
from biometrics.evaluation.people import About
from biometrics.evaluation.scored import Scored, Sides, scored
from biometrics.labelled import Labelled, Progress
from biometrics.speech import SpeechDetector
from biometrics.telephone import Codec

SNRS_DB = (20, 15, 10, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """An encoder that takes part."""

    encoder: Encoder
    calibration: Calibration | None
    """Without one only its cosines are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How thoroughly to measure, and over which line."""

    codec: Codec = Codec.MULAW
    longest_ms: int | None = 3_000
    """Of each recording, from its beginning; enrolments of several recordings hear all of them."""

    breaks_down: bool = False
    people: Mapping[str, About] = field(default_factory=dict, repr=False)
    """By the names of the speakers' folders."""

    most_tests: int = 200
    """Recordings that are heard again under each codec and in each noise."""

    most_persons: int = 60
    """Speakers whose speech is cut into excerpts of each length."""

    resampling: Resampling = field(default_factory=Resampling)
    resampling_of_parts: Resampling = field(default_factory=lambda: Resampling(times=100))
    workers: int = 1
    seed: int = 20_260


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What one encoder did."""

    figures: VoiceFigures
    parts: tuple[Part, ...]
    scored: Scored = field(repr=False)
    is_calibrated: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """One folder of recordings, and what each encoder did with it."""

    name: str
    plan: Plan
    recordings: int
    speakers: int
    is_enrolled_from_several: bool
    by_encoder: Mapping[str, Found]


def evaluate(  # noqa: PLR0913 - what is measured, how, by whom, and how it is shown
    name: str,
    trials: TrialList,
    plan: Plan,
    *,
    detector: SpeechDetector,
    contestants: Mapping[str, Contestant],
    progress: Progress,
) -> Evaluation:
    """Measure every contestant on `trials`.

    Raises:
        TooFewTrials: there is nothing to compare.
        CalibrationUnusable: a calibration is for another encoder.
    """
    for contestant in contestants.values():
        if contestant.calibration is not None:
            contestant.calibration.check_fits(contestant.encoder.id)
    return _Run(name, trials, plan, detector, contestants, progress).finished()


class _Run:
    """The work of one evaluation, whose parts share recordings, ears and encoders."""

    def __init__(  # noqa: PLR0913, PLR0917 - as `evaluate`
        self,
        name: str,
        trials: TrialList,
        plan: Plan,
        detector: SpeechDetector,
        contestants: Mapping[str, Contestant],
        progress: Progress,
    ) -> None:
        self._name, self._trials, self._plan = name, trials, plan
        self._contestants = contestants
        noises = noises_from(trials.recordings, most=40, seed=plan.seed)
        self._ear = Ear(detector=detector, noises=noises)
        self._base = Condition(codec=plan.codec, longest_ms=plan.longest_ms)
        self._fewer = sampled(trials, most=plan.most_tests, seed=plan.seed)
        self._steps = _Steps(progress)

    def finished(self) -> Evaluation:
        jobs = dict.fromkeys(_sides(self._base).jobs(self._trials))
        jobs |= dict.fromkeys(
            job for _, _, sides in self._lines() for job in sides.jobs(self._fewer)
        )
        persons = self._persons()
        self._steps.expect(len(jobs) + len(self._contestants) * len({e.person for e in persons}))
        listeners = Listeners(
            ear=self._ear,
            encoders={name: own.encoder for name, own in self._contestants.items()},
            workers=self._plan.workers,
            seed=self._plan.seed,
        )
        heard = listeners.hear(self._trials.recordings, jobs, self._steps.phase())
        listening = OnceHeard(ear=self._ear, condition=replace(self._base, longest_ms=None))
        return Evaluation(
            name=self._name,
            plan=self._plan,
            recordings=len(self._trials.recordings),
            speakers=len({entry.person for entry in self._trials.recordings}),
            is_enrolled_from_several=any(len(own) > 1 for own in self._trials.enrolments),
            by_encoder={
                name: self._found(contestant, heard[name], persons, listening)
                for name, contestant in self._contestants.items()
            },
        )

    def _found(
        self,
        contestant: Contestant,
        hearing: Hearing,
        persons: Sequence[Labelled],
        listening: OnceHeard,
    ) -> Found:
        calibration = contestant.calibration
        found, failures = scored(self._trials, hearing, _sides(self._base), calibration)
        parts = self._parts(contestant, hearing, found, persons, listening)
        return Found(
            figures=figures_of(found, failures, resampling=self._plan.resampling),
            parts=tuple(parts),
            scored=found,
            is_calibrated=calibration is not None,
        )

    def _parts(
        self,
        contestant: Contestant,
        hearing: Hearing,
        found: Scored,
        persons: Sequence[Labelled],
        listening: OnceHeard,
    ) -> Iterator[Part]:
        calibration, resampling = contestant.calibration, self._plan.resampling_of_parts
        people = self._plan.people
        if people:
            yield from by_people(
                found, self._trials, people, calibration=calibration, resampling=resampling
            )
        for kind, label, sides in self._lines():
            part, failures = scored(self._fewer, hearing, sides, calibration)
            yield part_of(
                kind,
                label,
                part,
                calibration=calibration,
                resampling=resampling,
                failures=failures,
            )
        if persons:
            excerpts = Excerpts(
                settings=TrialSettings(excerpts_ms=LENGTHS_MS, seed=self._plan.seed),
                resampling=resampling,
                workers=self._plan.workers,
            )
            yield from excerpts.parts(
                persons, listening, contestant.encoder, calibration, self._steps.phase()
            )

    def _lines(self) -> Iterator[tuple[str, str, Sides]]:
        """The lines and noises that the breakdown tells apart, by kind and label."""
        if not self._plan.breaks_down:
            return
        base = _sides(self._base)
        for codec in Codec:
            other = replace(self._base, codec=codec)
            yield "codec", codec, _sides(other)
            if codec is not self._plan.codec:
                label = f"{self._plan.codec} enrolled, {codec} heard"
                yield "codec", label, replace(base, tested=other)
        yield "noise", "none added", base
        for snr_db in SNRS_DB:
            noisy = replace(self._base, snr_db=snr_db)
            yield "noise", f"{snr_db} dB", replace(base, tested=noisy)

    def _persons(self) -> tuple[Labelled, ...]:
        """The recordings of those whose speech is cut into excerpts, in the order of persons."""
        if not self._plan.breaks_down:
            return ()
        recordings = sorted(self._trials.recordings, key=lambda entry: (entry.person, entry.file))
        names = list(dict.fromkeys(entry.person for entry in recordings))
        step = max(len(names) / self._plan.most_persons, 1)
        chosen = {names[int(turn * step)] for turn in range(int(len(names) / step))}
        return tuple(entry for entry in recordings if entry.person in chosen)


class _Steps:
    """Several rounds of work as one progress."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._total, self._done = progress, 0, 0

    def expect(self, total: int) -> None:
        self._total = total

    def phase(self) -> Callable[[int, int], None]:
        """Told how far one round is; what was done before it counts as well."""
        before = self._done

        def told(done: int, _of: int) -> None:
            self._done = before + done
            self._progress(self._done, self._total)

        return told


def _sides(condition: Condition) -> Sides:
    return Sides(single=condition, several=replace(condition, longest_ms=None), tested=condition)
