"""How often voices are confused among recordings that were encoded beforehand."""

from collections.abc import Iterable

from biometrics import Calibration, Codec, Take, TooFewTrials, VoiceFigures
from biometrics.calibration.trials import Heard
from biometrics.evaluation.bootstrap import Resampling
from biometrics.evaluation.condition import Condition
from biometrics.evaluation.lists import all_pairs, enrolled_against_rest
from biometrics.evaluation.measure import MOST_TRIALS, figures_of
from biometrics.evaluation.scored import Sides, scored
from biometrics.labelled import Labelled
from ivr.errors import BadTestSet


def evaluate_encoded(
    takes: Iterable[tuple[Labelled, Take | None]],
    calibration: Calibration,
    *,
    enrol: int,
    seed: int,
) -> VoiceFigures:
    """Compare every two, or enrolments of several with the rest; takes that are unfit are failures.

    How loud noise was is not kept with a take: it counts as usual.

    Raises:
        BadTestSet: there are no two voices to compare.
    """
    found = list(takes)
    recordings = [entry for entry, _ in found]
    condition = Condition(codec=Codec.NONE)
    sides = Sides(single=condition, several=condition, tested=condition)
    hearing = {
        (place, condition): Heard(vector=take.voice, net_ms=take.net_ms)
        for place, (_, take) in enumerate(found)
        if take is not None and take.voice is not None
    }
    try:
        trials = (
            all_pairs(recordings, most=MOST_TRIALS, seed=seed)
            if enrol == 1
            else enrolled_against_rest(recordings, each=enrol, seed=seed)
        )
        compared, failures = scored(trials, hearing, sides, calibration)
        return figures_of(compared, failures, resampling=Resampling(times=300, seed=seed))
    except TooFewTrials as err:
        raise BadTestSet(err.sentence) from err
