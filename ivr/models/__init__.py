"""Models from wherever they can be had, pinned by what they contain."""

from ivr.models.catalogue import catalogue, model_named
from ivr.models.install import install
from ivr.models.installed import (
    Standing,
    State,
    find,
    local_folders,
    needed,
    standing_of,
    verify,
)
from ivr.models.model import Kind, Model
from ivr.models.progress import NobodyWatches, Progress
from ivr.models.sources import sources_of

__all__ = [
    "Kind",
    "Model",
    "NobodyWatches",
    "Progress",
    "Standing",
    "State",
    "catalogue",
    "find",
    "install",
    "local_folders",
    "model_named",
    "needed",
    "sources_of",
    "standing_of",
    "verify",
]
