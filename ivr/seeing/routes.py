"""`/metrics`: what Prometheus asks for."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Response

from ivr.seeing.measure import Meter

_TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text format."""


def metrics_route(meter: Meter) -> APIRouter:
    """For the scope metrics. Each process tells its own figures."""
    routes = APIRouter(tags=["state"])

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics() -> Response:
        """All figures, in the text format of Prometheus."""
        # Some are read from the database: nobody who calls waits for that.
        figures = await run_sync(meter.scrape)
        return Response(figures, media_type=_TEXT, headers={"Cache-Control": "no-store"})

    return routes
