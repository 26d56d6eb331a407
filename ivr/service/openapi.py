"""The OpenAPI document: what FastAPI knows of the routes, and every refusal they can answer."""

import re
from typing import Any

from fastapi import FastAPI

from ivr.errors import PROBLEM_TYPE
from ivr.service.doors import needed

_METHODS = ("get", "put", "post", "delete")

_ALWAYS = {
    400: "The request, or a form in it, cannot be read",
    413: "Too large",
    429: "Too much from one source; Retry-After says for how many seconds",
    500: "Something failed that nobody foresaw",
    503: "Something that is needed cannot be reached",
}
_GUARDED = {401: "Nothing was shown, or something that opens nothing", 403: "For something else"}
_WITH_INPUT = {422: "A field is missing or wrong"}
_OF_SOMETHING = {404: "Not known, or not any more"}

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457); the call is as it was before.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "docs/gateways/rest.md lists them"},
        "detail": {"type": "string", "description": "A sentence that a person understands"},
    },
}
_SCHEMES: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "The token, or a key"},
    "password": {"type": "http", "scheme": "basic", "description": "The same, as the password"},
}
_REFERENCE = {"$ref": "#/components/schemas/Problem"}


def audio(what: str) -> dict[int | str, dict[str, Any]]:
    """The answer of a route that gives sound."""
    sound = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": what, "content": {"audio/wav": sound}}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Refusals of a route beside those that every route has."""
    return {status: {"content": {PROBLEM_TYPE: {"schema": _REFERENCE}}} for status in statuses}


class Documented(FastAPI):
    """A service whose document names every answer."""

    def openapi(self) -> dict[str, Any]:
        """The document; made once."""
        if self.openapi_schema is None:
            _complete(super().openapi())
        return self.openapi_schema or {}

    def methods_at(self, path: str) -> list[str]:
        """Those that are documented for an address, such as GET and POST."""
        return sorted(
            method.upper()
            for template, methods in self.openapi()["paths"].items()
            if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path)
            for method in methods
        )


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    # Refused input is answered as a problem, never as FastAPI would.
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                _complete_operation(path, method, methods[method])


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    is_guarded = needed(method.upper(), path) is not None
    if is_guarded:
        operation["security"] = [{name: []} for name in _SCHEMES]
    answers = operation["responses"]
    answers.update(_written_by_fastapi(answers))
    for status, what in _refusals(path, operation, is_guarded=is_guarded).items():
        answers.setdefault(str(status), {"description": what, **problems(status)[status]})
    for status in sorted(answers):
        answers[status] = answers.pop(status)


def _written_by_fastapi(answers: dict[str, Any]) -> dict[str, Any]:
    """Its own answer to refused input, replaced by ours."""
    own = answers.get("422", {}).get("content", {}).get("application/json")
    return {"422": {"description": _WITH_INPUT[422], **problems(422)[422]}} if own else {}


def _refusals(path: str, operation: dict[str, Any], *, is_guarded: bool) -> dict[int, str]:
    has_input = "parameters" in operation or "requestBody" in operation
    return {
        **_ALWAYS,
        **(_GUARDED if is_guarded else {}),
        **(_WITH_INPUT if has_input else {}),
        **(_OF_SOMETHING if "{" in path else {}),
    }
