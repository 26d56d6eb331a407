"""Text messages as chan_websocket writes and reads them."""

import json

import pytest

from ivr.gateways.asterisk.control import (
    Command,
    Event,
    Flow,
    Pressed,
    Started,
    read_event,
    write_command,
)

PLAIN = (
    "MEDIA_START connection_id:ivr channel:WebSocket/ivr/0x7f channel_id:pbx-1732580000.17"
    " format:slin16 optimal_frame_size:640 ptime:20"
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "{}",
        '{"event": 7}',
        '{"event": ["MEDIA_XOFF"]}',
        '{"event": "media_xoff"}',
        "{" * 60_000,
        '{"event":' * 20_000,
        "media_start format:ulaw",
        "STATUS queue_length:7",
        '{"event":"STATUS","queue_length":7}',
        '{"event":"ERROR","error_text":"no"}',
        "\x00",
    ],
)
def test_what_does_not_concern_a_call_is_nothing(text: str) -> None:
    assert read_event(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MEDIA_XOFF", Flow.FULL),
        ("MEDIA_XON", Flow.READY),
        ("QUEUE_DRAINED", Flow.DRAINED),
        ('{"event":"MEDIA_XOFF","channel_id":"1.2"}', Flow.FULL),
        ('{"event":"MEDIA_XON","channel_id":"1.2"}', Flow.READY),
        ('{"event":"QUEUE_DRAINED","channel_id":"1.2"}', Flow.DRAINED),
        ("DTMF_END digit:# channel_id:1.2", Pressed(key="#")),
        ('{"event":"DTMF_END","channel_id":"1.2","digit":"4"}', Pressed(key="4")),
        ('{"event":"DTMF_END","digit":4}', Pressed(key="")),
        ("DTMF_END", Pressed(key="")),
    ],
)
def test_keys_and_flow_are_read_in_both_forms(text: str, expected: Event) -> None:
    assert read_event(text) == expected


def test_the_start_in_words_tells_the_format_and_the_channel() -> None:
    expected = Started(format="slin16", channel_id="pbx-1732580000.17", is_json=False)

    assert read_event(PLAIN) == expected


def test_the_start_in_json_tells_the_variables_too() -> None:
    text = json.dumps(
        {
            "event": "MEDIA_START",
            "connection_id": "ivr",
            "channel": "WebSocket/ivr/0x7f",
            "channel_id": "1732580000.17",
            "format": "ulaw",
            "optimal_frame_size": 160,
            "ptime": 20,
            "channel_variables": {"__RUFWERK_CALL": "a", "RUFWERK_LANG": "de", "ODD": 7},
        }
    )

    assert read_event(text) == Started(
        format="ulaw",
        channel_id="1732580000.17",
        variables={"RUFWERK_CALL": "a", "RUFWERK_LANG": "de", "ODD": ""},
        is_json=True,
    )


@pytest.mark.parametrize("variables", ["null", "[]", '"x"', "7"])
def test_variables_that_are_none_are_none(variables: str) -> None:
    text = f'{{"event":"MEDIA_START","format":"ulaw","channel_variables":{variables}}}'

    assert read_event(text) == Started(format="ulaw", channel_id="", is_json=True)


def test_commands_are_written_in_the_form_that_was_chosen() -> None:
    assert write_command(Command.HANG_UP, is_json=False) == "HANGUP"
    assert json.loads(write_command(Command.FLUSH, is_json=True)) == {"command": "FLUSH_MEDIA"}


def test_keys_are_not_shown_where_events_are_printed() -> None:
    assert "7" not in repr(Pressed(key="7"))
    assert "+49" not in repr(
        Started(format="ulaw", channel_id="", variables={"RUFWERK_FROM": "+49"}, is_json=True)
    )
