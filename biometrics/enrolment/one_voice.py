"""Which recordings, and which parts of one, are of one voice."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.encoder import Encoder, unit, voice_in
from biometrics.errors import SamplesDisagree
from biometrics.speech import Speech
from biometrics.verification.standing import ContinuousSettings
from biometrics.voiceprint import Vector

_PART_MS = 3_000
_LEAST_PART_MS = 2_000
"""Shorter parts of one voice often differ. From two seconds on 1 of 105 recordings of one person is
taken for several, and 70 % of 196 with a stranger in the second half are found (58 people of
LibriSpeech and speechocean762, mu-law, telephone-ecapa-0)."""

_MOST_PARTS = 8
"""Each cut is another chance to hear a change where there is none."""

_FEWEST = 2
"""Recordings that can be compared; of two that differ nobody can tell which is wrong."""


def mean_voice(vectors: Sequence[Vector], nets_ms: Sequence[int]) -> Vector:
    """What the vectors have in common: their mean, weighted by the speech each rests on.

    Keeping recordings apart and scoring against their best, their mean score or their best two was
    worse: false rejects at a false match rate of 1 % of 30 % with the mean voice and of 39 % with
    either (160 speakers of speechocean762, 3 s, mu-law, telephone-ecapa-0).
    """
    weights = np.asarray(nets_ms, dtype=np.float32)
    return unit(np.average(np.stack(vectors), axis=0, weights=weights).astype(np.float32))


def check_agreement(
    vectors: Sequence[Vector], nets_ms: Sequence[int], calibration: Calibration
) -> None:
    """Compare each of at least two recordings with the mean of the others.

    Raises:
        SamplesDisagree: one does not fit; names the one that fits least.
    """
    llrs = _llrs_with_the_others(vectors, nets_ms, calibration)
    if not np.isfinite(llrs).all():
        raise SamplesDisagree("A recording holds sound that cannot be compared.")
    worst = int(np.argmin(llrs))
    if llrs[worst] < calibration.disagree_below:
        raise SamplesDisagree(
            f"Recording {worst + 1} does not sound like the same person as the others."
        )


def outliers(
    vectors: Sequence[Vector], nets_ms: Sequence[int], calibration: Calibration
) -> tuple[int, ...] | None:
    """Places of the recordings that do not sound like the rest; None when there is no rest.

    The worst is left out until those that remain agree by the rule of `check_agreement`.
    """
    left = [place for place, vector in enumerate(vectors) if np.isfinite(vector).all()]
    while len(left) >= _FEWEST:
        llrs = _llrs_with_the_others(
            [vectors[place] for place in left], [nets_ms[place] for place in left], calibration
        )
        worst = int(np.argmin(np.where(np.isfinite(llrs), llrs, -np.inf)))
        if llrs[worst] >= calibration.disagree_below:
            break
        if len(left) == _FEWEST:
            return None
        left.pop(worst)
    return tuple(place for place in range(len(vectors)) if place not in left)


def has_several_voices(speech: Speech, encoder: Encoder, calibration: Calibration) -> bool:
    """Whether the voice changes within a recording; in less than four seconds nobody can tell."""
    least_ms = max(encoder.shortest_ms, calibration.shortest_net_ms, _LEAST_PART_MS)
    parts = _parts(speech, least_ms)
    voices = [voice_in(part, encoder) for part in parts]
    nets_ms = [part.net_ms for part in parts]
    for cut in range(1, len(parts)):
        score = calibration.alike(
            mean_voice(voices[:cut], nets_ms[:cut]), mean_voice(voices[cut:], nets_ms[cut:])
        )
        shorter_ms = min(sum(nets_ms[:cut]), sum(nets_ms[cut:]))
        if calibration.pair_llr(score, shorter_ms) < ContinuousSettings().change_llr:
            return True
    return False


def _llrs_with_the_others(
    vectors: Sequence[Vector], nets_ms: Sequence[int], calibration: Calibration
) -> list[float]:
    llrs = []
    for place, vector in enumerate(vectors):
        others = [*vectors[:place], *vectors[place + 1 :]]
        their_nets_ms = [*nets_ms[:place], *nets_ms[place + 1 :]]
        score = calibration.alike(vector, mean_voice(others, their_nets_ms))
        llrs.append(calibration.llr(score, nets_ms[place]))
    return llrs


def _parts(speech: Speech, least_ms: int) -> list[Speech]:
    """The speech in equal parts, each long enough to be compared."""
    net_ms = speech.net_ms
    count = min(max(net_ms // _PART_MS, 2), _MOST_PARTS)
    if net_ms < count * least_ms:
        return []
    ends = [net_ms * part // count for part in range(count + 1)]
    return [speech.spoken(start, end) for start, end in pairwise(ends)]
