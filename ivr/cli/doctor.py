"""`ivr doctor`: what is installed, what is missing, how to get it."""

import importlib.util
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path

import typer

from biometrics import (
    CalibrationUnusable,
    Encoder,
    EncoderId,
    Waveform,
    read_calibration,
    usable_cores,
)
from ivr.checkup.finding import Finding
from ivr.checkup.machine import LEAST_FREE_BYTES
from ivr.errors import BadSettings
from ivr.models import State, catalogue, local_folders, standing_of
from ivr.models.content import digest_of
from ivr.settings import Settings
from ivr.settings.plan import plan_here

LEAST_PYTHON = (3, 11)


def doctor() -> None:
    """Look at everything the product needs; exit code 1 if something required is missing."""
    findings = tuple(examine())
    _show(findings)
    missing = [finding for finding in findings if finding.is_required and not finding.is_well]
    if missing:
        raise typer.Exit(1)


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which they are worth mending."""
    yield python_version()
    yield from packages()
    from ivr.settings import read_settings

    try:
        settings = read_settings()
    except BadSettings as err:
        yield Finding(what="settings", found=err.sentence, is_well=False, remedy="Correct them.")
        return
    yield from writable(settings.home)
    yield from models(settings.home, local_folders(settings.models), settings.encoder)
    if settings.encoder not in {model.name for model in catalogue()}:
        yield from voiceprints(settings.encoder)
    yield from encoder(settings)
    yield keys(settings)
    yield from answers(settings)
    yield pip()
    yield npm()
    yield cores()
    yield threads(settings)


def python_version() -> Finding:
    here = sys.version_info[:3]
    return Finding(
        what="Python",
        found=".".join(map(str, here)),
        is_well=here[:2] >= LEAST_PYTHON,
        remedy="Install Python 3.11 or newer and run scripts/setup.",
    )


def packages(distribution: str = "rufwerk") -> Iterator[Finding]:
    """Each required package and its version, from what pip wrote down; nothing is imported."""
    try:
        requirements = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError:
        remedy = "Run scripts/setup."
        yield Finding(what=distribution, found="not installed", is_well=False, remedy=remedy)
        return
    yield from (_package(line) for line in requirements if "extra ==" not in line)


def _package(requirement: str) -> Finding:
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    least = re.search(r">=\s*([0-9.]+)", requirement)
    remedy = f'Run scripts/setup, or: python -m pip install "{requirement}"'
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(what=name, found="not installed", is_well=False, remedy=remedy)
    is_well = least is None or _numbers(version) >= _numbers(least[1])
    return Finding(what=name, found=version, is_well=is_well, remedy=remedy)


def _numbers(version: str) -> tuple[int, ...]:
    """The release of a version as numbers that compare: 2.13.0+cpu becomes 2, 13, 0."""
    release = re.match(r"[0-9.]+", version)
    return tuple(int(part) for part in release[0].split(".") if part) if release else ()


def writable(folder: Path) -> Iterator[Finding]:
    """Whether the home can be written to, and how much room it has."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    remedy = "Set IVR_HOME to a folder that can be written to."
    try:
        with tempfile.TemporaryFile(dir=existing):
            yield Finding(what="home", found=str(folder))
    except OSError:
        found = f"{folder} cannot be written to"
        yield Finding(what="home", found=found, is_well=False, remedy=remedy)
    free_bytes = shutil.disk_usage(existing).free
    yield Finding(
        what="free disk space",
        found=f"{free_bytes / 10**9:.1f} GB",
        is_well=free_bytes >= LEAST_FREE_BYTES,
        remedy="Make room, or set IVR_HOME to a folder on another disk.",
    )


def models(home: Path, folders: tuple[Path, ...], encoder: str) -> Iterator[Finding]:
    """Each model of the catalogue; the default recogniser and the chosen encoder are required."""
    for model in catalogue():
        standing = standing_of(model, home=home, local_folders=folders)
        where = f": {standing.path}" if standing.path else ""
        yield Finding(
            what=f"model {model.name}",
            found=f"{standing.state.value}{where}",
            is_well=standing.state in {State.INSTALLED, State.IN_PLACE},
            is_required=model.is_required or model.name == encoder,
            remedy=f"ivr models pull {model.name}",
        )


def voiceprints(encoder: str, weights: Path | None = None) -> Iterator[Finding]:
    """The voiceprint network's own files, and the calibration made with exactly these weights."""
    shipped = weights or Path(str(resources.files("biometrics"))) / "weights"
    folder = shipped / encoder
    remedy = "Get the complete checkout again, or choose another encoder by IVR_ENCODER."
    what = f"voiceprint network {encoder}"
    if not (folder / "model.safetensors").is_file() or not (folder / "config.json").is_file():
        yield Finding(what=what, found="not here", is_well=False, remedy=remedy)
        return
    sha256 = digest_of(folder / "model.safetensors")
    yield Finding(what=what, found=f"sha256 {sha256}")
    yield _calibration(folder / "calibration.json", EncoderId(encoder), sha256)


