"""How the service logs: a static message and its fields, never what callers said."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from ivr.call import CallId
from ivr.marks import call_mark, current
from ivr.trace import trace

_MARK = re.compile(r"[0-9a-f]{32}")

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
        shown = "".join(f" {key}={value}" for key, value in sorted(_fields(record).items()))
        return super().format(record) + shown


class JsonFormatter(logging.Formatter):
    """One object a line, its time in UTC; fields stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(dict(sorted(_fields(record).items())) | line, default=str)


class Marked(logging.Filter):
    """Says which call and which turn a line is about, in the ids of its trace.

    What gateways call their calls may hold a number: a line that names one by it is told by mark.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line goes on."""
        mark, named = current(), vars(record).get("call")
        if mark.call:
            record.call = mark.call
        elif named and not _MARK.fullmatch(str(named)):
            record.call = call_mark(CallId(str(named)))
        if mark.turn:
            record.turn = mark.turn
        return True


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


def log_config(form: Literal["text", "json"] = "text") -> dict[str, Any]:
    """For uvicorn and everything of ours: one handler, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"text": {"()": FieldsFormatter}, "json": {"()": JsonFormatter}},
        "filters": {"discreet": {"()": Discreet}, "marked": {"()": Marked}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["discreet", "marked"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
    }


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _ORDINARY}
