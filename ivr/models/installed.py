"""Which models are here, and whether they still are what they should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import ivr
from ivr.errors import ModelMissing
from ivr.models.catalogue import model_named
from ivr.models.content import faults_in, has_sizes
from ivr.models.model import Edition, Model
from ivr.models.receipt import pinned_files, read_receipt
from ivr.models.sources import folders_for


class State(StrEnum):
    """How a model stands on this machine."""

    INSTALLED = "installed"
    IN_PLACE = "used in place"
    """A folder of the operator that holds the pinned files, or what looks like the model."""

    DAMAGED = "damaged"
    ABSENT = "not here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was found."""

    state: State
    path: Path | None = None
    source: str = ""
    """Where an installed one came from, as people call it."""

    faults: tuple[str, ...] = ()
    """A sentence each."""

    is_checked: bool = False
    """Every byte was compared with a pinned digest."""


def models_home(home: Path) -> Path:
    """Where pulled models live: one folder each."""
    return home / "models"


def local_folders(chosen: Path | None) -> tuple[Path, ...]:
    """Where models lie that nobody pulled: the chosen folder, `shared/models` by the checkout."""
    beside = Path(ivr.__file__).resolve().parents[2] / "shared" / "models"
    return tuple(folder for folder in (chosen, beside) if folder is not None and folder.is_dir())


def find(name: str, *, home: Path, local_folders: Sequence[Path] = ()) -> Path | None:
    """The folder to load a model from: pulled, else an operator's. Sizes are looked at, no content.

    Raises:
        UnknownModel: the catalogue has none of this name.
    """
    standing = standing_of(model_named(name), home=home, local_folders=local_folders)
    return standing.path if standing.state in {State.INSTALLED, State.IN_PLACE} else None


def needed(name: str, *, home: Path, local_folders: Sequence[Path] = ()) -> Path:
    """As `find`, where the work cannot go on without.

    Raises:
        UnknownModel: the catalogue has none of this name.
        ModelMissing: it is not here; the sentence says how to get it.
    """
    path = find(name, home=home, local_folders=local_folders)
    if path is None:
        raise ModelMissing(f"The model {name} is not here; get it with: ivr models pull {name}")
    return path


def standing_of(
    model: Model, *, home: Path, local_folders: Sequence[Path] = (), thoroughly: bool = False
) -> Standing:
    """How one model stands; `thoroughly` reads and compares every byte."""
    pulled = _pulled(model, models_home(home) / model.name, thoroughly)
    if pulled is not None and pulled.state is State.INSTALLED:
        return pulled
    by_hand = () if pulled else (models_home(home),)
    folders = folders_for(model, (*by_hand, *local_folders))
    found = [s for f in folders if f.is_dir() and (s := _in_place(model, f, thoroughly))]
    sound = [standing for standing in found if standing.state is State.IN_PLACE]
    for standing in (*sound, pulled, *found):
        if standing is not None:
            return standing
    return Standing(state=State.ABSENT)


def verify(name: str, *, home: Path, local_folders: Sequence[Path] = ()) -> Standing:
    """Read every byte of a model and compare it with what is pinned.

    Raises:
        UnknownModel: the catalogue has none of this name.
    """
    return standing_of(model_named(name), home=home, local_folders=local_folders, thoroughly=True)


def _pulled(model: Model, folder: Path, thoroughly: bool) -> Standing | None:  # noqa: FBT001 - private
    receipt = read_receipt(folder)
    if receipt is None:
        return None
    files = pinned_files(model, receipt)
    if not files:
        faults: tuple[str, ...] = ("It is not of an edition that the catalogue knows.",)
    elif thoroughly:
        faults = faults_in(folder, files)
    else:
        faults = () if has_sizes(folder, files) else ("A file is missing or has another size.",)
    return Standing(
        state=State.DAMAGED if faults else State.INSTALLED,
        path=folder,
        source=receipt.source,
        faults=faults,
        is_checked=thoroughly,
    )


def _in_place(model: Model, folder: Path, thoroughly: bool) -> Standing | None:  # noqa: FBT001 - private
    edition = _edition_in(model, folder)
    if edition is None:
        looks_like_it = model.needs and all((folder / path).is_file() for path in model.needs)
        return Standing(state=State.IN_PLACE, path=folder) if looks_like_it else None
    faults = faults_in(folder, edition.files) if thoroughly else ()
    state = State.DAMAGED if faults else State.IN_PLACE
    return Standing(state=state, path=folder, faults=faults, is_checked=thoroughly)


def _edition_in(model: Model, folder: Path) -> Edition | None:
    return next((e for e in model.editions if has_sizes(folder, e.files)), None)
