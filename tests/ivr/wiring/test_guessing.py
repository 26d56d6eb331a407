"""Feedback on guesses, from a call to the next one."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from biometrics import Outcome, SubjectId, Verdict
from ivr.call import Caller, CustomerId, Event, Intent, Language, Mood, Say, Transcript, Unknown
from ivr.decide.dialogue import Dialogue, Offered
from ivr.decide.guess import Answers, History, event_mark
from ivr.decide.moment import Decision, GuessHeard, Moment
from ivr.settings import Settings
from ivr.wiring import House
from ivr.wiring.guessing import Guessing

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CANCELLED = Event(kind="flight_cancelled", at=NOW, facts={"flight": "LH815"}, may_mention=True)
KLAUS = Caller(
    customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus", events=(CANCELLED,)
)
ERNA = replace(KLAUS, customer_id=CustomerId("C-2"))
OFFERED = Offered(
    intent=Intent(name="rebook_flight", confidence=1.0), is_personal=True, event=CANCELLED
)
ASKED = Moment(
    caller=KLAUS,
    verdict=Verdict(outcome=Outcome.ACCEPTED),
    heard=Transcript(text="Nein", language=Language.GERMAN, confidence=0.9, engine="fake"),
    meaning=Intent(name="deny", confidence=0.9),
    mood=Mood.NEUTRAL,
    now=NOW,
    dialogue=Dialogue(pending=OFFERED),
)


def heard(*, is_right: bool) -> Decision:
    guess = GuessHeard(kind="flight_cancelled", is_right=is_right)
    return Decision(action=Say(lines=()), reasons=(), dialogue=Dialogue(), guess=guess)


@pytest.fixture
def guessing(tmp_path: Path) -> Guessing:
    voices = House(Settings(home=tmp_path)).voices
    _ = voices.records  # makes the keys
    return Guessing("airline", lambda: voices.engine, lambda: voices.keys.vault)


def test_where_feedback_is_gone_nothing_is_guessed_and_no_call_fails(
    guessing: Guessing, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database " * 1000)
    gone = replace(guessing, engine=lambda: f"sqlite:///{broken}")  # type: ignore[arg-type, return-value]

    with caplog.at_level(logging.WARNING):
        gone.note(ASKED, heard(is_right=False))

        assert gone.history(KLAUS) == History(is_known=False)
    assert caplog.messages == [
        "feedback on a guess not kept",
        "feedback on guesses cannot be read",
    ]


@pytest.mark.parametrize(
    ("moment", "decision"),
    [
        (ASKED, replace(heard(is_right=True), guess=None)),
        (replace(ASKED, caller=Unknown()), heard(is_right=True)),
        (replace(ASKED, dialogue=Dialogue()), heard(is_right=True)),
    ],
    ids=["not answered", "nobody", "not asked"],
)
def test_what_was_no_answer_to_a_guess_is_not_counted(
    guessing: Guessing, moment: Moment, decision: Decision
) -> None:
    guessing.note(moment, decision)

    assert guessing.history(KLAUS) == History()


def test_a_wrong_guess_is_remembered_for_this_customer_and_counted_for_all(
    guessing: Guessing,
) -> None:
    guessing.note(ASKED, heard(is_right=False))

    answers = {"flight_cancelled": Answers(right=0, wrong=1)}
    assert guessing.history(KLAUS) == History(
        answers=answers, refused=frozenset({event_mark(CANCELLED)})
    )
    assert guessing.history(ERNA) == History(answers=answers)
    assert replace(guessing, business="bank").history(ERNA) == History()


def test_a_right_guess_is_counted(guessing: Guessing) -> None:
    guessing.note(ASKED, heard(is_right=True))

    assert guessing.history(KLAUS) == History(answers={"flight_cancelled": Answers(right=1)})


def test_the_database_tells_neither_customer_nor_event(guessing: Guessing, tmp_path: Path) -> None:
    guessing.note(ASKED, heard(is_right=False))

    with guessing.engine().connect() as connection:
        ((mark, _),) = connection.exec_driver_sql("SELECT * FROM guess_marks").all()

    assert len(mark) == 64
    assert "C-1" not in mark
    assert "LH815" not in mark
