"""The rules themselves refuse what jambonz would refuse, or leave undone."""

from typing import Any

import pytest

from tests.ivr.gateways.jambonz.rules import checked

HANG_UP = {"verb": "hangup"}
ENQUEUE = {
    "verb": "enqueue",
    "name": "agents",
    "priority": 51,
    "waitHook": "/jambonz/wait",
    "actionHook": "https://ivr.example/jambonz/queue-exit",
}


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        [{}],
        [{"verb": "dance"}],
        [{"verb": "say"}, HANG_UP],
        [{"verb": "say", "text": ""}, HANG_UP],
        [{"verb": "play", "url": "file:///etc/passwd"}, HANG_UP],
        [{"verb": "pause", "length": "2"}, HANG_UP],
        [{"verb": "pause", "length": 2}],
        [{"verb": "hangup", "Headers": {}}],
        [ENQUEUE | {"priority": 0}],
        [ENQUEUE | {"priority": True, "name": ""}],
        [{name: held for name, held in ENQUEUE.items() if name != "waitHook"}],
        [{"verb": "gather", "id": "1", "input": [], "actionHook": "/turn", "timeout": 5}, HANG_UP],
        [{"verb": "sip:refer", "referTo": "sip:a@b", "actionHook": "refer"}],
    ],
)
def test_what_jambonz_would_not_do_is_found(document: Any) -> None:
    with pytest.raises(AssertionError):
        checked(document)


def test_while_somebody_waits_nothing_else_may_be_done() -> None:
    with pytest.raises(AssertionError):
        checked([HANG_UP], is_waiting=True)


def test_what_jambonz_does_is_let_through() -> None:
    assert checked([{"verb": "say", "text": "Hallo."}, ENQUEUE])
    assert checked([{"verb": "pause", "length": 20}], is_waiting=True)
