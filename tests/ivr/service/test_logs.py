import logging
import logging.config

import pytest

from ivr.service.logs import Discreet, FieldsFormatter, log_config


def test_a_line_holds_its_message_and_its_fields_in_order() -> None:
    record = logging.makeLogRecord(
        {"name": "ivr.pipeline", "levelname": "ERROR", "msg": "turn failed", "where": "a.py:3"}
    )
    record.code = "no_voice"

    line = FieldsFormatter().format(record)

    assert line.endswith(" ERROR ivr.pipeline: turn failed code=no_voice where=a.py:3")


def test_the_configuration_is_one_that_logging_takes() -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        logging.config.dictConfig(log_config())
        formatters = [type(handler.formatter) for handler in root.handlers]
    finally:
        root.handlers[:] = before
        root.setLevel(level)

    assert formatters == [FieldsFormatter]


def record(name: str, message: str, err: Exception | None = None) -> logging.LogRecord:
    told = (type(err), err, err.__traceback__) if err else None
    return logging.makeLogRecord({"name": name, "msg": message, "exc_info": told})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("uvicorn.error", '127.0.0.1:4711 - "WebSocket /ws/asterisk?from=%2B4989" [accepted]'),
        ("uvicorn.error", '127.0.0.1:4711 - "WebSocket /ws/asterisk?from=%2B4989" 403'),
        ("uvicorn.error", "ASGI callable returned without completing handshake."),
        ("websockets.server", "connection open"),
        ("uvicorn.error", "connection rejected (403 Forbidden)"),
    ],
)
def test_single_connections_are_not_told(name: str, message: str) -> None:
    assert not Discreet().filter(record(name, message))


def test_what_the_server_says_of_itself_is_told() -> None:
    assert Discreet().filter(record("uvicorn.error", "Uvicorn running on http://127.0.0.1:8080"))


def test_of_an_error_its_kind_and_place_are_told_and_not_its_message() -> None:
    told = record("websockets.server", "parser failed", ValueError("+4989123456"))

    assert Discreet().filter(told)

    line = FieldsFormatter().format(told)
    assert "parser failed code=unexpected kind=ValueError where=" in line
    assert "4989" not in line


def test_a_task_that_failed_does_not_repeat_what_was_said() -> None:
    told = record("asyncio", "Task exception was never retrieved\nfuture: ValueError('+4989')")

    assert Discreet().filter(told)
    assert told.getMessage() == "Task exception was never retrieved"
