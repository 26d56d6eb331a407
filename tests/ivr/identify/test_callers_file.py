from datetime import UTC, datetime
from pathlib import Path

import pytest

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, PhoneNumber
from ivr.errors import BadDirectory
from ivr.identify.callers_file import read_callers
from ivr.identify.directory import Entry

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
GOOD = """
[[callers]]
customer_id = "C-1"
subject = "s-1"
name = "Klaus"
numbers = ["089 123456"]
events = [{kind = "flight_cancelled", days_ago = 2, may_mention = true, facts = {flight = "LH815"}}]
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[callers]", "is no TOML"),
        ("x = 1", "callers: Field required"),
        (GOOD.replace('"C-1"', '"C 1; DROP"'), "callers.0.customer_id"),
        (GOOD.replace("days_ago = 2", "days_ago = -2"), "callers.0.events.0.days_ago"),
        (GOOD.replace("subject", "sujbect"), "callers.0.subject"),
        (GOOD + 'preferences = {"Seat!" = "aisle"}', "callers.0.preferences"),
        (GOOD + 'preferences = {seat = ""}', "callers.0.preferences.seat"),
        (GOOD.replace("089 123456", "many"), "Customer C-1 has a number that is none."),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "callers.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(BadDirectory, match=sentence):
        read_callers(file, region="DE", now=NOW)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadDirectory, match="cannot be opened"):
        read_callers(tmp_path / "none.toml", region="DE", now=NOW)


def test_callers_are_read_with_the_time_of_their_events(tmp_path: Path) -> None:
    file = tmp_path / "callers.toml"
    file.write_text(GOOD, "utf-8")
    event = Event(
        kind="flight_cancelled",
        at=datetime(2026, 3, 8, 12, tzinfo=UTC),
        facts={"flight": "LH815"},
        may_mention=True,
    )
    klaus = Caller(
        customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus", events=(event,)
    )

    assert (Entry(caller=klaus, numbers=(PhoneNumber(e164="+4989123456"),)),) == read_callers(
        file, region="DE", now=NOW
    )


def test_what_customers_prefer_is_read(tmp_path: Path) -> None:
    file = tmp_path / "callers.toml"
    file.write_text(GOOD + 'preferences = {seat = "aisle", channel = "email"}', "utf-8")

    (entry,) = read_callers(file, region="DE", now=NOW)

    assert entry.caller.preferences == {"seat": "aisle", "channel": "email"}
    assert "aisle" not in repr(entry)
