"""What several floors of the tests share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # tests/fakes, imported as `fakes`

from fakes.postgres import postgres, postgres_server  # noqa: F401 - fixtures of all floors
from hypothesis import HealthCheck, settings

# A busy machine makes no property wrong.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
