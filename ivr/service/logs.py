"""How the service logs: a static message and its fields, never what callers said."""

import logging
from typing import Any

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class FieldsFormatter(logging.Formatter):
    """`2026-05-20 12:00:00 ERROR ivr.pipeline: turn failed code=no_voice where=...`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        fields = {key: value for key, value in vars(record).items() if key not in _ORDINARY}
        shown = "".join(f" {key}={value}" for key, value in sorted(fields.items()))
        return super().format(record) + shown


def log_config() -> dict[str, Any]:
    """For uvicorn and everything of ours: one handler, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"fields": {"()": FieldsFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "fields"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
    }
