"""People whose voices are enrolled over HTTP while workers die."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from biometrics import SubjectId

from .workers import Workers

_RECORDINGS = tuple(f"klaus-enrol-{number}.wav" for number in (1, 2, 3))
_WAITS_S = 30


@dataclass
class Office:
    """Enrols one subject after the other, and each again until that is answered."""

    workers: Workers
    chance: random.Random
    fixtures: Path
    subjects: list[SubjectId]
    """Who agreed to it."""

    tried: int = 0
    interruptions: int = 0
    finished: list[SubjectId] = field(default_factory=list)
    is_over: bool = False

    async def busy(self) -> None:
        async with httpx2.AsyncClient(trust_env=False, timeout=_WAITS_S) as client:
            for subject in self.subjects:
                if self.is_over:
                    return
                self.tried += 1
                while not await self._enrolled(client, subject):
                    await self.workers.some_ready()
                await asyncio.sleep(self.chance.uniform(0.5, 2))

    async def _enrolled(self, client: httpx2.AsyncClient, subject: SubjectId) -> bool:
        files = [
            ("audio", (name, (self.fixtures / name).read_bytes(), "audio/wav"))
            for name in _RECORDINGS
        ]
        worker = self.workers.any_order(self.chance)[0]
        address = f"{worker.url}/v1/subjects/{subject}/voiceprint"
        try:
            answer = await client.post(address, files=files, data={"existing": "overwrite"})
        except httpx2.HTTPError:
            self.interruptions += 1
            return False
        is_done = answer.status_code == httpx2.codes.OK and answer.json()["finished"]
        if is_done:
            self.finished.append(subject)
        return is_done
