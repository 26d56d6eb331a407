import json
import logging
import logging.config
from typing import Literal

import pytest

from ivr.call import CallId
from ivr.marks import about_call, about_turn, call_mark
from ivr.service.logs import Discreet, FieldsFormatter, JsonFormatter, Marked, log_config


def test_a_line_holds_its_message_and_its_fields_in_order() -> None:
    record = logging.makeLogRecord(
        {"name": "ivr.pipeline", "levelname": "ERROR", "msg": "turn failed", "where": "a.py:3"}
    )
    record.code = "no_voice"

    line = FieldsFormatter().format(record)

    assert line.endswith(" ERROR ivr.pipeline: turn failed code=no_voice where=a.py:3")


@pytest.mark.parametrize(("form", "kind"), [("text", FieldsFormatter), ("json", JsonFormatter)])
def test_the_configuration_is_one_that_logging_takes(
    form: Literal["text", "json"], kind: type[logging.Formatter]
) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        logging.config.dictConfig(log_config(form))
        formatters = [type(handler.formatter) for handler in root.handlers]
    finally:
        root.handlers[:] = before
        root.setLevel(level)

    assert formatters == [kind]


def test_a_line_of_json_is_one_object_with_its_fields_beside_the_message() -> None:
    record = logging.makeLogRecord(
        {"name": "ivr.pipeline", "levelname": "ERROR", "msg": "turn\nfailed", "created": 0.25}
    )
    record.code, record.frames = "no_voice", 3

    line = JsonFormatter().format(record)

    assert "\n" not in line
    assert json.loads(line) == {
        "at": "1970-01-01T00:00:00.250+00:00",
        "level": "ERROR",
        "logger": "ivr.pipeline",
        "message": "turn\nfailed",
        "code": "no_voice",
        "frames": 3,
    }


def test_what_json_does_not_know_is_told_as_text() -> None:
    record = logging.makeLogRecord({"msg": "x"})
    record.where = object

    assert "object" in json.loads(JsonFormatter().format(record))["where"]


def test_a_field_cannot_take_the_place_of_the_message() -> None:
    told = {"msg": "turn failed", "levelname": "ERROR", "level": "none", "at": "never"}
    line = json.loads(JsonFormatter().format(logging.makeLogRecord(told)))

    assert line["level"] == "ERROR"
    assert line["at"] != "never"


def test_a_line_about_a_turn_says_which_and_never_gives_the_calls_id() -> None:
    call = CallId("4989123456@pbx")
    with about_turn(call) as mark:
        told = record("ivr.pipeline", "turn failed")
        assert Marked().filter(told)
    line = FieldsFormatter().format(told)

    assert line.endswith(f"turn failed call={mark.call} turn={mark.turn}")
    assert "4989" not in line


def test_a_call_that_is_named_by_its_id_is_told_by_its_mark() -> None:
    call = CallId("4989123456@pbx")
    told = record("ivr.queue", "a call is stuck")
    told.call = call
    for _ in range(2):
        assert Marked().filter(told)

    assert vars(told)["call"] == call_mark(call)


def test_a_line_about_a_call_between_its_turns_says_which_call() -> None:
    with about_call(CallId("c-1")) as mark:
        told = record("ivr.session", "live call failed")
        assert Marked().filter(told)
    untold = record("ivr.queue", "a line about nobody")
    assert Marked().filter(untold)

    assert json.loads(JsonFormatter().format(told))["call"] == mark.call
    assert "call" not in json.loads(JsonFormatter().format(untold))


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
