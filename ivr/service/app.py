"""The HTTP service: one turn of a call a request."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from anyio import CapacityLimiter, create_task_group, sleep
from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI, File, Form, Header, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser

from biometrics import VoiceProblem, Waveform
from ivr.admitted import Admitted
from ivr.bounds.admission import Admission
from ivr.call import CallerNumber, CallId, Language
from ivr.calls import Calls
from ivr.errors import CallProblem, EmptyRecording, UnknownLanguage
from ivr.result import Result, as_flat, new_call_id
from ivr.service.api_keys import ApiKeys
from ivr.service.enrolment import EnrolmentDesk, enrolment_routes
from ivr.service.guard import QuietFailures, SizeGuard
from ivr.service.keyring import Keyring
from ivr.service.limit_guard import LimitGuard
from ivr.service.limits import Limits
from ivr.service.openapi import Documented, audio, problems
from ivr.service.problems import on_bad_request, on_http, on_problem
from ivr.service.readiness import Looked
from ivr.service.state_routes import state_routes
from ivr.service.subjects import SubjectDesk, subject_routes
from ivr.service.token_guard import TokenGuard
from ivr.settings import LimitSettings, ServiceSettings
from ivr.trace import trace
from ivr.turn import Answer, Turn

log = logging.getLogger(__name__)

Encoding = Literal["mulaw", "pcm16"]

_FORM = "application/x-www-form-urlencoded"

_JSON = TypeAdapter(Result)
_TURNS = TypeAdapter(list[Result])


Server = Callable[[], AbstractAsyncContextManager[object]]
"""Listens from its entry to its exit."""

_KEYS = r"^[0-9*#]{0,32}$"

_TIDY_EVERY_S = 60

_FIELDS_BYTES = 64 * 1024
"""Room for the other fields and the multipart frame around the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the service needs from the rest of the house."""

    switchboard: Calls
    read_number: Callable[[str | None], CallerNumber]
    opening: Callable[[Language | None], Waveform]
    as_wav: Callable[[Waveform, Encoding], bytes]
    clock: Callable[[], datetime]
    ready: Callable[[], Looked]
    """What calls cannot be taken without, part by part."""

    ready_within_s: float = 5.0
    """Who has not found out by then says that calls cannot be taken."""

    subjects: SubjectDesk | None = None
    """What people may ask about their voice; without it there are no such routes."""

    enrolment: EnrolmentDesk | None = None
    """Where voices are enrolled; likewise."""

    gateways: tuple[APIRouter, ...] = ()
    """Routes of gateways that speak a dialect of their own."""

    servers: tuple[Server, ...] = ()
    """What listens beside HTTP while the service runs."""

    api_keys: ApiKeys | None = None
    """Keys that open the service beside its token."""

    admission: Admission = field(default_factory=Admission)
    """How many turns there may be."""

    tidy: tuple[Callable[[datetime], object], ...] = ()
    """Done every minute, on a thread of its own; what fails there is told in the log."""


def create_app(
    desk: Desk,
    settings: ServiceSettings,
    *,
    largest_upload_bytes: int,
    limits: LimitSettings | None = None,
) -> FastAPI:
    """The service over a wired house."""
    # Starlette writes larger uploads to disk; what callers say stays in memory.
    MultiPartParser.spool_max_size = largest_upload_bytes

    @asynccontextmanager
    async def tidying(_app: FastAPI) -> AsyncIterator[None]:
        async with create_task_group() as tasks, AsyncExitStack() as servers:
            for server in desk.servers:
                await servers.enter_async_context(server())
            tasks.start_soon(_forget_the_old, desk)
            yield
            tasks.cancel_scope.cancel()

    app = Documented(
        lifespan=tidying,
        title="Rufwerk",
        summary="A voice IVR that knows who is calling",
        docs_url=None,
        redoc_url=None,
        exception_handlers={
            CallProblem: on_problem,
            VoiceProblem: on_problem,
            RequestValidationError: on_bad_request,
            HTTPException: on_http,
        },
    )
    limiter = app.state.turns = CapacityLimiter(settings.workers)
    app.include_router(_calls(desk, limiter))
    if desk.subjects is not None:
        app.include_router(subject_routes(desk.subjects, limiter))
    if desk.enrolment is not None:
        app.include_router(enrolment_routes(desk.enrolment, limiter))
    for router in desk.gateways:
        app.include_router(router)
    app.include_router(
        state_routes(
            desk.ready,
            within_s=desk.ready_within_s,
            is_draining=lambda: desk.admission.is_draining,
        )
    )
    app.add_middleware(QuietFailures)
    app.add_middleware(SizeGuard, largest_bytes=largest_upload_bytes + _FIELDS_BYTES)
    _guard(app, desk, settings, Limits(limits or LimitSettings(), clock=monotonic))
    return app


def _guard(app: FastAPI, desk: Desk, settings: ServiceSettings, limits: Limits) -> None:
    """Limits come before keys: a flood of guesses costs no look at the keys."""
    keyring = Keyring(settings.token, desk.api_keys, clock=lambda: datetime.now(UTC))
    app.add_middleware(TokenGuard, keyring=keyring, limits=limits)
    app.add_middleware(LimitGuard, limits=limits, trusted_proxies=settings.trusted_proxies)


def _calls(desk: Desk, limiter: CapacityLimiter) -> APIRouter:
    calls = APIRouter(prefix="/v1", tags=["calls"])

    @calls.post(
        "/calls",
        response_model=Result,
        responses={200: {"content": {_FORM: {}}}, **problems(409, 415)},
    )
    async def take_turn(
        request: Request,
        audio: Annotated[UploadFile | None, File(description="The turn, a WAV file")] = None,
        keys: Annotated[
            str, Form(description="Keys typed instead of speaking", pattern=_KEYS)
        ] = "",
        from_: Annotated[str, Form(alias="from", description="Caller id")] = "",
        to: Annotated[str, Form(description="Called number")] = "",
        call_id: Annotated[str, Form(description="The call's own id; empty begins one")] = "",
        lang: Annotated[str, Form(description="de, en or empty")] = "",
        source: Annotated[str, Form(description="Where the call came in, such as a trunk")] = "",
        event: Annotated[
            str, Form(alias="turn", description="The turn's own id, the same when sent again")
        ] = "",
        accept: Annotated[str, Header()] = "",
    ) -> Response:
        """Hear one turn of a call and answer what is to happen next."""
        del to  # accepted because gateways send it; one business answers on every number
        if audio is None and not keys:
            missing = {"type": "missing", "loc": ("body", "audio"), "msg": "Field required"}
            raise RequestValidationError([missing])
        recording = await audio.read() if audio else b""
        if not recording and not keys:
            raise EmptyRecording(
                "The recording is empty; send the caller's turn as a WAV file, or the keys typed."
            )
        turn = Turn(
            call_id=CallId(call_id) if call_id else new_call_id(),
            number=desk.read_number(from_),
            audio=recording,
            keys=keys,
            language=_language(lang),
            source=source or (request.client.host if request.client else None),
            gateway="rest",
            event=event,
        )
        return _answered(await _taken(desk, turn, limiter), accept)

    @calls.get(
        "/calls/{call_id}",
        response_model=list[Result],
        responses={200: {"content": {_FORM: {}}}},
    )
    async def call_so_far(call_id: str, accept: Annotated[str, Header()] = "") -> Response:
        """Every turn of a call; in form encoding the latest."""
        turns = await run_sync(desk.switchboard.results, CallId(call_id))
        if _FORM in accept:
            return _flat(turns[-1])
        return _json(_TURNS.dump_json(list(turns)))

    @calls.delete("/calls/{call_id}", status_code=204)
    async def hung_up(call_id: str) -> None:
        """The caller has hung up: nothing of the call is kept."""
        await run_sync(desk.switchboard.forget, CallId(call_id))

    @calls.get(
        "/calls/{call_id}/prompt.wav", response_class=Response, responses=audio("The prompt")
    )
    async def prompt(call_id: str, encoding: Encoding = "pcm16") -> Response:
        """The latest prompt, 8 kHz."""
        sound = await run_sync(desk.switchboard.sound, CallId(call_id))
        return _wav(desk.as_wav(sound, encoding))

    @calls.get("/opening.wav", response_class=Response, responses=audio("The greeting"))
    async def opening(lang: str = "", encoding: Encoding = "pcm16") -> Response:
        """What is said when a call comes in, before the caller's first turn."""
        desk.admission.admit()
        sound = await run_sync(desk.opening, _language(lang), limiter=limiter)
        return _wav(desk.as_wav(sound, encoding))

    return calls


