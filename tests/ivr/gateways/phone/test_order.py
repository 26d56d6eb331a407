import json

import pytest

from ivr.call import Language
from ivr.errors import BadOrder
from ivr.gateways.phone.order import Dial, HangUp, Order, Press, read_order


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{",
        "[]",
        "null",
        '"dial"',
        "{}",
        '{"type": "order pizza"}',
        '{"type": 7}',
        '{"type": ["dial"]}',
        "[" * 1_900,
        json.dumps({"type": "dial", "from": "1" * 2_000}),
    ],
)
def test_what_is_no_message_of_the_page_is_refused(text: str) -> None:
    with pytest.raises(BadOrder):
        read_order(text)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (
            {"type": "dial", "from": "+4989123456", "language": "de", "token": "t"},
            Dial(caller_id="+4989123456", language=Language.GERMAN, token="t"),
        ),
        ({"type": "dial"}, Dial(caller_id=None, language=None, token="")),
        (
            {"type": "dial", "from": ["+49"], "language": "fr", "token": 7},
            Dial(caller_id=None, language=None, token=""),
        ),
        ({"type": "press", "keys": "12#"}, Press(keys="12#")),
        ({"type": "press", "keys": "1" * 99}, Press(keys="1" * 32)),
        ({"type": "hang_up"}, HangUp()),
    ],
)
def test_what_the_page_asks_for(order: dict[str, object], expected: Order) -> None:
    assert expected == read_order(json.dumps(order))


def test_neither_number_nor_token_nor_keys_are_printed() -> None:
    dial = Dial(caller_id="+4989123456", language=None, token="secret")

    assert "+49" not in repr(dial)
    assert "secret" not in repr(dial)
    assert "12" not in repr(Press(keys="12"))
