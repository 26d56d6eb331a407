"""What several floors of the tests share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # tests/fakes, imported as `fakes`

import pytest
from fakes.postgres import (  # noqa: F401 - fixtures of all floors
    postgres,
    postgres_schemas,
    postgres_server,
    postgres_to_stop,
)
from hypothesis import HealthCheck, settings

# A busy machine makes no property wrong.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def _lazy_modules_tell_no_file() -> None:
    """Asked for it, as Hypothesis asks every module, SpeechBrain's would be imported, and fail."""
    module = sys.modules.get("speechbrain.utils.importutils")
    if module is not None:
        module.LazyModule.__file__ = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems() -> None:
    _lazy_modules_tell_no_file()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    _lazy_modules_tell_no_file()
