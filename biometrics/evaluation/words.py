"""What the page says: what the figures mean to somebody who has to answer for them."""

import numpy as np

from biometrics.evaluation.measure import is_measurable
from biometrics.evaluation.run import Evaluation, Found
from biometrics.evaluation.svg import percent

MEANINGS = """<dl>
<dt>False match rate (FMR)</dt>
<dd>How often a stranger is taken for the customer. You choose it; all else follows.</dd>
<dt>False non-match rate (FNMR)</dt>
<dd>How often a customer is not recognised at that choice, and has to prove who they are in
another way.</dd>
<dt>Equal error rate (EER)</dt>
<dd>Where both rates are the same. Good for comparing encoders; nobody would work there.</dd>
<dt>minDCF, actDCF</dt>
<dd>What both errors cost where one call in a hundred is genuine (NIST): minDCF with the best
threshold, found afterwards; actDCF with the threshold that follows from the calibration. 1 is as
good as refusing everybody. The nearer they are to each other, the more a ratio can be taken at its
word.</dd>
<dt>Cllr, min Cllr</dt>
<dd>What the likelihood ratios are worth over all thresholds, in bits: 0 is perfect, 1 is knowing
nothing. The difference is what calibration loses.</dd>
<dt>Failures to enrol and to acquire; FAR, FRR</dt>
<dd>Recordings that hold too little speech or cannot be read. FAR and FRR count them as refusals
(ISO/IEC 19795-1), so that nothing looks better by leaving them out.</dd>
<dt>95 % interval</dt>
<dd>Other people would have given other figures, which lie in this interval with 95 % confidence.
People are drawn anew, not trials, since the trials of one person hang together.</dd>
</dl>"""

_FEW_PEOPLE = 30


def in_short(name: str, found: Found, threshold: float | None) -> str:
    """What somebody reads who reads nothing else."""
    figures = found.figures
    refused, strict = 100 * figures.fnmr_at_fmr_1e2, 100 * figures.fnmr_at_fmr_1e3
    low, high = figures.intervals.get("fnmr_at_fmr_1e2", (0.0, 1.0))
    said = (
        f"If one stranger in 100 may be accepted, {name} does not recognise {refused:.1f} of 100 "
        f"genuine calls (between {100 * low:.0f} and {100 * high:.0f})"
    )
    if is_measurable(1e-3, figures.impostor_trials):
        said = f"{said}; if only one in 1000 may be, {strict:.1f}."
    else:
        said = f"{said}; for one in 1000 there are too few trials."
    return f"{said} {_as_set(found, threshold)}".strip()


def _as_set(found: Found, threshold: float | None) -> str:
    """What the threshold in use does to these trials."""
    if threshold is None:
        return ""
    scored = found.scored
    accepted = scored.judged >= threshold
    callers = 100 * float(np.mean(accepted[scored.is_target]))
    strangers = 100 * float(np.mean(accepted[~scored.is_target]))
    return (
        f"As it is set now, it accepts {callers:.1f} of 100 genuine calls and {strangers:.2f} of "
        "100 strangers."
    )


_ALWAYS = """Impostors here are other people who speak as themselves. Imitation, replay and \
synthetic voices are another test: ivr evaluate liveness.
The line is simulated: codec and band are real; lost packets, handsets and echo are not here. \
Measure recordings of your own lines.
Where each person was recorded in one sitting, room and microphone speak for the right person too. \
Real callers, weeks later and from another telephone, do worse."""


def caveats(evaluation: Evaluation) -> list[str]:
    """What these figures do not show."""
    one = next(iter(evaluation.by_encoder.values())).figures
    least = percent(3 / one.impostor_trials, 3)
    said = [
        (
            f"Rule of three: no error at all in {one.impostor_trials:,} impostor trials would only "
            f"show a rate under {least}. The trials share {one.speakers} people, so they show less."
        )
    ]
    if one.speakers < _FEW_PEOPLE:
        said += [f"Only {one.speakers} people: the intervals are wide, and still too narrow."]
    return [*_ALWAYS.splitlines()[::-1], *said]
