"""Every recording through every encoder, once for each condition: the part that takes time."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from biometrics.calibration.trials import Heard
from biometrics.encoder import Encoder, voice_in
from biometrics.errors import TooLittleSpeech, UnreadableRecording
from biometrics.evaluation.condition import Condition, Ear
from biometrics.labelled import Labelled, Progress
from biometrics.sound.quality import quality
from biometrics.speech import Speech

Job = tuple[int, Condition]
"""A recording, by its place, under a condition."""

Hearing = Mapping[Job, Heard]
"""What one encoder heard; a job that is missing here has failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Who listens: an ear, and behind it the encoders that are compared."""

    ear: Ear
    encoders: Mapping[str, Encoder]
    """By the names under which they are shown."""

    workers: int = 1
    """Recordings that are worked on at the same time."""

    seed: int = 0

    def hear(
        self, recordings: Sequence[Labelled], jobs: Iterable[Job], progress: Progress
    ) -> Mapping[str, Hearing]:
        """What each encoder heard in each job, by the encoders' names."""
        wanted = list(dict.fromkeys(jobs))
        heard: dict[str, dict[Job, Heard]] = {name: {} for name in self.encoders}
        with ThreadPoolExecutor(self.workers) as pool:
            found = pool.map(lambda job: self._heard(recordings[job[0]], job), wanted)
            for done, (job, by_name) in enumerate(zip(wanted, found, strict=True), start=1):
                for name, voice in by_name.items():
                    heard[name][job] = voice
                progress(done, len(wanted))
        return heard

    def _heard(self, entry: Labelled, job: Job) -> Mapping[str, Heard]:
        place, condition = job
        try:
            speech = self.ear.hear(
                entry.file, condition, person=entry.person, seed=self.seed + place
            )
        except UnreadableRecording:
            return {}
        found = {name: encoded(speech, encoder) for name, encoder in self.encoders.items()}
        return {name: voice for name, voice in found.items() if voice is not None}


def encoded(speech: Speech, encoder: Encoder) -> Heard | None:
    """The voice in `speech`; None where there is too little of it, or nothing to compare."""
    try:
        vector = voice_in(speech, encoder)
    except TooLittleSpeech:
        return None
    if not np.isfinite(vector).all():
        return None
    return Heard(vector=vector, net_ms=speech.net_ms, snr_db=quality(speech).snr_db)
