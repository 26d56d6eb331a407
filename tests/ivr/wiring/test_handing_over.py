"""A call that is handed over: its place, what is told of it, and what is told no more."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes.stories import BEGAN, KLAUS, TO_PEOPLE, story, told

from ivr.handover.contexts import digest
from ivr.handover.remarks import Remarks
from ivr.handover.whisper import whisper_lines
from ivr.queue.entry import ContextToken
from ivr.settings import Settings
from ivr.story import Story
from ivr.wiring.house import House

TOKEN = "a-token-of-this-call"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(Settings(home=tmp_path))


def handed(**changes: Any) -> Story:
    turn = told(TO_PEOPLE, **changes)
    action = replace(turn.result.action, context_token=TOKEN)
    return story(replace(turn, result=replace(turn.result, action=action)))


def place(house: House) -> str | None:
    entry = house.queueing.room.of_token(ContextToken(TOKEN))
    return entry.queue if entry else None


def test_a_context_that_cannot_be_kept_loses_nobody(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(KLAUS, name="Klaus \ud800")

    house.handing_over.hand_over(handed(caller=broken))

    assert place(house) == "senior"
    assert house.handing_over.find(TOKEN, BEGAN) is None
    assert "context not kept" in caplog.text
    assert "Klaus" not in caplog.text


def test_of_whom_it_was_not_nothing_is_told(house: House) -> None:
    desk = house.handing_over
    desk.hand_over(handed())
    before = desk.find(TOKEN, BEGAN)
    desk.remarks.put(digest(TOKEN), Remarks(is_somebody_else=True), BEGAN)
    after = desk.find(TOKEN, BEGAN)

    assert before is not None
    assert after is not None
    assert before.customer is not None
    assert [line.key for line in whisper_lines(before)][:2] == ["whisper.name", "whisper.sure"]
    assert (after.customer, after.number, after.slots, after.earlier) == (None, None, {}, ())
    assert (after.evidence.decision, after.next_step) == ("rejected", "prove_before_anything")
    assert {one.machine for one in after.said} == {""}
    assert [line.key for line in whisper_lines(after)][:2] == ["whisper.nobody", "whisper.about"]


def test_what_is_known_is_kept_and_found(house: House) -> None:
    house.handing_over.hand_over(handed())
    found = house.handing_over.find(TOKEN, BEGAN)

    assert place(house) == "senior"
    assert found is not None
    assert found.customer is not None
    assert found.customer.name == "Klaus"
