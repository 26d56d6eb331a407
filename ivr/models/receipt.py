"""What an installed model says of itself: written last, so a folder that has one is whole."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.models.model import Model, ModelFile, UpstreamZip

NAME = ".installed.json"
"""Hidden, in the model's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a model came from, and its files."""

    source: str
    """As people call it."""

    edition: str | None
    """None where a pinned zip brought it."""

    archive: str | None
    """The zip's sha256; None where the catalogue pins every file."""

    files: tuple[ModelFile, ...]
    """As they were when the model was installed."""


def write_receipt(folder: Path, receipt: Receipt) -> None:
    """Leave it in a model's folder.

    Raises:
        OSError: the disk cannot be written.
    """
    (folder / NAME).write_text(json.dumps(asdict(receipt), indent=1) + "\n", encoding="utf-8")


def read_receipt(folder: Path) -> Receipt | None:
    """The receipt of an installed model; None where there is none that can be read."""
    try:
        entry = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = tuple(ModelFile(**file) for file in entry.pop("files"))
        return Receipt(files=files, **entry)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def pinned_files(model: Model, receipt: Receipt) -> tuple[ModelFile, ...]:
    """The files that ought to be there: the catalogue's, or those of the zip that it pins.

    Nothing where the receipt speaks of an edition or a zip that the catalogue no longer knows.
    """
    for edition in model.editions:
        if edition.name == receipt.edition:
            return edition.files
    zips = {s.archive.sha256 for s in model.sources if isinstance(s, UpstreamZip)}
    return receipt.files if receipt.archive in zips else ()