async def _forget_the_old(desk: Desk) -> None:
    """Every minute: who hangs up, or goes on no more with an enrolment, does not tell us."""
    while True:
        await sleep(_TIDY_EVERY_S)
        await run_sync(desk.switchboard.forget_the_old, desk.clock())
        if desk.enrolment is not None:
            desk.enrolment.enrolments.forget_the_old(desk.clock())
        for task in desk.tidy:
            await run_sync(_tidied, task, desk.clock())


def _tidied(task: Callable[[datetime], object], now: datetime) -> None:
    """One that fails stops neither the others nor the service."""
    try:
        task(now)
    except Exception as err:  # noqa: BLE001 - as the docstring says
        log.error("tidying failed", extra=trace(err))  # noqa: TRY400 - messages can hold words


async def _taken(desk: Desk, turn: Turn, limiter: CapacityLimiter) -> Answer:
    """Raises HouseFull, TooLate: a person takes the call."""
    take = partial(desk.switchboard.take, turn, now=desk.clock())
    admitted = Admitted(calls=desk.switchboard, admission=desk.admission)
    return await admitted.take(take, turn.call_id, limiter=limiter, where=turn.gateway)


def _answered(answer: Answer, accept: str) -> Response:
    result = answer.result
    response = _flat(result) if _FORM in accept else _json(_JSON.dump_json(result))
    response.headers["Link"] = f'</v1/calls/{result.call_id}/prompt.wav>; rel="prompt"'
    return response


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _flat(result: Result) -> Response:
    return Response(urlencode(as_flat(result), quote_via=quote), media_type=_FORM)


def _language(lang: str) -> Language | None:
    if not lang:
        return None
    try:
        return Language(lang.lower().replace("_", "-").split("-")[0])
    except ValueError as err:
        raise UnknownLanguage("The language is neither de nor en.") from err


def _wav(data: bytes) -> Response:
    return Response(data, media_type="audio/wav", headers={"Cache-Control": "no-store"})
