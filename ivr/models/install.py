"""Bring a model from the first place that has it: checked, whole, or not at all."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.errors import ModelUnobtainable
from ivr.models.content import faults_in, files_of
from ivr.models.disk import disk_refusals, need_room, only_one, settle, swap_in
from ivr.models.failure import SourceFailed
from ivr.models.installed import State, models_home, standing_of
from ivr.models.model import Edition, Model, Source, UpstreamZip
from ivr.models.packages import FETCHING
from ivr.models.progress import NobodyWatches, Progress
from ivr.models.receipt import Receipt, write_receipt
from ivr.models.sources import Errand, obtain, title_of

_STAGING = ".pulling-"


def install(
    model: Model,
    *,
    home: Path,
    local_folders: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Path:
    """The model's folder under `home`, filled from the first source that can.

    A model that is installed and sound is left alone; a damaged one is replaced. Downloads that
    were begun are kept and taken up again. A second pull of the same model waits for the first.

    Raises:
        ModelUnobtainable: no source could deliver; the sentence says why, source by source.
        DiskFull, DiskReadOnly: the disk refused; nothing half-installed is left.
    """
    watcher = progress or NobodyWatches()
    models = models_home(home)
    with disk_refusals(home):
        models.mkdir(parents=True, exist_ok=True)
        with only_one(models / f".{model.name}.lock", watcher):
            cache = home / "cache" / "models" / model.name
            _sweep(models.glob(f"{_STAGING}{model.name}~*"), cache.glob(f"{FETCHING}*"))
            watcher.step("checking what is here", None)
            if standing_of(model, home=home, thoroughly=True).state is State.INSTALLED:
                return models / model.name
            need_room(models, 2 * model.size_bytes)
            errand = Errand(
                model=model,
                into=models / model.name,
                cache=cache,
                local_folders=(*local_folders, models),
                progress=watcher,
            )
            return _from_any_source(errand)


def _sweep(*folders: Iterable[Path]) -> None:
    """Remove what killed pulls left; under the lock nobody else can be using it."""
    for left in chain(*folders):
        shutil.rmtree(left)


def _from_any_source(errand: Errand) -> Path:
    reasons = []
    for source in errand.model.sources:
        with TemporaryDirectory(
            prefix=f"{_STAGING}{errand.model.name}~",
            dir=errand.into.parent,
            ignore_cleanup_errors=True,
        ) as staging:
            try:
                return _from(source, errand, Path(staging))
            except SourceFailed as err:
                reasons.append(f"From {title_of(source)}: {err}.")
    raise ModelUnobtainable(f"The model {errand.model.name} could not be had. {' '.join(reasons)}")


def _from(source: Source, errand: Errand, staging: Path) -> Path:
    new = staging / "new"
    new.mkdir()
    edition = obtain(source, replace(errand, into=new))
    errand.progress.step("checking", None)
    write_receipt(new, _receipt(source, edition, new))
    settle(new)
    swap_in(new, errand.into, staging / "old")
    shutil.rmtree(errand.cache, ignore_errors=True)
    return errand.into


def _receipt(source: Source, edition: Edition | None, folder: Path) -> Receipt:
    if edition is not None and (faults := faults_in(folder, edition.files)):
        raise SourceFailed(faults[0].rstrip("."))
    return Receipt(
        source=title_of(source),
        edition=edition.name if edition else None,
        archive=source.archive.sha256 if isinstance(source, UpstreamZip) else None,
        files=edition.files if edition else files_of(folder),
    )
