"""A bank that blocks cards, and counts what it was asked to do."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Header

TOKEN = "b" * 32
_SLOWEST_S = 0.3
"""So that some worker dies while it waits for us."""


@dataclass
class Bank:
    """Does everything that it is asked for, once a key."""

    chance: random.Random
    blocked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By customer, the keys of what was done for them."""

    def routes(self) -> APIRouter:
        bank = APIRouter()

        @bank.get("/health")
        async def health() -> dict[str, str]:
            return {"status": "well"}

        @bank.post("/customers/{customer}/cards/{last4}/block")
        async def block(
            customer: str, last4: str, idempotency_key: Annotated[str, Header()]
        ) -> dict[str, str]:
            await asyncio.sleep(self.chance.random() * _SLOWEST_S)
            self.blocked[customer].add(idempotency_key)
            await asyncio.sleep(self.chance.random() * _SLOWEST_S)
            return {"card": last4}

        return bank
