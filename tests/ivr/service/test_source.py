"""Where a call came in, as far as failures are counted by it."""

from datetime import UTC, datetime
from functools import partial

import pytest
from fakes.scripted import SOUND, scripted_rooms
from fastapi.testclient import TestClient

from biometrics import Outcome, Verdict
from ivr.call import Language
from ivr.identify.number import read_number
from ivr.pipeline import Pipeline
from ivr.service.app import Desk, create_app
from ivr.service.readiness import Looked
from ivr.settings import ServiceSettings
from ivr.switchboard import Switchboard
from ivr.verify.attempts import Origin
from ivr.verify.evidence import Evidence


@pytest.mark.parametrize(
    ("sent", "source"),
    [({"source": "trunk-2"}, "trunk-2"), ({}, "testclient"), ({"source": ""}, "testclient")],
)
def test_a_gateway_that_does_not_name_its_trunk_is_counted_by_its_address(
    sent: dict[str, str], source: str
) -> None:
    origins: list[Origin] = []

    def verify(*given: object) -> Evidence:
        origins.extend(each for each in given if isinstance(each, Origin))
        return Evidence(subject=None, verdict=Verdict(outcome=Outcome.NOT_ENROLLED))

    pipeline = Pipeline(scripted_rooms(verify=verify), default_language=Language.GERMAN)
    desk = Desk(
        switchboard=Switchboard(pipeline, capacity=5),
        read_number=partial(read_number, region="DE"),
        opening=lambda _language: SOUND,
        as_wav=lambda _sound, encoding: encoding.encode(),
        clock=lambda: datetime(2026, 3, 10, tzinfo=UTC),
        ready=Looked,
    )
    client = TestClient(create_app(desk, ServiceSettings(), largest_upload_bytes=100_000))

    client.post(
        "/v1/calls",
        data={"from": "+4989123456", **sent},
        files={"audio": ("turn.wav", b"RIFF....", "audio/wav")},
    )

    assert origins == [Origin(number="+4989123456", source=source)]
