"""How strict a search must be, so that a long list does not cry wolf."""

from dataclasses import dataclass

from biometrics.calibration.calibration import AGAIN, Calibration
from biometrics.calibration.strangers import smallest_fmr
from biometrics.errors import CalibrationUnusable


@dataclass(frozen=True, slots=True, kw_only=True)
class Strictness:
    """From where on somebody is told about."""

    threshold: float
    """The natural-log likelihood ratio."""

    fmr: float
    """Share of strangers who reach it in one comparison, that the calibration can promise."""

    size: int
    """Voices that are compared in one search."""

    is_promised: bool
    """Searches for people who are on no list alarm no more often than the operator wants."""

    @property
    def alarms(self) -> float:
        """Strangers to be expected in one search at the most."""
        return self.fmr * self.size

    @property
    def sentence(self) -> str:
        """What can be promised of a search, for people."""
        if self.is_promised:
            return (
                f"With {self.size} voices, at most {self.alarms:.2g} false alarms a search are "
                "promised."
            )
        return (
            f"With {self.size} voices the calibration cannot promise the wanted rate of false "
            f"alarms: its data promises no less than {self.fmr:.2g} a comparison, so up to "
            f"{self.alarms:.2g} false alarms a search. Those who are most alike are told for a "
            "person to look at, and nothing else follows."
        )


def strictness(calibration: Calibration, *, size: int, alarms_per_search: float) -> Strictness:
    """The threshold at which a search among `size` voices alarms falsely so often at the most.

    In a list of n voices a stranger has n chances to be taken for somebody, so that each comparison
    may err n times less often (Boole's inequality, whatever the voices have in common). A rate
    under three errors in all independent comparisons of strangers cannot be proven by them, which
    ends the length of lists that anything can be promised for: VoxWatch, arXiv 2307.00169, shows
    how false alarms grow with the list.

    Raises:
        CalibrationUnusable: it knows nothing of strangers, so there is no threshold at all.
    """
    wanted, least = alarms_per_search / max(size, 1), smallest_fmr(calibration.strangers)
    if least >= 1:
        raise CalibrationUnusable(f"The calibration holds no comparisons of strangers; {AGAIN}")
    strict = calibration.at_fmr(max(wanted, least))
    return Strictness(
        threshold=strict.threshold, fmr=strict.fmr, size=size, is_promised=wanted >= least
    )
