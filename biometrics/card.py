"""The figures of an encoder as tables in its model card."""

from collections.abc import Mapping, Sequence
from typing import Any

_BEGIN = "<!-- figures: written by python -m biometrics.report -->\n"
_END = "<!-- end of figures -->"


def with_figures(card: str, sets: Mapping[str, Mapping[str, Any]]) -> str:
    """The card with the tables of `sets` between its two marks.

    Raises:
        ValueError: the card has no such marks.
    """
    before, begin, rest = card.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError("The model card has no place for figures.")
    return f"{before}{begin}\n{_pairs(sets)}\n{_enrolled(sets)}\n{end}{after}"


def _pairs(sets: Mapping[str, Mapping[str, Any]]) -> str:
    head = "EER %", "FNMR % at FMR 1 %", "at 0.1 %", "minDCF", "actDCF", "Cllr", "min Cllr"
    rows = []
    for name, found in sets.items():
        one = found["first_3_s_all_pairs"]
        percents = [one[key] for key in ("eer", "fnmr_at_fmr_1e2", "fnmr_at_fmr_1e3")]
        costs = [one[key] for key in ("min_dcf", "act_dcf", "cllr", "min_cllr")]
        counts = [one[key] for key in ("target_trials", "impostor_trials", "failures")]
        rows.append(
            [name, *map(_percent, percents), *(f"{cost:.3f}" for cost in costs), *map(str, counts)]
        )
    return "One recording against one other, first 3 s of each:\n\n" + _table(
        ["set", *head, "genuine", "impostor", "failures"], rows
    )


def _enrolled(sets: Mapping[str, Mapping[str, Any]]) -> str:
    head = "set", "speech s", "persons", "genuine", "accepted %", "rejected %"
    rates = "target_accepted", "target_rejected", "impostor_accepted", "impostor_rejected"
    rows = []
    for name, found in sets.items():
        for one in found["enrolled"]:
            genuine = [_percent(one[key]) for key in rates[:2]]
            impostor = [_percent(one[key]) for key in rates[2:]]
            counts = [str(one["persons"]), str(one["target_trials"])]
            row = [name, f"{one['net_ms'] / 1000:.1f}", *counts, *genuine]
            rows.append([*row, str(one["impostor_trials"]), *impostor])
    return (
        "Enrolled as in use (three recordings, 10 s of speech), judged by the calibration; what is "
        "neither accepted nor rejected is inconclusive:\n\n"
        + _table([*head, "impostor", "accepted %", "rejected %"], rows)
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
