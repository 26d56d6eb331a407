"""What was found out about a database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    found: str
    remedy: str = ""
    """One sentence, where it is not well."""

    @property
    def is_well(self) -> bool:
        return not self.remedy
