"""Which doors are open, which guard themselves, and what opens all others."""

import pytest

from ivr.service.api_keys import Scope
from ivr.service.doors import begins_call, needed

CALLS, ENROLMENT, SUBJECTS = {Scope.CALLS}, {Scope.ENROLMENT}, {Scope.SUBJECTS}
GATEWAYS, OPERATOR, CONTEXT = {Scope.GATEWAYS}, {Scope.OPERATOR}, {Scope.CONTEXT}
METRICS = {Scope.METRICS}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/x",
        "//health",
        "/health/",
        "/healthy",
        "/ready/x",
        "/openapi.json",
        "/metrics/",
        "/metricsx",
        "/v1/metrics",
        "/twilio",
        "/Twilio/voice",
        "/v1/twilio/voice",
        "/twilio\n/voice",
        "/twilio/\nvoice",
        "/httapix",
        "/phones",
        "/sign-in/x",
        "/sign-out/",
        "/desks",
        "/account/x",
        "/peoples",
        "/operators",
        "/v1/desk",
        "/staticx",
        "/prompts",
        "/v1/prompts/x.wav",
        "/v1/callsx",
        "/v1/openingxwav",
        "/v2/calls",
    ],
)
def test_everything_that_has_no_scope_is_for_operators(path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert needed(method, path) == OPERATOR


@pytest.mark.parametrize(
    "path",
    [
        "/ws/twilio/",
        "/ws/twiliox",
        "/ws/twilio/x",
        "/ws/jambonz-speech2",
        "/ws/asterisk",
        "/ws/audio-stream",
        "/ws/audio-fork",
        "/ws/anything",
    ],
)
def test_every_stream_that_does_not_guard_itself_needs_a_key(path: str) -> None:
    assert needed("GET", path) == GATEWAYS


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("POST", "/v1/calls", CALLS),
        ("GET", "/v1/calls/c-1", CALLS),
        ("HEAD", "/v1/calls/c-1/prompt.wav", CALLS),
        ("DELETE", "/v1/calls/c-1", CALLS),
        ("GET", "/v1/opening.wav", CALLS),
        ("POST", "/v1/subjects/s-1/voiceprint", ENROLMENT),
        ("GET", "/v1/subjects/s-1/voiceprint", ENROLMENT),
        ("DELETE", "/v1/subjects/s-1/enrolment", ENROLMENT),
        ("PUT", "/v1/subjects/s-1/consents/recognition", ENROLMENT | SUBJECTS),
        ("GET", "/v1/consent-texts", ENROLMENT | SUBJECTS),
        ("DELETE", "/v1/subjects/s-1/voiceprint", SUBJECTS),
        ("DELETE", "/v1/subjects/s-1/consents/recognition", SUBJECTS),
        ("GET", "/v1/subjects/s-1", SUBJECTS),
        ("POST", "/v1/subjects/s-1/opt-out", SUBJECTS),
        ("GET", "/v1/asterisk/calls/1/result", GATEWAYS),
        ("GET", "/v1/freeswitch/calls/1/result", GATEWAYS),
        ("POST", "/v1/queue/t0ken/claim", GATEWAYS),
        ("GET", "/v1/queue/t0ken", GATEWAYS),
        ("GET", "/v1/context/t0ken", CONTEXT),
        ("GET", "/v1/context/t0ken/whisper.wav", CONTEXT),
        ("GET", "/v1/context/t0ken/x", OPERATOR),
        ("POST", "/v1/context/t0ken", OPERATOR),
        ("GET", "/metrics", METRICS),
        ("HEAD", "/metrics", METRICS),
        ("POST", "/metrics", OPERATOR),
    ],
)
def test_each_door_is_opened_by_its_own_scope(method: str, path: str, scopes: set[Scope]) -> None:
    assert needed(method, path) == scopes


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/ready",
        "/twilio/voice",
        "/jambonz/call",
        "/httapi",
        "/prompts/x.wav",
        "/ws/twilio",
        "/ws/jambonz",
        "/ws/jambonz-speech",
        "/ws/phone",
        "/phone",
        "/sign-in",
        "/sign-out",
        "/look",
        "/account",
        "/desk",
        "/desk/calls/x",
        "/people",
        "/operator",
        "/static/rufwerk.css",
        "/go/x",
    ],
)
def test_these_need_no_key(path: str) -> None:
    assert needed("GET", path) is None


@pytest.mark.parametrize(
    "path", ["/twilio/voice", "/jambonz/call", "/v1/asterisk/calls/6ba7b810-9dad-11d1"]
)
def test_new_calls_are_counted(path: str) -> None:
    assert begins_call(path)
    assert not begins_call(path + "/result")
