"""A sentence that was not understood in a call is labelled, learned, understood, and taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.call import CallId
from ivr.result import Result
from ivr.settings import ReviewSettings
from ivr.turn import Turn
from ivr.wiring import House

from .conversation import Line
from .recording_booth import Booth

WISH = "Ich brauche eine Rechnung für meinen Chef."
STRANGER = "+49 211 7654321"


@pytest.fixture
def learning(tmp_path: Path, house: House, fixtures: Path) -> Iterator[House]:
    """A house of its own, whose packs nobody else reads."""
    rehearsal = House.for_rehearsal(tmp_path).settings
    own = House(
        replace(
            rehearsal,
            home=tmp_path,
            models=rehearsal.models or rehearsal.models_home,
            review=ReviewSettings(collect="all", worst_loss=1.0),
        )
    )
    own.words.__dict__["recogniser"] = house.words.recogniser
    own.stage(fixtures)
    yield own
    own.close()


def heard(house: House, booth: Booth, words: str, call: str) -> Result:
    audio = booth.speech(words, "stranger", Line.CLEAN)
    turn = Turn(call_id=CallId(call), number=house.read_number(STRANGER), audio=audio)
    answer = house.switchboard.take(turn, now=datetime.now(UTC))
    house.switchboard.forget(CallId(call))
    return answer.result


def test_a_sentence_that_was_not_understood_is_understood_once_it_was_labelled(
    learning: House, booth: Booth
) -> None:
    before = heard(learning, booth, WISH, "before")
    assert before.intent.name == "out_of_scope"
    reviewing = learning.reviewing
    (group,) = reviewing.listed(datetime.now(UTC))
    assert group.first.text == before.transcript.text
    assert "7654321" not in repr(group)

    reviewing.label(group.first.id, "refund")
    added = reviewing.apply(reviewing.prepared({}))

    assert added.version == 1
    taught = learning.words.mind_source.learn()
    meaning = taught.classifier.classify(before.transcript.text, group.first.language)
    assert getattr(meaning, "name", "") == "refund"

    reviewing.undo()

    untaught = learning.words.mind_source.learn()
    meaning = untaught.classifier.classify(before.transcript.text, group.first.language)
    assert getattr(meaning, "name", "") != "refund"


def test_nothing_is_kept_of_calls_unless_somebody_decided_so(house: House, booth: Booth) -> None:
    assert not house.reviewing.is_on

    heard(house, booth, WISH, "off")

    assert house.reviewing.listed(datetime.now(UTC)) == ()
