"""Trials like real use: voices enrolled from several recordings, and excerpts of calls."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biometrics.encoder import Encoder, voice_in
from biometrics.enrol import mean_voice
from biometrics.errors import TooFewTrials, UnreadableRecording
from biometrics.labelled import Labelled, Listening, Progress
from biometrics.speech import Speech, joined_speech
from biometrics.voiceprint import Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSettings:
    """What is enrolled and what is tested."""

    enrol_recordings: int = 3
    enrol_net_ms: int = 10_000
    """Recordings are joined until an enrolment holds this much speech, as one must in real use."""

    excerpts_ms: tuple[int, ...] = (1_500, 3_000, 5_000, 8_000)
    """Net speech of the excerpts that are tested."""

    excerpts_each: int = 3
    """Excerpts of each length and person, at most."""

    seed: int = 20_260


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """A recording as the encoder heard it."""

    vector: Vector
    net_ms: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """One person's part in the trials."""

    enrolment: tuple[Heard, ...]
    single: Heard
    """One recording by itself."""

    excerpts: dict[int, tuple[Heard, ...]]
    """By net speech in milliseconds. No recording is both here and enrolled."""

    @property
    def voice(self) -> Vector:
        return mean_voice([h.vector for h in self.enrolment], [h.net_ms for h in self.enrolment])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trials:
    """Cosines of one length of excerpt, shape (trials,) each."""

    net_ms: int
    target: NDArray[np.float64]
    impostor: NDArray[np.float64]


def heard_persons(
    recordings: Sequence[Labelled],
    listening: Listening,
    encoder: Encoder,
    *,
    settings: TrialSettings,
    progress: Progress,
) -> list[Person]:
    """Everybody who says enough to be enrolled and tested.

    Raises:
        TooFewTrials: that is fewer than two persons.
    """
    rng = random.Random(settings.seed)  # noqa: S311 - a repeatable shuffle, no secret
    persons: list[Person] = []
    for done, own in enumerate(_by_person(recordings)):
        speeches = [s for s in _heard(own, listening) if s.net_ms >= encoder.shortest_ms]
        rng.shuffle(speeches)
        enrolled, rest = _split(speeches, settings)
        if enrolled and rest:
            persons.append(_person(enrolled, speeches[0], rest, encoder, settings))
        progress(done + 1, len({entry.person for entry in recordings}))
    if len(persons) < 2:  # noqa: PLR2004 - two voices make a comparison
        raise TooFewTrials("Fewer than two persons say enough to be enrolled and tested.")
    return persons


def enrolled_trials(persons: Sequence[Person], settings: TrialSettings) -> list[Trials]:
    """Every excerpt against every enrolled voice, by length; lengths that nobody says are left out.

    Raises:
        TooFewTrials: no excerpt at all.
    """
    return _by_length(np.stack([person.voice for person in persons]), persons, settings)


def single_trials(persons: Sequence[Person], settings: TrialSettings) -> list[Trials]:
    """Every excerpt against one recording of everybody, as `enrolled_trials`."""
    return _by_length(np.stack([person.single.vector for person in persons]), persons, settings)


def first_speech(speech: Speech, net_ms: int) -> Speech:
    """The recording up to where `net_ms` of speech have been said, or all of it."""
    left_ms = net_ms
    for span in speech.spans:
        if span.length_ms >= left_ms:
            return speech.cut(0, span.start_ms + left_ms)
        left_ms -= span.length_ms
    return speech


def _by_person(recordings: Sequence[Labelled]) -> Iterator[list[Labelled]]:
    edges = [i for i, (a, b) in enumerate(pairwise(recordings), 1) if a.person != b.person]
    for first, last in pairwise([0, *edges, len(recordings)]):
        yield list(recordings[first:last])


def _heard(own: Sequence[Labelled], listening: Listening) -> Iterator[Speech]:
    for entry in own:
        try:
            yield listening(entry.file)
        except UnreadableRecording:
            continue


def _split(
    speeches: Sequence[Speech], settings: TrialSettings
) -> tuple[list[Speech], list[Speech]]:
    """Enough for an enrolment, always adding to its shortest recording; and what is left."""
    enrolled, rest = list(speeches[: settings.enrol_recordings]), list(speeches)[::-1]
    del rest[-len(enrolled) :]
    while rest and sum(speech.net_ms for speech in enrolled) < settings.enrol_net_ms:
        shortest = min(range(len(enrolled)), key=lambda place: enrolled[place].net_ms)
        enrolled[shortest] = joined_speech([enrolled[shortest], rest.pop()])
    return enrolled, rest


def _person(
    enrolled: Sequence[Speech],
    single: Speech,
    rest: Sequence[Speech],
    encoder: Encoder,
    settings: TrialSettings,
) -> Person:
    return Person(
        enrolment=tuple(_encoded(speech, encoder) for speech in enrolled),
        single=_encoded(single, encoder),
        excerpts={
            net_ms: tuple(
                _encoded(excerpt, encoder)
                for excerpt in list(_excerpts(rest, net_ms))[: settings.excerpts_each]
            )
            for net_ms in settings.excerpts_ms
        },
    )


def _excerpts(rest: Sequence[Speech], net_ms: int) -> Iterator[Speech]:
    """Excerpts of exactly `net_ms`, each from recordings of its own."""
    gathered: list[Speech] = []
    for speech in rest:
        gathered.append(speech)
        if sum(part.net_ms for part in gathered) >= net_ms:
            yield first_speech(joined_speech(gathered), net_ms)
            gathered = []


def _encoded(speech: Speech, encoder: Encoder) -> Heard:
    return Heard(vector=voice_in(speech, encoder), net_ms=speech.net_ms)


def _by_length(
    voices: NDArray[np.float32], persons: Sequence[Person], settings: TrialSettings
) -> list[Trials]:
    lengths_ms = [
        net_ms
        for net_ms in settings.excerpts_ms
        if any(person.excerpts[net_ms] for person in persons)
    ]
    if not lengths_ms:
        raise TooFewTrials("Nobody says anything besides the enrolment.")
    return [_trials(voices, persons, net_ms) for net_ms in lengths_ms]


def _trials(voices: NDArray[np.float32], persons: Sequence[Person], net_ms: int) -> Trials:
    target: list[NDArray[np.float32]] = []
    impostor: list[NDArray[np.float32]] = []
    for place, person in enumerate(persons):
        for excerpt in person.excerpts[net_ms]:
            cosines = voices @ excerpt.vector
            target.append(cosines[place : place + 1])
            impostor.append(np.delete(cosines, place))
    return Trials(
        net_ms=net_ms,
        target=np.concatenate(target).astype(np.float64),
        impostor=np.concatenate(impostor).astype(np.float64),
    )
