"""Styles, scripts and pictures of the pages. They hold nothing secret."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ivr.pages.pages import Pages
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Visit

_FOLDER: Final = files("ivr.pages") / "static"

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def static_routes(pages: Pages) -> APIRouter:
    """`/static/NAME`, asked about again with each page so that no browser keeps an old one."""
    routes = pages.router()

    @routes.get("/static/{name}")
    def static(name: str, request: Request, visit: Annotated[Visit, pages.anybody()]) -> Response:
        del visit
        found = _read().get(name)
        if found is None:
            raise TurnedAway(Why.NOT_FOUND)
        body, tag = found
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)

    return routes


@cache
def _read() -> dict[str, tuple[bytes, str]]:
    found = {
        file.name: file.read_bytes()
        for file in _FOLDER.iterdir()
        if file.name.rpartition(".")[2] in _TYPES
    }
    return {
        name: (body, f'"{hashlib.sha256(body).hexdigest()[:20]}"') for name, body in found.items()
    }
