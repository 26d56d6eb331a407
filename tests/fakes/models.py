"""Models that are installed on this machine."""

from pathlib import Path

import pytest

from ivr.errors import ModelMissing
from ivr.wiring import House


def installed(name: str) -> Path:
    """The folder of a model; a test that needs one that is not here is skipped."""
    try:
        return House.from_environment().places.model(name)
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
