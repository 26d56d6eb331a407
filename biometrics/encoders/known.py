"""Every encoder that can be loaded, known by the files in its folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from biometrics.encoders.campplus import CAMPPLUS, CAMPPLUS_FILE, load_campplus
from biometrics.encoders.ecapa import OWN_FILE, SPKREC, SPKREC_FILE, load_own, load_spkrec
from biometrics.encoders.network_encoder import NetworkEncoder, NetworkEngine
from biometrics.encoders.resemblyzer import RESEMBLYZER, RESEMBLYZER_FILE, load_resemblyzer

PULLED = (SPKREC, CAMPPLUS, RESEMBLYZER)
"""Encoders that do not come with this package; the catalogue of models has them."""


_WEIGHTS = Path(__file__).parents[1] / "weights"


class _Load(Protocol):
    def __call__(self, folder: Path, *, engine: NetworkEngine, threads: int) -> NetworkEncoder: ...


_BY_FILE: dict[str, _Load] = {
    SPKREC_FILE: load_spkrec,
    CAMPPLUS_FILE: load_campplus,
    RESEMBLYZER_FILE: load_resemblyzer,
}


def own_encoders() -> Mapping[str, Path]:
    """The folders of the encoders that come with this package, by name."""
    return {folder.name: folder for folder in sorted(_WEIGHTS.glob("*-ecapa-*"))}


def shipped_calibrations() -> Mapping[str, Path]:
    """The folders that hold a calibration alone, of encoders that can be pulled, by name."""
    folders = (_WEIGHTS / name for name in PULLED)
    return {folder.name: folder for folder in folders if folder.is_dir()}


def weights_file(folder: Path) -> Path:
    """Where the weights lie of the encoder in `folder`."""
    names = (name for name in _BY_FILE if (folder / name).exists())
    return folder / next(names, OWN_FILE)


def load_encoder(
    folder: Path, *, engine: NetworkEngine = NetworkEngine.OPENVINO, threads: int = 1
) -> NetworkEncoder:
    """The encoder that lies in `folder`; our own kind, where nothing tells it is another.

    `threads` is how many processor threads one call may use; with torch, in this whole process.

    Raises:
        EncoderUnusable: a file is missing or damaged.
    """
    loads = (load for name, load in _BY_FILE.items() if (folder / name).exists())
    return next(loads, load_own)(folder, engine=engine, threads=threads)
