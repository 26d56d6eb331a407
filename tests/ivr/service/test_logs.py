import logging
import logging.config

from ivr.service.logs import FieldsFormatter, log_config


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
