"""How well the model of angry voices does, as figures and as tables for its model card."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ivr.evaluate.mood_material import ANGER, Example
from ivr.evaluate.mood_training import Taught
from ivr.understand.mood_voice import VoiceMood

_BEGIN = "<!-- figures: written by scripts/train-mood -->"
_END = "<!-- end of figures -->"


def learned(found: Taught) -> dict[str, Any]:
    """What is told of speakers that were not learned from: cross-validated by speaker."""
    moods = np.asarray([one.recording.mood for one in found.examples])
    is_acted = np.asarray([one.recording.set == "emodb" for one in found.examples])
    angry, threshold = found.probabilities[moods == ANGER], found.curve.threshold
    others = {
        f"acted {mood}": found.probabilities[is_acted & (moods == mood)]
        for mood in sorted(set(moods[is_acted]) - {ANGER})
    }
    others["read speech"] = found.probabilities[~is_acted]
    return {
        "threshold": round(threshold, 4),
        "angry_turns": len(angry),
        "heard": _share(angry, threshold),
        "auroc": {name: auroc(angry, one) for name, one in others.items()},
        "false_alarms": {name: _share(one, threshold) for name, one in others.items()},
    }


def false_alarms(model: VoiceMood, examples: Iterable[Example]) -> dict[str, Any]:
    """Calm turns that the voice alone would have made upset, of those that are judged at all."""
    heard = [model.anger(one.turn, one.usual) for one in examples]
    judged = [one for one in heard if one is not None]
    return {
        "turns": len(heard),
        "judged": len(judged),
        "false_alarms": sum(one.probability >= one.threshold for one in judged),
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that one of the first is above one of the second; ties count half."""
    one, other = np.asarray(positive)[:, np.newaxis], np.asarray(negative)[np.newaxis, :]
    return round(float(np.mean((one > other) + 0.5 * (one == other))), 3)


def with_figures(card: str, figures: Mapping[str, Any]) -> str:
    """The card with its tables between the two marks.

    Raises:
        ValueError: the card has no such marks.
    """
    before, begin, rest = card.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError("The model card has no place for figures.")
    return f"{before}{begin}\n\n{_learned(figures)}\n{_calm(figures['calm'])}\n{end}{after}"


def _learned(figures: Mapping[str, Any]) -> str:
    both = figures["alone"], figures["compared"]
    rows = [
        ["angry turns that are heard, %", *(_percent(one["heard"]) for one in both)],
        *(
            [f"{what} taken for anger, %", *(_percent(one["false_alarms"][what]) for one in both)]
            for what in both[0]["false_alarms"]
        ),
        *(
            [f"AUROC, anger against {what}", *(f"{one['auroc'][what]:.3f}" for one in both)]
            for what in both[0]["auroc"]
        ),
    ]
    head = ["speakers that were not learned from", "first turn", "against the caller's usual"]
    return _table(head, rows)


def _calm(sets: Mapping[str, Mapping[str, int]]) -> str:
    rows = [
        [name, *(str(found[key]) for key in ("turns", "judged", "false_alarms"))]
        for name, found in sets.items()
    ]
    return _table(["calm speech of other people", "turns", "judged", "taken for anger"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _share(probabilities: Sequence[float], threshold: float) -> float:
    return round(float(np.mean(np.asarray(probabilities) >= threshold)), 4)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
