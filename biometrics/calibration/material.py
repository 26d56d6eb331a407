"""What labelled people say, heard by the encoder, to learn a calibration from."""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

import numpy as np

from biometrics.calibration.trials import (
    Heard,
    TrialSettings,
    enrolment_and_rest,
    excerpts_of,
    first_speech,
)
from biometrics.encoder import CONTEXT_MS, Encoder, voice_in
from biometrics.enrolment.enrol import mean_voice
from biometrics.errors import UnreadableRecording
from biometrics.labelled import Labelled, Progress
from biometrics.sound.quality import quality
from biometrics.speech import Speech
from biometrics.voiceprint import Vector

Half = Literal["a", "b"]

_PAIR_LENGTHS_MS = (3_000, 1_500, 5_000, 3_600_000)
"""Single recordings are cut to these lengths in turn; the last takes them whole."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """What one person gives to learn from. No recording is used twice in one comparison."""

    name: str
    source: int
    """Place of the folder the person was found in; only people of one folder are compared."""

    singles: tuple[Heard, ...]
    """Single recordings, of several lengths."""

    enrolment: tuple[Heard, ...] = ()
    """Empty where the person says too little to be enrolled and tested."""

    excerpts: tuple[Heard, ...] = ()

    @property
    def voice(self) -> Vector:
        """Of the enrolment: the mean, which in measurements beat keeping the recordings apart."""
        return mean_voice([h.vector for h in self.enrolment], [h.net_ms for h in self.enrolment])

    @property
    def typical(self) -> Vector:
        """Of everything the person says by itself; for a cohort."""
        return mean_voice([h.vector for h in self.singles], [h.net_ms for h in self.singles])


def in_half(name: str, half: Half) -> bool:
    """Whether a person belongs to this half of everybody, always and everywhere the same one."""
    is_even = hashlib.sha256(name.encode()).digest()[0] % 2 == 0
    return is_even == (half == "a")


def half_of(recordings: Sequence[Labelled], half: Half) -> tuple[Labelled, ...]:
    """The recordings of one half of the people; the folder they lie in does not matter."""
    return tuple(entry for entry in recordings if in_half(Path(entry.person).name, half))


def gathered(
    sources: Sequence[Sequence[Labelled]],
    listening: Callable[[Path], Speech],
    encoder: Encoder,
    *,
    settings: TrialSettings,
    progress: Progress,
) -> tuple[Person, ...]:
    """Everybody in `sources`, a sequence of recordings a folder, who says anything at all."""
    groups = [
        (place, name, list(own))
        for place, recordings in enumerate(sources)
        for name, own in groupby(recordings, key=lambda entry: entry.person)
    ]
    people = []
    for done, (place, name, own) in enumerate(groups, start=1):
        speeches = [s for s in _heard(own, listening) if s.net_ms >= encoder.shortest_ms]
        # A shuffle of one's own, so that who else is there changes nothing.
        random.Random(f"{settings.seed} {Path(name).name}").shuffle(speeches)  # noqa: S311 - no secret
        if speeches:
            person = _alone(name, place, speeches, encoder, settings)
            people.append(_enrolled(person, speeches, encoder, settings))
        progress(done, len(groups))
    return tuple(people)


def _heard(own: Sequence[Labelled], listening: Callable[[Path], Speech]) -> Iterator[Speech]:
    for entry in own:
        try:
            yield listening(entry.file)
        except UnreadableRecording:
            continue


def _alone(
    name: str, source: int, speeches: Sequence[Speech], encoder: Encoder, settings: TrialSettings
) -> Person:
    cut = [
        first_speech(speech, _PAIR_LENGTHS_MS[place % len(_PAIR_LENGTHS_MS)])
        for place, speech in enumerate(speeches[: settings.enrol_recordings + 1])
    ]
    return Person(name=name, source=source, singles=tuple(_encoded(s, encoder) for s in cut))


def _enrolled(
    person: Person, speeches: Sequence[Speech], encoder: Encoder, settings: TrialSettings
) -> Person:
    """With an enrolment as in use and what to test it with, where the person says enough."""
    enrolled, rest = enrolment_and_rest(speeches, settings)
    if not (rest and settings.excerpts_ms):
        return person
    excerpts = [
        _encoded(excerpt, encoder)
        for net_ms in settings.excerpts_ms
        for excerpt in list(excerpts_of(rest, net_ms))[: settings.excerpts_each]
    ]
    return replace(
        person,
        enrolment=tuple(_encoded(speech, encoder) for speech in enrolled),
        excerpts=tuple(excerpts),
    )


def _encoded(speech: Speech, encoder: Encoder) -> Heard:
    """Its noise is measured as a verification measures it: without the long pauses."""
    snr_db = quality(speech.in_context(CONTEXT_MS)).snr_db
    vector = np.asarray(voice_in(speech, encoder), dtype=np.float32)
    return Heard(vector=vector, net_ms=speech.net_ms, snr_db=snr_db)
