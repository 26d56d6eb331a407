"""What a sign tells: of a copied or made voice, or of one that a person has to look at."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What one detector says of one turn. No detector is perfect, and none speaks for another."""

    name: str
    """Of the detector, such as exact_replay."""

    risk: float
    """0 (nothing points to an attack) to 1."""

    is_spoof: bool
    """The detector's own threshold is reached."""

    may_gate: bool
    """The operator lets it take an acceptance away; else it is only told."""

    is_checked: bool = True
    """Whether the detector could look at all."""

    reason: str
    """A sentence without words, numbers or names of the caller."""

    needs_person: bool = False
    """A person takes the call, whoever the voice proves."""

    @property
    def forbids(self) -> bool:
        """No voice is accepted that this was heard of."""
        return self.is_spoof and self.may_gate


class Examined(StrEnum):
    """What the signs of a turn say about learning from it."""

    CLEAR = "clear"
    UNCLEAR = "unclear"
    """Something could not be looked for: nothing is learned from this turn."""

    ALARMING = "alarming"
    """Nothing is learned from the whole call."""
