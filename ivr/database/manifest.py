"""What a backup says of itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from ivr.errors import BadBackup

NAME = "manifest.json"
_STRICT = ConfigDict(frozen=True, extra="forbid")


class Part(BaseModel):
    """One table."""

    model_config = _STRICT

    columns: tuple[str, ...]
    rows: NonNegativeInt
    sha256: str
    """Of its lines."""


class Manifest(BaseModel):
    """All tables, and the revision whose they are."""

    model_config = _STRICT

    format: Literal["rufwerk-backup-1"] = "rufwerk-backup-1"
    revision: str
    made_at: datetime
    engine: str
    tables: Mapping[str, Part]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())


def read_manifest(data: bytes) -> Manifest:
    """Raises BadBackup: it is none that this version can read."""
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as err:
        raise BadBackup(
            "The file is no backup of Rufwerk that this version can read; nothing was changed."
        ) from err
