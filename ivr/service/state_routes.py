"""How the service stands: whether it lives, and whether it can take calls."""

from collections.abc import Callable
from typing import Any

from anyio import move_on_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response

from ivr.service.readiness import Looked

_LATE = "probe_timeout"


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

    @state.get("/ready")
    async def ready(response: Response) -> dict[str, Any]:
        """Calls can be taken; otherwise 503 and what is missing, part by part."""
        if is_draining():
            response.status_code = 503
            return {"status": "draining", "missing": [], "parts": {}}
        looked: Looked | None = None
        with move_on_after(within_s):
            # A database that never answers must not keep whoever balances the load.
            looked = await run_sync(look, abandon_on_cancel=True)
        missing = [_LATE] if looked is None else looked.missing
        response.status_code = 503 if missing else 200
        return {
            "status": "unready" if missing else "ready",
            "missing": missing,
            "parts": {
                name: {"code": part.code, "took_ms": part.took_ms}
                for name, part in (looked.parts if looked else {}).items()
            },
        }

    return state
