"""Enrolment through the HTTP door, with the project's own voices and the real encoder."""

import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fakes.log_lines import logged
from fakes.scripted import SOUND, scripted_rooms
from fastapi.testclient import TestClient

from biometrics import Channel, Lookalike, Purpose, Said, SubjectId
from ivr.call import Language
from ivr.identify.number import read_number
from ivr.pipeline import Pipeline
from ivr.service.app import Desk, create_app
from ivr.service.enrolment import EnrolmentDesk
from ivr.service.readiness import Looked
from ivr.settings import ServiceSettings, Settings
from ivr.switchboard import Switchboard
from ivr.verify.enrolments import Enrolments, EnrolmentSettings
from ivr.wiring import House

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
KLAUS = ("klaus-enrol-1.wav", "klaus-enrol-2.wav", "klaus-enrol-3.wav")
LARGEST = 400_000
SAID = Said(text="recognition-1", language="de", channel=Channel.WEB)
ROUTES = [("POST", "voiceprint"), ("GET", "voiceprint"), ("DELETE", "enrolment")]


class Office:
    """A door, the house behind it, and a clock that can be moved."""

    def __init__(self, house: House, *, token: str | None = None, capacity: int = 5) -> None:
        self.house = house
        self.moment = datetime.now(UTC)
        self.enrolments = Enrolments(
            house.voices.enrol_room("gateway"),
            EnrolmentSettings(capacity=capacity, idle=timedelta(minutes=30)),
        )
        desk = Desk(
            switchboard=Switchboard(
                Pipeline(scripted_rooms(), default_language=Language.GERMAN), capacity=5
            ),
            read_number=partial(read_number, region="DE"),
            opening=lambda _language: SOUND,
            as_wav=lambda _sound, _encoding: b"RIFF",
            clock=lambda: self.moment,
            ready=Looked,
            subjects=house.subjects.desk(self.enrolments.forget),
            enrolment=EnrolmentDesk(enrolments=self.enrolments, clock=lambda: self.moment),
        )
        app = create_app(desk, ServiceSettings(token=token), largest_upload_bytes=LARGEST)
        self.client = TestClient(app)

    def agree(self, subject: str) -> str:
        rights = self.house.subjects.rights
        rights.grant(SubjectId(subject), Purpose.RECOGNITION, SAID, datetime.now(UTC))
        return subject

    def send(self, subject: str, *names: str, **fields: str) -> Any:
        files = [("audio", (name, (FIXTURES / name).read_bytes())) for name in names]
        return self.client.post(f"/v1/subjects/{subject}/voiceprint", files=files, data=fields)

    def look(self, subject: str) -> Any:
        return self.client.get(f"/v1/subjects/{subject}/voiceprint")

    def kept(self, subject: str) -> object:
        return self.house.voices.sealed.get(SubjectId(subject))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(Settings(home=tmp_path_factory.mktemp("home")))
    yield made
    made.close()


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


