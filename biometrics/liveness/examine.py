"""Measures a detector on people and attacks that it did not learn from, and tells it in tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.liveness.learn import Lesson, learn
from biometrics.liveness.material import HELD_OUT, HUMAN, Entry
from biometrics.liveness.network import Network
from biometrics.liveness.rates import Rate, threshold_at_bpcer

_BEGIN = "<!-- figures: written by scripts/train-detector -->\n"
_END = "<!-- end of figures -->"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """Prepared sounds and their traits, in one order."""

    entries: Sequence[Entry]
    found: NDArray[np.float32]
    """Shape (entries, COUNT)."""

    def where(self, part: str, *, without: str = "") -> "Material":
        """One part, without a kind of attack."""
        chosen = [
            place
            for place, entry in enumerate(self.entries)
            if entry.part == part and entry.kind != without
        ]
        return Material(entries=[self.entries[n] for n in chosen], found=self.found[chosen])

    @property
    def is_machine(self) -> NDArray[np.bool_]:
        return np.array([entry.kind != HUMAN for entry in self.entries])


def taught(material: Material, lesson: Lesson, *, without: str = "") -> Network:
    """A network that has learned from the training part, without a kind of attack."""
    learned = material.where("train", without=without)
    groups = [e.set if e.kind == HUMAN else e.kind for e in learned.entries]
    return learn(learned.found, learned.is_machine, groups, lesson)


def threshold_of(network: Network, material: Material, bpcer: float) -> float:
    """From which on at most `bpcer` of the people set aside are stopped."""
    people = material.where("dev")
    return threshold_at_bpcer(network.told(people.found[~people.is_machine]).tolist(), bpcer)


def examined(
    material: Material, network: Network, threshold: float, lesson: Lesson, *, bpcer: float
) -> dict[str, object]:
    """BPCER by set and codec, APCER by kind, and by kind for networks that never met it."""
    tested = material.where("eval")
    is_stopped = network.told(tested.found) >= threshold
    sets: defaultdict[str, list[bool]] = defaultdict(list)
    codecs: defaultdict[str, list[bool]] = defaultdict(list)
    kinds: defaultdict[str, list[bool]] = defaultdict(list)
    for entry, stopped in zip(tested.entries, is_stopped.tolist(), strict=True):
        if entry.kind == HUMAN:
            sets[entry.set].append(stopped)
            codecs[entry.codec].append(stopped)
        else:
            kinds[entry.kind].append(not stopped)
    unmet = {kind: _unmet(material, kind, lesson, bpcer) for kind in sorted(kinds)}
    everybody = [one for some in sets.values() for one in some]
    return {
        "bpcer": _told(everybody),
        "bpcer_by_set": {name: _told(some) for name, some in sorted(sets.items())},
        "bpcer_by_codec": {name: _told(some) for name, some in sorted(codecs.items())},
        "apcer": {name: _told(some) for name, some in sorted(kinds.items())},
        "apcer_never_met": unmet,
    }


def _unmet(material: Material, kind: str, lesson: Lesson, bpcer: float) -> dict[str, object]:
    """Of a kind by a network that learned everything else, threshold chosen in the same way."""
    network = taught(material, lesson, without=kind)
    threshold = threshold_of(network, material, bpcer)
    tested = material.where("eval")
    chosen = [place for place, entry in enumerate(tested.entries) if entry.kind == kind]
    return _told((network.told(tested.found[chosen]) < threshold).tolist())


def _told(errors: Sequence[bool]) -> dict[str, object]:
    rate = Rate(errors=sum(errors), trials=len(errors))
    low, high = rate.limits
    return {
        "errors": rate.errors,
        "trials": rate.trials,
        "share": rate.share,
        "limits": [low, high],
    }


def with_figures(card: str, figures: Mapping[str, Mapping[str, Mapping[str, object]]]) -> str:
    """The card with the tables between its two marks.

    Raises:
        ValueError: the card has no such marks.
    """
    before, begin, rest = card.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError("The model card has no place for figures.")
    return f"{before}{begin}\n{_tables(figures)}\n{end}{after}"


def _tables(figures: Mapping[str, Mapping[str, Mapping[str, object]]]) -> str:
    people = {"all": figures["bpcer"], **figures["bpcer_by_set"]}
    lines = [{f"over {name}": one for name, one in figures["bpcer_by_codec"].items()}]
    rows = [
        [name, _percent(one), _limits(one), str(one["trials"])]
        for name, one in (*people.items(), *lines[0].items())
    ]
    machines = [
        [
            f"{kind} (never learned from)" if kind in HELD_OUT else kind,
            _percent(one),
            _limits(one),
            _percent(figures["apcer_never_met"][kind]),
            str(one["trials"]),
        ]
        for kind, one in figures["apcer"].items()
    ]
    return (
        "People who were taken for machines:\n\n"
        + _table(["people", "BPCER %", "95 % limits", "recordings"], rows)
        + "\nMachines that were taken for people, by the shipped network and by one that had "
        "never met the kind:\n\n"
        + _table(["kind", "APCER %", "95 % limits", "APCER % never met", "recordings"], machines)
    )


def _percent(one: Mapping[str, object]) -> str:
    return f"{100 * float(str(one['share'])):.1f}"


def _limits(one: Mapping[str, object]) -> str:
    low, high = one["limits"] if isinstance(one["limits"], list) else (0.0, 1.0)
    return f"{100 * low:.1f} to {100 * high:.1f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
