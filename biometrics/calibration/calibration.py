"""What a score means: from cosine, length and clearness of speech to a ratio and a decision."""

import math
from dataclasses import dataclass, field, replace

from biometrics.calibration.cohort import Cohort
from biometrics.calibration.profile import POOLED, Coefficients, Profile, clearness
from biometrics.calibration.strangers import Strangers, rate_at, smallest_fmr, threshold_at
from biometrics.errors import CalibrationUnusable
from biometrics.score import cosine
from biometrics.voiceprint import EncoderId, Vector

__all__ = ["AGAIN", "Calibration", "Coefficients"]

AGAIN = "make one with `ivr calibrate`."
_GENERAL = "This kind of line has no calibration of its own; that of all lines is used."


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the scores of one encoder mean, learned from labelled telephone speech."""

    encoder: EncoderId
    weights_sha256: str
    """Of the encoder's weights; other weights make other scores."""

    coefficients: Coefficients
    """For an enrolled voice, of at least three recordings and ten seconds, against speech."""

    pair_coefficients: Coefficients
    """For one recording against one other, whose scores are lower."""

    shortest_net_ms: int
    """Least speech of a call it was learned from; less cannot be judged."""

    longest_net_ms: int
    """Most speech of a call it was learned from; more counts as this much."""

    fmr: float
    """Share of strangers who are accepted at `threshold`, 0 to 1."""

    threshold: float
    """The llr from which a voice is accepted."""

    reject_below: float
    """The llr under which a voice is rejected: at most 1 % of genuine trials fall there."""

    disagree_below: float
    """The llr under which a recording does not belong to the others of an enrolment."""

    target_trials: int
    impostor_trials: int
    speakers: int
    codec: str
    data: str
    """The recordings it was learned from, in words."""

    channel: str = POOLED
    """The profile in use."""

    usual_snr_db: float = 20.0
    """Counted where the signal-to-noise ratio of speech is not known."""

    strangers: tuple[Strangers, ...] = ()
    """What thresholds follow from; without it none can."""

    profiles: tuple[Profile, ...] = ()
    """Everything that was learned, a profile for each kind of line."""

    notes: tuple[str, ...] = ()
    """What whoever reads a verdict should know about how it was calibrated."""

    cohort_sha256: str = ""
    """Of the cohort that scores are normalised with; empty where they are not."""

    cohort: Cohort | None = field(default=None, repr=False, compare=False)

    def llr(self, score: float, net_ms: int, snr_db: float | None = None) -> float:
        """Natural-log likelihood ratio of an enrolled voice being the one in `net_ms` of speech.

        `score` is as `alike` gives it; `snr_db` is of the speech, None where it is not known.
        """
        return self.coefficients.llr(score, self._log_net(net_ms), self._clearness(snr_db))

    def pair_llr(self, score: float, net_ms: int, snr_db: float | None = None) -> float:
        """The same for two single recordings: the shorter's speech and the noisier's ratio."""
        return self.pair_coefficients.llr(score, self._log_net(net_ms), self._clearness(snr_db))

    def alike(self, first: Vector, second: Vector) -> float:
        """The score of two voices: their cosine, normalised where the calibration says so.

        Raises:
            ValueError: the vectors have different lengths, so different encoders made them.
        """
        score = cosine(first, second)
        return score if self.cohort is None else self.cohort.normalised(score, first, second)

    def on(self, channel: str) -> "Calibration":
        """As learned on one kind of line; a line that nobody calibrated counts as the pooled one.

        The promised rate stays.

        Raises:
            CalibrationUnusable: there is no such profile and no pooled one.
        """
        found = {profile.channel: profile for profile in self.profiles}
        profile = found.get(channel) or found.get(POOLED)
        if profile is None:
            raise CalibrationUnusable(f"The calibration knows no kind of line; {AGAIN}")
        is_known = profile.channel == channel
        return replace(
            self,
            channel=profile.channel,
            coefficients=profile.coefficients,
            pair_coefficients=profile.pair_coefficients,
            usual_snr_db=profile.usual_snr_db,
            strangers=profile.strangers,
            reject_below=profile.reject_below,
            disagree_below=profile.disagree_below,
            target_trials=profile.target_trials,
            impostor_trials=profile.impostor_trials,
            notes=() if is_known else (_GENERAL,),
        ).at_fmr(self.fmr)

    def at_fmr(self, fmr: float) -> "Calibration":
        """Accepting at most `fmr` of strangers, whatever the length of their speech.

        Raises:
            CalibrationUnusable: the data it was learned from cannot promise this rate.
        """
        if not 0 < fmr < 1:
            raise CalibrationUnusable("A false match rate lies between 0 and 1.")
        least = smallest_fmr(self.strangers)
        if fmr < least:
            raise CalibrationUnusable(_too_strict(fmr, least))
        return self._accepting_from(threshold_at(self.strangers, fmr), fmr)

    def at_odds(
        self, prior: float, *, cost_false_accept: float = 1.0, cost_false_reject: float = 1.0
    ) -> "Calibration":
        """Accepting where it costs less than refusing, if `prior` of the callers are who they say.

        Bayes' threshold log((1 - prior) / prior * cost_false_accept / cost_false_reject):
        Bruemmer, du Preez, Computer Speech & Language 20 (2006), equation 5. `fmr` becomes what the
        data promises there.

        Raises:
            CalibrationUnusable: the prior is no probability, or a cost is not above 0.
        """
        costs = (cost_false_accept, cost_false_reject)
        if not (0 < prior < 1 and all(math.isfinite(cost) and cost > 0 for cost in costs)):
            raise CalibrationUnusable("A prior lies between 0 and 1, and costs are above 0.")
        threshold = math.log((1 - prior) / prior * cost_false_accept / cost_false_reject)
        return self._accepting_from(threshold, rate_at(self.strangers, threshold))

    def check_fits(self, encoder: EncoderId) -> None:
        """Refuse to judge scores of another encoder.

        Raises:
            CalibrationUnusable: it was made for another one.
        """
        if self.encoder != encoder:
            raise CalibrationUnusable(
                f"The calibration is for the encoder {self.encoder}, not for {encoder}; {AGAIN}"
            )

    def _accepting_from(self, threshold: float, fmr: float) -> "Calibration":
        """Whoever is accepted is not rejected: the lower limit gives way."""
        lowest = min(self.reject_below, threshold)
        return replace(self, threshold=threshold, fmr=fmr, reject_below=lowest)

    def _log_net(self, net_ms: int) -> float:
        return math.log(min(max(net_ms, self.shortest_net_ms), self.longest_net_ms) / 1000)

    def _clearness(self, snr_db: float | None) -> float:
        return float(clearness(self.usual_snr_db if snr_db is None else snr_db))


def _too_strict(fmr: float, least: float) -> str:
    if least >= 1:
        return f"The calibration holds no comparisons of strangers; {AGAIN}"
    return (
        f"A false match rate of {fmr:g} is more than the calibration's data can promise; set "
        f"IVR_VERIFY__FMR to {_up(least):.2g} or more, or calibrate with recordings of more people."
    )


def _up(rate: float) -> float:
    """With two digits, never less than `rate`."""
    digit = 10 ** (math.floor(math.log10(rate)) - 1)
    return float(math.ceil(rate / digit - 1e-9) * digit)
