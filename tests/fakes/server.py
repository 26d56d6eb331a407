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
    # Begun and ended without the loop that looks around every tenth of a second only.
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    state = server.server_state
    for each in server.servers:
        each.close()
    for connection in list(state.connections):
        connection.shutdown()
    await asyncio.gather(*state.tasks, return_exceptions=True)
    for _ in range(100):
        if not state.connections:
            break
        await asyncio.sleep(0.001)
