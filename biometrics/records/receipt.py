"""What a person is given when their voice was erased."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from biometrics.voiceprint import SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Says what was destroyed. It holds nothing of the voice and may be kept and printed."""

    subject: SubjectId

    at: datetime
    """Aware."""

    what: tuple[str, ...]
    """Such as voiceprint; empty where nothing was kept."""

    key_fingerprint: str = ""
    """Of the destroyed key, as the key database remembers it; empty where there was none."""

    sha256: str = ""
    """Over the sealed records that were destroyed, in the order of `what`."""

    @property
    def proof(self) -> str:
        """One line by which the erasure can be checked against the key database and backups."""
        if not self.what:
            return "Nothing was kept."
        return f"key {self.key_fingerprint or 'none'} destroyed, records sha256 {self.sha256}"

    def as_json(self) -> str:
        """The receipt for machines."""
        return json.dumps(asdict(self) | {"at": self.at.isoformat(), "proof": self.proof})
