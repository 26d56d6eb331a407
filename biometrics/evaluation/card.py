"""The figures of an encoder as tables in its model card."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BEGIN = "<!-- figures: written by python -m biometrics.evaluation.report -->\n"
_END = "<!-- end of figures -->"

_NOTHING = "-"
_KINDS = {
    "speech, enrolled from three": (
        "By length of speech, enrolled as in use (three recordings, 10 s of speech)"
    ),
    "speech, enrolled from one": "By length of speech, enrolled from one recording",
    "codec": "By codec, one recording against one other",
    "noise": "By noise, enrolled without and heard with it",
    "sex": "By sex, against strangers of the same sex",
    "age": "By age, against strangers of the same age group",
}


def with_figures(card: str, sets: Mapping[str, Mapping[str, Any]]) -> str:
    """The card with the tables of `sets` between its two marks.

    Raises:
        ValueError: the card has no such marks.
    """
    before, begin, rest = card.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError("The model card has no place for figures.")
    tables = "\n".join([_pairs(sets), *_parts(sets)])
    return f"{before}{begin}\n{tables}\n{end}{after}"


def _pairs(sets: Mapping[str, Mapping[str, Any]]) -> str:
    head = "EER %", "FNMR % at FMR 1 %", "at 0.1 %", "minDCF", "actDCF", "Cllr", "min Cllr"
    rows = []
    for name, found in sets.items():
        one = found["first_3_s_all_pairs"]
        spread = one["intervals"].get("eer")
        share = _percent(one["eer"]) + (f" ({_between(spread)})" if spread else "")
        rates = [_percent(one[key]) for key in ("fnmr_at_fmr_1e2", "fnmr_at_fmr_1e3")]
        costs = [_cost(one[key]) for key in ("min_dcf", "act_dcf", "cllr", "min_cllr")]
        counts = [str(one[key]) for key in ("target_trials", "impostor_trials", "failures")]
        rows.append([name, share, *rates, *costs, str(one["speakers"]), *counts])
    return (
        "One recording against one other, first 3 s of each; in brackets what 95 % of other "
        "choices of people would have given:\n\n"
        + _table(["set", *head, "people", "genuine", "impostor", "failures"], rows)
    )


def _parts(sets: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A table for each kind of part, over all sets that have trials enough for a rate."""
    for kind, title in _KINDS.items():
        rows = [
            [name, *_part(part)]
            for name, found in sets.items()
            for part in found["first_3_s_all_pairs"]["parts"]
            if part["kind"] == kind and part["eer"] is not None
        ]
        if rows:
            head = ["set", "part", "EER %", "FNMR % at FMR 1 %", "minDCF", "actDCF"]
            head += ["people", "genuine", "accepted %", "rejected %"]
            head += ["impostor", "accepted %", "rejected %"]
            yield f"{title}:\n\n{_table(head, rows)}"


def _part(part: Mapping[str, Any]) -> list[str]:
    return [
        part["label"],
        *(_percent(part[key]) for key in ("eer", "fnmr_at_fmr_1e2")),
        *(_cost(part[key]) for key in ("min_dcf", "act_dcf")),
        *(str(part[key]) for key in ("speakers", "target_trials")),
        *(_percent(part[key]) for key in ("target_accepted", "target_rejected")),
        str(part["impostor_trials"]),
        *(_percent(part[key]) for key in ("impostor_accepted", "impostor_rejected")),
    ]


def _percent(share: float | None) -> str:
    return _NOTHING if share is None else f"{100 * share:.1f}"


def _between(spread: Sequence[float]) -> str:
    return " to ".join(_percent(bound) for bound in spread)


def _cost(cost: float | None) -> str:
    return _NOTHING if cost is None else f"{cost:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
