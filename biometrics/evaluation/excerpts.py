"""How much speech is enough: voices enrolled as in use, against excerpts of a given length."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.calibration.trials import Heard, Person, TrialSettings, heard_persons
from biometrics.encoder import Encoder
from biometrics.errors import TooFewTrials, UnreadableRecording
from biometrics.evaluation.bootstrap import Resampling
from biometrics.evaluation.breakdown import Part, part_of
from biometrics.evaluation.condition import Condition, Ear
from biometrics.evaluation.scored import Compared, Scored, ratios
from biometrics.labelled import Labelled, Progress
from biometrics.speech import Speech

LENGTHS_MS = (1_000, 2_000, 3_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceHeard:
    """Hears each recording once, however many encoders ask for it."""

    ear: Ear
    condition: Condition
    _kept: dict[Path, Speech | UnreadableRecording] = field(default_factory=dict, repr=False)

    def __call__(self, file: Path) -> Speech:
        if file not in self._kept:
            try:
                self._kept[file] = self.ear.hear(file, self.condition, person="", seed=0)
            except UnreadableRecording as err:
                self._kept[file] = err
        found = self._kept[file]
        if isinstance(found, UnreadableRecording):
            raise found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpts:
    """How speech is cut for the question of how much is enough."""

    settings: TrialSettings
    resampling: Resampling
    workers: int = 1

    def parts(
        self,
        recordings: Sequence[Labelled],
        listening: Callable[[Path], Speech],
        encoder: Encoder,
        calibration: Calibration | None,
        progress: Progress,
    ) -> Iterator[Part]:
        """A part for each length, first of voices enrolled from three recordings, then from one.

        Nothing where fewer than two persons say enough to be enrolled and tested.
        """
        try:
            persons = heard_persons(
                recordings,
                listening,
                encoder,
                settings=self.settings,
                progress=progress,
                workers=self.workers,
            )
        except TooFewTrials:
            return
        for is_several in (True, False):
            kind = "speech, enrolled from three" if is_several else "speech, enrolled from one"
            for net_ms in self.settings.excerpts_ms:
                if found := _scored(persons, net_ms, calibration, is_several=is_several):
                    yield part_of(
                        kind,
                        f"{net_ms / 1000:g} s",
                        found,
                        calibration=calibration,
                        resampling=self.resampling,
                    )


def _voice(person: Person, *, is_several: bool) -> Heard:
    if not is_several:
        return person.single
    return Heard(vector=person.voice, net_ms=sum(part.net_ms for part in person.enrolment))


def _scored(
    persons: Sequence[Person], net_ms: int, calibration: Calibration | None, *, is_several: bool
) -> Scored | None:
    """Every excerpt against every voice; None where nobody says so much."""
    tests = [(turn, test) for turn, own in enumerate(persons) for test in own.excerpts[net_ms]]
    if not tests:
        return None
    enrolled = [_voice(person, is_several=is_several) for person in persons]
    owners = np.tile(np.arange(len(persons)), len(tests))
    tested = np.repeat([turn for turn, _ in tests], len(persons))
    vectors = np.stack([voice.vector for voice in enrolled]).astype(np.float64)
    heard = np.stack([test.vector for _, test in tests]).astype(np.float64)
    compared = Compared(
        voices=enrolled * len(tests),
        tests=[test for _, test in tests for _ in persons],
        cosines=(heard @ vectors.T).ravel(),
        is_several=np.full(len(owners), is_several),
    )
    return Scored(
        is_target=owners == tested,
        enrolled=owners,
        tested=tested,
        cosines=compared.cosines,
        ratios=None if calibration is None else ratios(compared, calibration),
    )