def encoder(settings: Settings) -> Iterator[Finding]:
    """Whether the chosen encoder hears, and how fast; the calibration of one that was pulled."""
    from biometrics import VoiceProblem
    from ivr.errors import CallProblem, ModelMissing
    from ivr.wiring.encoder import chosen_encoder
    from ivr.wiring.places import Places

    what = "voiceprint encoder"
    try:
        heard, folder = chosen_encoder(Places(settings))
    except ModelMissing:
        return  # said among the models
    except (VoiceProblem, CallProblem) as err:
        yield Finding(what=what, found="cannot be used", is_well=False, remedy=err.sentence)
        return
    took_ms = _listening_ms(heard)
    found = f"{settings.verify.engine}, {took_ms:.0f} ms for 3 s of sound"
    yield Finding(what=what, found=found)
    if heard.id in {model.name for model in catalogue()}:
        yield _calibration(folder / "calibration.json", heard.id, heard.weights_sha256)


def _listening_ms(encoder: Encoder) -> float:
    """The second of two times, since the first one prepares."""
    import time

    import numpy as np

    samples = np.random.default_rng(3).normal(0, 0.1, 3 * encoder.rate_hz).astype(np.float32)
    encoder.encode(Waveform(samples=samples, rate_hz=encoder.rate_hz))
    begun = time.perf_counter()
    encoder.encode(Waveform(samples=samples, rate_hz=encoder.rate_hz))
    return 1_000 * (time.perf_counter() - begun)


def _calibration(file: Path, encoder: EncoderId, weights_sha256: str) -> Finding:
    try:
        found = read_calibration(file, encoder=encoder, weights_sha256=weights_sha256)
    except CalibrationUnusable as err:
        return Finding(
            what="voice calibration",
            found="no voice can be accepted",
            is_well=False,
            remedy=err.sentence,
        )
    trials = f"made with these weights, {found.speakers} speakers"
    return Finding(what="voice calibration", found=trials)


def keys(settings: Settings) -> Finding:
    """The master key of voiceprints, and whether it can be used; none is made here."""
    from biometrics import VoiceProblem
    from ivr.errors import CallProblem
    from ivr.wiring.keys import Keys, has_begun, holder_of
    from ivr.wiring.places import Places

    what = "master key"
    if not has_begun(settings):
        return Finding(what=what, found=f"none yet; the first start makes {holder_of(settings)}")
    places = Places(settings)
    try:
        standing = Keys(places).standing()
    except (VoiceProblem, CallProblem) as err:
        return Finding(what=what, found=holder_of(settings), is_well=False, remedy=err.sentence)
    finally:
        places.closing.close()
    return Finding(
        what=what,
        found=f"{standing.master}, {standing.holder}, wraps {sum(standing.wrapped.values())} keys",
        is_well=not standing.is_rotating,
        is_required=False,
        remedy="A rotation is not finished; run: ivr keys rotate",
    )


def answers(settings: Settings) -> Iterator[Finding]:
    """Of the database, where there is one, and of models: what `ivr serve` insists on."""
    from ivr.errors import ModelMissing
    from ivr.wiring import House
    from ivr.wiring.checking import Checking
    from ivr.wiring.keys import has_begun

    house = House(settings)
    try:
        checking = Checking(house)
        if has_begun(settings):
            yield from checking.stores()
        # What is missing was said among the models.
        yield from (one for one in checking.models() if one.code != ModelMissing.code)
    finally:
        house.close()


def pip() -> Finding:
    is_here = importlib.util.find_spec("pip") is not None
    return Finding(
        what="pip",
        found="installed" if is_here else "not installed",
        is_well=is_here,
        is_required=False,
        remedy="Run: python -m ensurepip. The default recogniser comes that way.",
    )


def npm() -> Finding:
    path = shutil.which("npm")
    return Finding(
        what="npm",
        found=path or "not installed",
        is_well=path is not None,
        is_required=False,
        remedy="Install Node.js; only the small English Vosk model comes that way.",
    )


def cores() -> Finding:
    usable, here = usable_cores(), os.cpu_count() or 1
    of_all = f" of {here}" if here > usable else ""
    return Finding(what="processor cores", found=f"{usable}{of_all}")


def threads(settings: Settings) -> Finding:
    """Who may use how many, and how many processes the cores are worth."""
    understand, processes = settings.understand, plan_here().processes
    found = (
        f"{settings.service.workers} turns at once; {understand.lanes} recognitions at once, "
        f"{understand.threads} each; {settings.verify.threads} a voice; "
        f"{understand.sentence_threads} a meaning"
    )
    more = f"; {processes} processes would use all cores" if processes > 1 else ""
    return Finding(what="threads", found=f"{found}{more}")


def _show(findings: tuple[Finding, ...]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for title in ("", "What", "Found", "What to do"):
        table.add_column(title, overflow="fold")
    for finding in findings:
        mark = "ok" if finding.is_well else "MISSING" if finding.is_required else "-"
        style = "" if finding.is_well else "bold red" if finding.is_required else "dim"
        remedy = "" if finding.is_well else finding.remedy
        cells = (mark, finding.what, finding.found, remedy)
        table.add_row(*(Text(cell, style=style) for cell in cells))
    Console().print(table)
