"""A process's output for answers alone."""

import os
import sys
from typing import TextIO


def own_output() -> TextIO:
    """The output as it was; what anybody prints from now on goes to the error stream."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers
