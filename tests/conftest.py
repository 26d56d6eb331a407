"""What several floors of the tests share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # tests/fakes, imported as `fakes`

from fakes.postgres import postgres, postgres_server  # noqa: F401 - fixtures of all floors
