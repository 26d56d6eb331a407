"""What log records hold, to look for words that may not be there."""

import logging
from collections.abc import Iterable

# Numbers that differ from run to run: a telephone number's digits would be found in them by chance.
_STAMPS = ("created", "msecs", "relativeCreated", "process", "thread", "threadName")


def logged(records: Iterable[logging.LogRecord]) -> list[str]:
    """Everything in each record but when, and in which thread and process, it was written."""
    return [
        str({name: value for name, value in vars(record).items() if name not in _STAMPS})
        for record in records
    ]
