"""Connections to PostgreSQL."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettings:
    """Of one process and one database; the keys are a database of their own.

    PostgreSQL takes 100 connections unless it is told otherwise: enough for five processes.
    """

    connections: Annotated[int, Field(ge=1)] = 5
    """Kept open."""

    extra_connections: Annotated[int, Field(ge=0)] = 5
    """Opened when all of those are in use, and closed again."""

    connection_wait_ms: Annotated[int, Field(ge=1)] = 2_000
    """How long to wait for one that is free."""

    connect_s: Annotated[int, Field(ge=2)] = 3
    """How long the server may take to let us in."""

    statement_ms: Annotated[int, Field(ge=100)] = 5_000
    """How long one statement may take, waiting for others included."""
