"""How the service stands: whether it lives, and whether it can take calls."""

from collections.abc import Callable
from typing import Literal

from anyio import move_on_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from ivr.service.readiness import Looked

_LATE = "probe_timeout"
_UNAVAILABLE = 503


class PartState(BaseModel):
    """How one part stands."""

    code: str
    """Of what keeps calls from being taken; empty where nothing does."""

    took_ms: int


class ReadyState(BaseModel):
    """Whether calls can be taken."""

    status: Literal["ready", "unready", "draining"]
    missing: list[str] = Field(default_factory=list)
    parts: dict[str, PartState] = Field(default_factory=dict)


def _never() -> bool:
    return False


def state_routes(
    look: Callable[[], Looked], *, within_s: float, is_draining: Callable[[], bool] = _never
) -> APIRouter:
    """`/health` and `/ready`, for load balancers: they carry no key and are told codes alone.

    A service that is ending says so at once, and is not looked at.
    """
    state = APIRouter(tags=["state"])

    @state.get("/health")
    async def health() -> dict[str, str]:
        """The process answers, and its event loop goes round."""
        return {"status": "alive"}

    @state.get("/ready", responses={_UNAVAILABLE: {"model": ReadyState, "description": "Not yet"}})
    async def ready(response: Response) -> ReadyState:
        """Calls can be taken; otherwise 503 and what is missing, part by part."""
        found = ReadyState(status="draining") if is_draining() else await _found(look, within_s)
        response.status_code = 200 if found.status == "ready" else _UNAVAILABLE
        return found

    return state


async def _found(look: Callable[[], Looked], within_s: float) -> ReadyState:
    """A database that never answers must not keep whoever balances the load waiting."""
    with move_on_after(within_s):
        looked = await run_sync(look, abandon_on_cancel=True)
        return ReadyState(
            status="unready" if looked.missing else "ready",
            missing=looked.missing,
            parts={
                name: PartState(code=part.code, took_ms=part.took_ms)
                for name, part in looked.parts.items()
            },
        )
    return ReadyState(status="unready", missing=[_LATE])
