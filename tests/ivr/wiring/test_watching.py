"""Calls with the real encoder: a voice on a list goes to a person, and nobody else notices."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.readiness import unready

from biometrics import LegalBasis, ListPurpose, Outcome, StoreUnavailable, SubjectId
from ivr.call import Caller, CustomerId
from ivr.settings import KeySettings, Settings, WatchlistSettings
from ivr.verify.evidence import Evidence
from ivr.wiring import House

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
NOW = datetime.now(UTC)


def caller(name: str, subject: str) -> Caller:
    return Caller(customer_id=CustomerId(f"C-{name}"), subject=SubjectId(subject), name=name)


KLAUS, ERNA = caller("Klaus", "s-7f3a"), caller("Erna", "s-19c2")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Klaus, of all people, is on a list of fraudsters."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(
        home=home,
        keys=KeySettings(file=home / "master.key"),
        watchlist=WatchlistSettings(enabled=True),
    )
    made = House(replace(settings, verify=replace(settings.verify, liveness="off")))
    made.stage(FIXTURES, now=NOW)
    watching = made.voices.watching
    desk = watching.desk("operator")
    basis = LegalBasis(text="a test", decided_by="us", decided_at=NOW, retention_days=30)
    listed = desk.create("March", ListPurpose.FRAUD, basis, NOW)
    recordings = [(FIXTURES / f"klaus-enrol-{n}.wav").read_bytes() for n in (1, 2, 3)]
    voiceprint = watching.print_of(recordings, NOW)
    desk.add(listed, voiceprint, encoder=watching.heard_by, now=NOW)
    return made


def told(house: House, who: Caller, file: str) -> Evidence:
    speech = house.voices.listen((FIXTURES / file).read_bytes())
    return house.voices.remembering_check.check(who, speech, None, NOW)


def test_a_voice_on_a_list_is_served_by_a_person_whatever_it_proves(house: House) -> None:
    verdict = told(house, KLAUS, "klaus-flight.wav").verdict

    assert (verdict.outcome, verdict.needs_person) == (Outcome.INCONCLUSIVE, True)
    assert [sign.name for sign in verdict.signs] == ["watchlist"]
    watching = house.voices.watching
    (listed,) = watching.lists.lists()
    assert {review.subject for review in watching.reviews.of(listed.id)} == {"s-7f3a"}


def test_a_caller_on_no_list_is_served_as_ever(house: House) -> None:
    verdict = told(house, ERNA, "erna-baggage.wav").verdict

    assert (verdict.outcome, verdict.signs) == (Outcome.ACCEPTED, ())


def test_lists_that_are_gone_take_calls_to_a_person_and_the_house_is_not_ready(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> tuple[()]:
        raise StoreUnavailable("gone")

    assert house.voices.remembering_check
    monkeypatch.setattr(house.voices.watching.lists, "lists", gone)

    verdict = told(house, ERNA, "erna-baggage.wav").verdict

    assert (verdict.outcome, verdict.needs_person) == (Outcome.INCONCLUSIVE, True)
    assert verdict.reasons == ("Not checked: the watchlists cannot be searched.",)
    assert unready(house) == ["store_unavailable"]
