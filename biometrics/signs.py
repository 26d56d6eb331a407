"""What a sign of a copied or made voice tells."""

from dataclasses import dataclass


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

    reason: str
    """A sentence without words, numbers or names of the caller."""

    @property
    def forbids(self) -> bool:
        """No voice is accepted that this was heard of."""
        return self.is_spoof and self.may_gate
