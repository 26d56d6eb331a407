"""How the service logs: a static message and its fields, never what callers said."""

import logging
import re
from typing import Any

from ivr.trace import trace

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}

_ABOUT_CONNECTIONS = re.compile(
    r'"WebSocket |connection (?:open|closed|rejected)|without completing handshake'
)
"""The last is what uvicorn 0.54 says of every handshake that was answered by a refusal."""


class FieldsFormatter(logging.Formatter):
    """`2026-05-20 12:00:00 ERROR ivr.pipeline: turn failed code=no_voice where=...`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        fields = {key: value for key, value in vars(record).items() if key not in _ORDINARY}
        shown = "".join(f" {key}={value}" for key, value in sorted(fields.items()))
        return super().format(record) + shown


class Discreet(logging.Filter):
    """Libraries log addresses that were asked for, and messages of errors: both can hold words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop lines about single connections; of errors keep their kind and place."""
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            vars(record).update(trace(record.exc_info[1]))
            record.exc_info = record.exc_text = None
        if record.name == "asyncio":  # its further lines repeat the error with its message
            record.msg, record.args = record.getMessage().partition("\n")[0], None
        is_library = record.name.startswith(("uvicorn", "websockets"))
        return not (is_library and _ABOUT_CONNECTIONS.search(str(record.msg)))


def log_config() -> dict[str, Any]:
    """For uvicorn and everything of ours: one handler, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"fields": {"()": FieldsFormatter}},
        "filters": {"discreet": {"()": Discreet}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "fields",
                "filters": ["discreet"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
    }
