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
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running
