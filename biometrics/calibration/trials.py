"""Trials like real use: voices enrolled from several recordings, and excerpts of calls."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from biometrics.encoder import Encoder, voice_in
from biometrics.enrolment.enrol import mean_voice
from biometrics.errors import TooFewTrials, UnreadableRecording
from biometrics.labelled import Labelled, Progress
from biometrics.sound.quality import quality
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
    snr_db: float | None = None
    """Where it was measured and the recording has pauses to measure it by."""


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


def heard_persons(  # noqa: PLR0913 - what is heard, by whom, and how it is shown
    recordings: Sequence[Labelled],
    listening: Callable[[Path], Speech],
    encoder: Encoder,
    *,
    settings: TrialSettings,
    progress: Progress,
    workers: int = 1,
) -> list[Person]:
    """Everybody who says enough to be enrolled and tested; `workers` are heard at the same time.

    Raises:
        TooFewTrials: that is fewer than two persons.
    """
    groups = list(_by_person(recordings))

    def heard(turn: int) -> Person | None:
        speeches = [s for s in _heard(groups[turn], listening) if s.net_ms >= encoder.shortest_ms]
        # A shuffle of one's own, so that persons can be heard in any order.
        random.Random(settings.seed + turn).shuffle(speeches)  # noqa: S311 - repeatable, no secret
        enrolled, rest = enrolment_and_rest(speeches, settings)
        if not (enrolled and rest):
            return None
        return _person(enrolled, speeches[0], rest, encoder, settings)

    persons: list[Person] = []
    with ThreadPoolExecutor(workers) as pool:
        for done, person in enumerate(pool.map(heard, range(len(groups))), start=1):
            persons += [] if person is None else [person]
            progress(done, len(groups))
    if len(persons) < 2:  # noqa: PLR2004 - two voices make a comparison
        raise TooFewTrials("Fewer than two persons say enough to be enrolled and tested.")
    return persons


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


def _heard(own: Sequence[Labelled], listening: Callable[[Path], Speech]) -> Iterator[Speech]:
    for entry in own:
        try:
            yield listening(entry.file)
        except UnreadableRecording:
            continue


def enrolment_and_rest(
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
                for excerpt in list(excerpts_of(rest, net_ms))[: settings.excerpts_each]
            )
            for net_ms in settings.excerpts_ms
        },
    )


def excerpts_of(rest: Sequence[Speech], net_ms: int) -> Iterator[Speech]:
    """Excerpts of exactly `net_ms`, each from recordings of its own."""
    gathered: list[Speech] = []
    for speech in rest:
        gathered.append(speech)
        if sum(part.net_ms for part in gathered) >= net_ms:
            yield first_speech(joined_speech(gathered), net_ms)
            gathered = []


def _encoded(speech: Speech, encoder: Encoder) -> Heard:
    return Heard(
        vector=voice_in(speech, encoder), net_ms=speech.net_ms, snr_db=quality(speech).snr_db
    )
