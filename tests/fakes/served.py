"""Routes behind a real socket of this machine, while a test lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def served(routes: APIRouter) -> AsyncIterator[int]:
    """The value is the port."""
    app = FastAPI()
    app.include_router(routes)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, lifespan="off", log_config=None, ws="websockets-sansio"
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve())
    await server.has_begun.wait()
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_begun = asyncio.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        self.has_begun.set()

    def install_signal_handlers(self) -> None:
        """Signals are the test runner's."""
