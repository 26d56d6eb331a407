"""What stands for callers in the counts of failures, so that the table names nobody."""

import hmac
from dataclasses import dataclass

from ivr.verify.attempts import AttemptKeys, Kind, Whose


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """HMACs of what one call is counted under."""

    subject: str
    number: str
    source: str
    way: str

    @property
    def shared(self) -> dict[Kind, str]:
        """Without the way."""
        return {Kind.SUBJECT: self.subject, Kind.NUMBER: self.number, Kind.SOURCE: self.source}

    @property
    def every(self) -> tuple[str, ...]:
        return (self.way, *self.shared.values())


def labels_of(keys: AttemptKeys, key: bytes) -> Labels:
    """Whoever shows no number is counted with all the others who do not; sources alike."""
    number, source = keys.number or "", keys.source or ""
    return Labels(
        subject=_label(key, Kind.SUBJECT, keys.subject),
        number=_label(key, Kind.NUMBER, number),
        source=_label(key, Kind.SOURCE, source),
        way=_label(key, Kind.WAY, keys.subject, number, source),
    )


def label_of(whose: Whose, key: bytes) -> str:
    """The one that `labels_of` gives them."""
    return _label(key, whose.kind, whose.value)


def _label(key: bytes, kind: Kind, *values: str) -> str:
    # With its length before it, no value can run over into the next one.
    text = "".join(f"{len(value)}:{value}" for value in (kind.value, *values))
    return hmac.digest(key, text.encode(), "sha256").hex()
