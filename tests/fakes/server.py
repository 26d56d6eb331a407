"""A real HTTP and WebSocket server on a socket of this machine, in the loop of a test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def serving(*routers: APIRouter) -> AsyncIterator[int]:
    """Serve these routes until left; the value is the port."""
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    # Without the loop that waits for signals, which looks around every tenth of a second only.
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    for _ in range(50):
        if not server.server_state.connections:
            break
        await asyncio.sleep(0.002)  # shutting down would wait for them a tenth of a second
    await server.shutdown()
