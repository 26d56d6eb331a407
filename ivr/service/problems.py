"""What went wrong, as application/problem+json (RFC 9457)."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from biometrics import VoiceProblem
from ivr.errors import PROBLEM_TYPE, CallProblem, HouseFull

STATUS = {
    "empty_recording": 400,
    "unreadable_audio": 415,
    "unsupported_audio": 415,
    "truncated_recording": 400,
    "recording_too_long": 413,
    "upload_too_large": 413,
    "unknown_language": 422,
    "bad_call_id": 422,
    "bad_request": 422,
    "consent_text_unknown": 422,
    "unknown_call": 404,
    "unknown_context": 404,
    "claimed_by_other": 409,
    "call_over": 409,
    "call_busy": 409,
    "other_caller": 409,
    "consent_missing": 409,
    "already_enrolled": 409,
    "enrolment_busy": 409,
    "too_many_takes": 409,
    "subject_opted_out": 409,
    "not_allowed": 401,
    "wrong_scope": 403,
    "too_many_requests": 429,
    "unexpected": 500,
    "house_full": 503,
    "too_late": 503,
    "no_recogniser": 503,
    "model_missing": 503,
    "store_unavailable": 503,
    "keys_unavailable": 503,
    "directory_unavailable": 503,
    "source_unavailable": 503,
}
"""Everything else is our own fault: 500."""


def problem(code: str, sentence: str, status: int | None = None) -> JSONResponse:
    """One problem. `type` is a relative reference into the documentation."""
    status = status or STATUS.get(code, 500)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004
    body = {
        "type": f"/problems/{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": sentence,
    }
    return JSONResponse(body, status, headers, media_type=PROBLEM_TYPE)


async def on_problem(request: Request, err: Exception) -> JSONResponse:
    """Ours: a call or a voice that could not be served."""
    del request
    if not isinstance(err, CallProblem | VoiceProblem):
        raise err
    answer = problem(err.code, err.sentence)
    if isinstance(err, HouseFull):
        answer.headers["Retry-After"] = str(err.retry_after_s)
    return answer


async def on_bad_request(request: Request, err: Exception) -> JSONResponse:
    """A field is missing or of the wrong kind; what it held is not repeated."""
    del request
    if not isinstance(err, RequestValidationError):
        raise err
    fields = sorted({str(error["loc"][-1]) for error in err.errors()})
    return problem("bad_request", f"These fields are missing or wrong: {', '.join(fields)}.")


async def on_http(request: Request, err: Exception) -> JSONResponse:
    """Unknown addresses and methods; Allow says which methods there are."""
    if not isinstance(err, HTTPException):
        raise err
    answer = problem("http_error", str(err.detail), err.status_code)
    answer.headers.update(err.headers or {})
    # Starlette tells the methods of the first route at an address only (RFC 9110, 15.5.6).
    methods = request.app.methods_at(request.url.path) if err.status_code == 405 else []  # noqa: PLR2004
    if methods:
        answer.headers["Allow"] = ", ".join(methods)
    return answer
