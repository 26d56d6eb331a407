"""What several floors of the tests share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # tests/fakes, imported as `fakes`
