"""Which doors are open, which guard themselves, and what opens all others."""

import re

from ivr.service.api_keys import Scope

_OPEN = frozenset({"/health", "/ready"})
"""Asked by load balancers, which carry no key; they tell nothing about anybody."""

_OWN_GUARDS = re.compile(
    r"/(?:twilio|jambonz|prompts)/.*"
    r"|/httapi(?:/.*)?"
    r"|/phone(?:/.*)?"
    r"|/ws/(?:twilio|jambonz|jambonz-speech|phone)"
    r"|/(?:sign-in|sign-out|look|account)"
    r"|/(?:desk|operator|people|static|go)(?:/.*)?"
)
"""These check signatures, secrets of their own, one-time tokens or who signed in; a page of the
telephone holds nothing secret."""

_SUBJECT = r"/v1/subjects/[^/]+"

_SCOPES: tuple[tuple[re.Pattern[str], frozenset[Scope]], ...] = tuple(
    (re.compile(pattern), frozenset(scopes))
    for pattern, scopes in (
        (r"\S+ /v1/(?:calls(?:/.*)?|opening\.wav)", {Scope.CALLS}),
        (rf"(?:GET|POST) {_SUBJECT}/voiceprint", {Scope.ENROLMENT}),
        (rf"DELETE {_SUBJECT}/enrolment", {Scope.ENROLMENT}),
        # Whoever enrols somebody writes down that they agreed, in words that are kept here.
        (rf"PUT {_SUBJECT}/consents/[^/]+", {Scope.ENROLMENT, Scope.SUBJECTS}),
        (r"GET /v1/consent-texts", {Scope.ENROLMENT, Scope.SUBJECTS}),
        (r"\S+ /v1/subjects/.*", {Scope.SUBJECTS}),
        (r"\S+ /v1/(?:asterisk|freeswitch)/.*", {Scope.GATEWAYS}),
        (r"GET /ws/.*", {Scope.GATEWAYS}),
        (r"\S+ /v1/queue/.*", {Scope.GATEWAYS}),
        (r"GET /v1/context/[^/]+(?:/whisper\.wav)?", {Scope.CONTEXT}),
        (r"GET /metrics", {Scope.METRICS}),
    )
)

_EVERYTHING_ELSE = frozenset({Scope.OPERATOR})


def needed(method: str, path: str) -> frozenset[Scope] | None:
    """The scopes of which one opens the door; None where no key is asked for.

    `path` is decoded, as routes see it. A WebSocket's handshake is a GET.
    """
    if path in _OPEN or _OWN_GUARDS.fullmatch(path):
        return None
    asked = f"{'GET' if method == 'HEAD' else method} {path}"
    found = (scopes for pattern, scopes in _SCOPES if pattern.fullmatch(asked))
    return next(found, _EVERYTHING_ELSE)


_NEW_CALLS = re.compile(r"/(?:twilio/voice|jambonz/call|v1/asterisk/calls/[^/]+)")


def begins_call(path: str) -> bool:
    """Whether a gateway tells of a new call by it; turn by turn, calls begin by any request."""
    return _NEW_CALLS.fullmatch(path) is not None
