"""The document of a service with every gateway switched on, and the page that is made of it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from ivr.service.reference import reference
from ivr.wiring import House

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
TOKEN = "a token of the tests, longer than 24 characters"
SECRETS = {
    "IVR_SERVICE__TOKEN": TOKEN,
    "IVR_GATEWAYS__PUBLIC_URL": "https://ivr.example.com",
    "IVR_GATEWAYS__TWILIO__TOKENS": "t" * 32,
    "IVR_GATEWAYS__JAMBONZ__SECRETS": "j" * 32,
    "IVR_GATEWAYS__FREESWITCH__SECRET": "f" * 32,
    **{
        f"IVR_LIMITS__{name}": "1000000"
        for name in ("REQUESTS_PER_S", "REQUESTS_BURST", "CALLS_PER_S", "CALLS_BURST")
    },
}


@contextmanager
def real_service(folder: Path) -> Iterator[FastAPI]:
    """With databases of its own; the environment must hold SECRETS while it is made."""
    house = House.for_rehearsal(folder)
    service: Any = house.service()
    try:
        yield service
    finally:
        house.close()


def main() -> None:
    os.environ.update(SECRETS)
    with tempfile.TemporaryDirectory() as folder, real_service(Path(folder)) as service:
        PAGE.write_text(reference(service.openapi()), "utf-8")


if __name__ == "__main__":
    main()
