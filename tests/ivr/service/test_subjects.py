"""What people may ask about their voice, through the HTTP door."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest
from fakes.scripted import SOUND, scripted_rooms
from fastapi.testclient import TestClient

from biometrics import (
    AuditedStore,
    AuditEvent,
    Channel,
    EncoderId,
    MemoryAudit,
    MemoryLedger,
    MemoryStore,
    MemoryUses,
    OptedOut,
    Purpose,
    Rights,
    RightsSettings,
    Said,
    StoreUnavailable,
    SubjectId,
    Voiceprint,
    Witness,
    consent_text,
    consent_texts,
    export_subject,
)
from ivr.call import Language
from ivr.identify.number import read_number
from ivr.pipeline import Pipeline
from ivr.service.app import Desk, create_app
from ivr.service.readiness import Looked
from ivr.service.subjects import SubjectDesk
from ivr.settings import ServiceSettings
from ivr.switchboard import Switchboard

NOW = datetime(2026, 5, 20, tzinfo=UTC)
KLAUS = SubjectId("s-7f3a")
AGREEMENT = {"text": "recognition-1", "language": "de", "channel": "phone"}
CONSENT = "/v1/subjects/s-7f3a/consents/recognition"
PRINT = Voiceprint(
    subject=KLAUS,
    encoder=EncoderId("pattern-0"),
    vector=np.array([0.6, -0.8], dtype=np.float32),
    net_speech_ms=12_000,
    recordings=3,
    enrolled_at=NOW,
)
EVERY_ROUTE = [
    ("GET", "/v1/consent-texts"),
    ("GET", "/v1/subjects/s-7f3a"),
    ("DELETE", "/v1/subjects/s-7f3a/voiceprint"),
    ("POST", "/v1/subjects/s-7f3a/opt-out"),
    ("DELETE", "/v1/subjects/s-7f3a/opt-out"),
    ("PUT", CONSENT),
    ("DELETE", CONSENT),
]


class SwitchableAudit(MemoryAudit):
    is_gone = False

    def record(self, event: AuditEvent) -> None:
        if self.is_gone:
            raise StoreUnavailable("The trail is gone.")
        super().record(event)


class Office:
    """A door, and what lies behind it."""

    def __init__(self, *, token: str | None = None) -> None:
        self.store, self.ledger, self.audit = MemoryStore(), MemoryLedger(), SwitchableAudit()
        witness = Witness(audit=self.audit, clock=lambda: NOW, actor="gateway")
        self.rights = Rights(
            store=AuditedStore(store=self.store, witness=witness),
            ledger=self.ledger,
            uses=MemoryUses(),
            witness=witness,
            settings=RightsSettings(consent_days=100, idle_days=30),
        )
        desk = Desk(
            switchboard=Switchboard(
                Pipeline(scripted_rooms(), default_language=Language.GERMAN), capacity=5
            ),
            read_number=partial(read_number, region="DE"),
            opening=lambda _language: SOUND,
            as_wav=lambda _sound, _encoding: b"RIFF",
            clock=lambda: NOW,
            ready=Looked,
            subjects=SubjectDesk(
                rights=self.rights, export=self._export, texts=consent_texts, clock=lambda: NOW
            ),
        )
        app = create_app(desk, ServiceSettings(token=token), largest_upload_bytes=1_000)
        self.client = TestClient(app)

    def _export(self, subject: SubjectId, now: datetime) -> Any:
        return export_subject(subject, rights=self.rights, trail=self.audit, attempts=(), now=now)

    def ask(self, method: str, path: str, **more: Any) -> Any:
        return self.client.request(method, path, **more)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def enrolled(office: Office) -> Office:
    said = Said(text="recognition-1", language="de", channel=Channel.PHONE)
    office.rights.grant(KLAUS, Purpose.RECOGNITION, said, NOW)
    office.store.put(PRINT)
    return office


@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE)
def test_nobody_asks_without_the_token(method: str, path: str) -> None:
    answer = Office(token="secret").ask(method, path, json=AGREEMENT)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_allowed")


@pytest.mark.parametrize("subject", ["+4989123456", "a b", "x" * 65, "s%2Fx", "Müller"])
@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE[1:])
def test_what_is_no_opaque_id_is_refused_and_not_repeated(
    office: Office, method: str, path: str, subject: str
) -> None:
    answer = office.ask(method, path.replace("s-7f3a", subject), json=AGREEMENT)

    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert subject not in answer.text
    assert list(office.audit.entries()) == []


@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE[1:5] + EVERY_ROUTE[6:])
def test_what_cannot_be_audited_is_refused_and_nothing_is_done(
    enrolled: Office, method: str, path: str
) -> None:
    enrolled.audit.is_gone = True

    answer = enrolled.ask(method, path)

    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert enrolled.store.get(KLAUS) is PRINT
    assert enrolled.ledger.has(KLAUS, Purpose.RECOGNITION, NOW)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"text": "recognition-99"}, 422, "consent_text_unknown"),
        ({"text": "adaptation-1"}, 422, "consent_text_unknown"),
        ({"language": "fr"}, 422, "consent_text_unknown"),
        ({"channel": "pigeon"}, 422, "bad_request"),
        ({"name": "Klaus"}, 422, "bad_request"),
    ],
)
def test_nobody_agrees_to_words_that_are_not_there(
    office: Office, change: dict[str, str], status: int, code: str
) -> None:
    answer = office.ask("PUT", CONSENT, json={**AGREEMENT, **change})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert office.ledger.history(KLAUS) == ()


def test_there_is_no_other_purpose(office: Office) -> None:
    answer = office.ask("PUT", CONSENT.replace("recognition", "advertising"), json=AGREEMENT)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")


def test_who_has_refused_cannot_be_agreed_for(office: Office) -> None:
    office.ask("POST", "/v1/subjects/s-7f3a/opt-out")
    answer = office.ask("PUT", CONSENT, json=AGREEMENT)

    assert (answer.status_code, answer.json()["code"]) == (409, "subject_opted_out")


def test_a_consent_is_written_once_and_answered_each_time(office: Office) -> None:
    first, again = (office.ask("PUT", CONSENT, json=AGREEMENT) for _ in range(2))

    assert first.status_code == 200
    assert first.json() == again.json()
    assert first.json() == {
        "subject": "s-7f3a",
        "purpose": "recognition",
        **AGREEMENT,
        "text_sha256": consent_text("recognition-1", "de").sha256,
        "given_at": "2026-05-20T00:00:00Z",
        "expires_at": (NOW + timedelta(days=100)).isoformat().replace("+00:00", "Z"),
    }
    assert len(office.ledger.history(KLAUS)) == 1


def test_withdrawing_recognition_destroys_the_voiceprint(enrolled: Office) -> None:
    answers = [enrolled.ask("DELETE", CONSENT).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert enrolled.store.get(KLAUS) is None
    assert not enrolled.ledger.has(KLAUS, Purpose.RECOGNITION, NOW)


def test_erasing_answers_with_a_receipt_and_may_be_asked_again(enrolled: Office) -> None:
    path = "/v1/subjects/s-7f3a/voiceprint"
    first, again = (enrolled.ask("DELETE", path) for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json()["subject"], first.json()["what"]) == ("s-7f3a", ["voiceprint"])
    assert len(first.json()["sha256"]) == 64
    assert (again.json()["what"], again.json()["proof"]) == ([], "Nothing was kept.")
    assert enrolled.store.get(KLAUS) is None


def test_a_subject_never_seen_is_answered_as_one_who_has_nothing(enrolled: Office) -> None:
    enrolled.ask("DELETE", "/v1/subjects/s-7f3a/voiceprint")
    known, unknown = (
        enrolled.ask("DELETE", f"/v1/subjects/{subject}/voiceprint")
        for subject in ("s-7f3a", "s-none")
    )

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("s-7f3a", "s-none") == unknown.text


def test_opting_out_and_in_again(enrolled: Office) -> None:
    path = "/v1/subjects/s-7f3a/opt-out"

    assert [enrolled.ask("POST", path).status_code for _ in range(2)] == [204, 204]
    assert enrolled.store.get(KLAUS) == OptedOut(subject=KLAUS)
    assert [enrolled.ask("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert enrolled.store.get(KLAUS) is None


def test_everything_held_is_told_but_for_the_vector(enrolled: Office) -> None:
    answer = enrolled.ask("GET", "/v1/subjects/s-7f3a")
    found = answer.json()

    assert answer.headers["Cache-Control"] == "no-store"
    assert (found["subject"], found["status"]) == ("s-7f3a", "enrolled")
    assert found["voiceprint"]["template"] is None
    assert (found["voiceprint"]["encoder"], found["voiceprint"]["recordings"]) == ("pattern-0", 3)
    assert [one["purpose"] for one in found["consents"]] == ["recognition"]
    told = [one["kind"] for one in found["audit"]]
    assert told[-3:] == ["exported", "voiceprint_read", "voiceprint_read"]
    assert (found["voiceprint"]["following"], found["voiceprint"]["collecting"]) == (None, None)
    assert {one["actor"] for one in found["audit"]} == {"gateway"}


def test_the_words_can_be_read_out_from_here(office: Office) -> None:
    found = office.ask("GET", "/v1/consent-texts").json()

    assert {(one["version"], one["language"]) for one in found} >= {
        ("recognition-1", "de"),
        ("recognition-1", "en"),
    }
    assert all(one["words"] for one in found)


def test_the_routes_are_documented(office: Office) -> None:
    paths = office.ask("GET", "/openapi.json").json()["paths"]
    described = {
        (method.upper(), path): route["summary"] and route["description"]
        for path, routes in paths.items()
        for method, route in routes.items()
        if "subject" in path or "consent" in path
    }

    assert len(described) == len(EVERY_ROUTE)
    assert all(described.values())


def test_a_house_without_voiceprints_has_no_such_routes() -> None:
    desk = Desk(
        switchboard=Switchboard(
            Pipeline(scripted_rooms(), default_language=Language.GERMAN), capacity=5
        ),
        read_number=partial(read_number, region="DE"),
        opening=lambda _language: SOUND,
        as_wav=lambda _sound, _encoding: b"RIFF",
        clock=lambda: NOW,
        ready=Looked,
    )
    client = TestClient(create_app(desk, ServiceSettings(), largest_upload_bytes=1_000))

    assert client.get("/v1/subjects/s-7f3a").status_code == 404