def refused(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(("method", "what"), ROUTES)
def test_nobody_enrols_without_the_token(house: House, method: str, what: str) -> None:
    client = Office(house, token="secret").client

    assert refused(client.request(method, f"/v1/subjects/s-1/{what}")) == (401, "not_allowed")


@pytest.mark.parametrize("subject", ["+4989123456", "a b", "x" * 65])
@pytest.mark.parametrize(("method", "what"), ROUTES)
def test_what_is_no_opaque_id_is_refused_and_not_repeated(
    office: Office, method: str, what: str, subject: str
) -> None:
    answer = office.client.request(
        method, f"/v1/subjects/{subject}/{what}", files={"audio": ("a.wav", b"RIFF")}
    )

    assert refused(answer) == (422, "bad_request")
    assert subject not in answer.text


def test_who_has_not_agreed_is_not_even_listened_to(office: Office) -> None:
    assert refused(office.send("s-unasked", "not-audio.wav")) == (409, "consent_missing")
    assert refused(office.look("s-unasked")) == (409, "consent_missing")


def test_who_has_refused_is_not_listened_to(office: Office) -> None:
    office.house.subjects.rights.opt_out(SubjectId("s-never"), datetime.now(UTC))

    assert refused(office.send("s-never", "not-audio.wav")) == (409, "subject_opted_out")


def test_a_recording_that_cannot_be_read_leaves_no_take(office: Office) -> None:
    subject = office.agree("s-broken")

    assert refused(office.send(subject, KLAUS[0], "not-audio.wav")) == (415, "unreadable_audio")
    assert office.look(subject).json()["takes"] == []


def test_a_recording_without_bytes_is_refused(office: Office) -> None:
    subject = office.agree("s-empty")
    path = f"/v1/subjects/{subject}/voiceprint"

    answer = office.client.post(path, files=[("audio", ("a.wav", b""))])

    assert refused(answer) == (400, "empty_recording")
    assert refused(office.client.post(path)) == (422, "bad_request")


def test_too_much_at_once_is_refused(office: Office) -> None:
    subject = office.agree("s-large")
    files = [("audio", ("a.wav", bytes(LARGEST + 100_000)))]

    answer = office.client.post(f"/v1/subjects/{subject}/voiceprint", files=files)

    assert refused(answer) == (413, "upload_too_large")


def test_no_more_takes_than_an_enrolment_may_have(office: Office) -> None:
    subject = office.agree("s-many")
    silences = [("audio", ("a.wav", b"RIFF" + bytes([n]))) for n in range(21)]

    answer = office.client.post(f"/v1/subjects/{subject}/voiceprint", files=silences)

    assert refused(answer) == (409, "too_many_takes")


def test_with_the_store_gone_nobody_is_enrolled_and_no_take_is_kept(
    house: House, tmp_path: Path
) -> None:
    other = House(Settings(home=tmp_path))
    # The models are the same; only what is kept differs.
    for name in ("_loaded", "detector"):
        other.voices.__dict__[name] = getattr(house.voices, name)
    office = Office(other)
    subject = office.agree("s-store")
    office.send(subject, KLAUS[0])
    holder = sqlite3.connect(tmp_path / "rufwerk.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")

    answers = [office.send(subject, *KLAUS[1:]), office.look(subject)]
    holder.execute("ROLLBACK")
    holder.close()

    assert [refused(answer) for answer in answers] == [(503, "store_unavailable")] * 2
    assert len(office.look(subject).json()["takes"]) == 1
    assert office.kept(subject) is None
    other.close()


def test_three_requests_fill_the_meter_and_the_voice_is_enrolled(office: Office) -> None:
    subject = office.agree("s-klaus")
    begun = office.look(subject).json()
    first, second, third = (office.send(subject, name).json() for name in KLAUS)

    assert (begun["percent"], begun["enrolled"], begun["takes"]) == (0, False, [])
    assert (first["percent"], first["recordings"], first["needed_recordings"]) == (33, 1, 3)
    assert first["next"] == "2 more recordings are needed, and 3.2 s more speech."
    assert (first["net_speech_ms"], first["needed_ms"]) == (6_880, 10_000)
    assert (second["percent"], second["finished"]) == (66, False)
    assert second["next"] == "1 more recording is needed."
    assert (third["percent"], third["enrolled"], third["finished"]) == (100, True, True)
    assert (third["encoder"], third["warnings"]) == (Settings().encoder, [])
    assert [take["counts"] for take in third["takes"]] == [True, True, True]
    assert not any(take["over_simulated_line"] for take in third["takes"])
    assert office.look(subject).json() == third


def test_the_same_recordings_again_change_nothing(office: Office) -> None:
    subject = office.agree("s-again")

    first, again = (office.send(subject, KLAUS[0]).json() for _ in range(2))
    done, repeated = (office.send(subject, *KLAUS).json() for _ in range(2))

    assert first == again
    assert len(first["takes"]) == 1
    assert done["finished"]
    assert repeated == done


def test_an_earlier_voiceprint_stays_unless_it_is_to_be_replaced(office: Office) -> None:
    subject = office.agree("s-twice")
    office.send(subject, *KLAUS)
    before = office.kept(subject)
    others = [name.replace("klaus", "erna") for name in KLAUS]

    assert refused(office.send(subject, *others)) == (409, "already_enrolled")
    assert office.kept(subject).enrolled_at == before.enrolled_at  # type: ignore[attr-defined]
    office.moment += timedelta(minutes=1)
    replaced = office.send(subject, *others, existing="overwrite").json()

    assert replaced["finished"]
    assert office.kept(subject).enrolled_at > before.enrolled_at  # type: ignore[attr-defined]
    assert refused(office.send(subject, *others, existing="perhaps")) == (422, "bad_request")


def test_a_take_of_another_voice_is_the_only_one_asked_for_again(office: Office) -> None:
    subject = office.agree("s-mixed")
    state = office.send(subject, KLAUS[0], KLAUS[1], "emily-enrol-1.wav").json()
    done = office.send(subject, KLAUS[2]).json()

    assert [take["counts"] for take in state["takes"]] == [True, True, False]
    assert state["takes"][2]["codes"] == ["other_voice"]
    assert (state["recordings"], state["finished"]) == (2, False)
    assert [take["counts"] for take in done["takes"]] == [True, True, False, True]
    assert done["finished"]


def test_what_is_no_speech_is_told_in_words_and_does_not_count(office: Office) -> None:
    subject = office.agree("s-poor")
    state = office.send(subject, "silence.wav", "klaus-one-second.wav").json()

    assert [take["codes"] for take in state["takes"]] == [["too_little_speech"]] * 2
    assert state["takes"][0]["reasons"] == ["Nobody speaks in the recording."]
    assert state["takes"][1]["ask"] == ["Please speak a little longer."]
    assert (state["percent"], state["recordings"]) == (0, 0)


def test_takes_are_thrown_away_when_that_is_asked(office: Office) -> None:
    subject = office.agree("s-begin")
    office.send(subject, KLAUS[0])

    answers = [office.client.delete(f"/v1/subjects/{subject}/enrolment") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert office.look(subject).json()["takes"] == []


@pytest.mark.parametrize(
    ("method", "what"),
    [("DELETE", "consents/recognition"), ("DELETE", "voiceprint"), ("POST", "opt-out")],
)
def test_takes_go_with_what_a_person_asks_and_do_not_come_back(
    office: Office, method: str, what: str
) -> None:
    subject = office.agree(f"s-asks-{what.replace('/', '-')}")
    office.send(subject, KLAUS[0], KLAUS[1])

    office.client.request(method, f"/v1/subjects/{subject}/{what}")
    assert office.send(subject, KLAUS[2]).status_code == 409
    office.client.delete(f"/v1/subjects/{subject}/opt-out")
    office.agree(subject)

    assert office.look(subject).json()["takes"] == []


def test_takes_of_an_earlier_consent_do_not_count_under_a_later_one(office: Office) -> None:
    """As when somebody withdraws and agrees again at another worker."""
    subject = office.agree("s-elsewhere")
    office.send(subject, KLAUS[0], KLAUS[1])
    office.house.subjects.rights.withdraw(
        SubjectId(subject), Purpose.RECOGNITION, datetime.now(UTC)
    )
    office.agree(subject)

    assert office.look(subject).json()["takes"] == []
    assert len(office.send(subject, KLAUS[2]).json()["takes"]) == 1


def test_takes_are_forgotten_after_a_time_and_for_newer_ones(house: House) -> None:
    office = Office(house, capacity=1)
    for subject in ("s-old", "s-new"):
        office.agree(subject)
        office.send(subject, KLAUS[0])

    assert office.look("s-old").json()["takes"] == []
    assert len(office.look("s-new").json()["takes"]) == 1
    office.moment += timedelta(minutes=31)
    office.enrolments.forget_the_old(office.moment)
    assert office.look("s-new").json()["takes"] == []


def test_that_somebody_sounds_alike_is_told_but_not_who(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike = (Lookalike(subject=SubjectId("s-secret"), llr=7.0),)
    monkeypatch.setattr(
        type(house.voices), "lookalikes", property(lambda _voices: lambda _print: alike)
    )
    office = Office(house)
    answer = office.send(office.agree("s-alike"), *KLAUS)

    assert answer.json()["finished"]
    assert [one["code"] for one in answer.json()["warnings"]] == ["sounds_like_another_subject"]
    assert "s-secret" not in answer.text


def test_an_enrolment_leaves_nothing_of_the_person_in_the_logs_nor_on_the_disk(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.CRITICAL)
    logging.getLogger("httpx2").setLevel(logging.CRITICAL)
    subject = office.agree("s-quiet-7f3a")
    home = office.house.settings.home
    before = {path.name for path in home.rglob("*")}

    office.send(subject, KLAUS[0], "klaus-one-second.wav")
    office.send(subject, "silence.wav")
    told = " ".join(logged(caplog.records))

    assert subject not in told
    assert "klaus" not in told
    assert {path.name for path in home.rglob("*")} == before
