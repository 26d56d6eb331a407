"""The demo back end, running: what it must not do to the rest of the process."""

import logging

import httpx2 as httpx
import pytest
from fakes.log_lines import logged

from ivr.wiring.demo_backend import DemoBackend


def test_customer_numbers_reach_no_log_even_where_logging_was_set_up_anew(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = DemoBackend()
    monkeypatch.setattr(logging.getLogger("uvicorn.access"), "propagate", True)
    caplog.set_level(logging.DEBUG)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(backend.socket))) as client:
            answer = client.get(
                "http://backend/customers/C-1001/alternatives",
                headers={"Authorization": f"Bearer {backend.token}"},
            )
    finally:
        backend.close()

    assert answer.status_code < 500
    assert "C-1001" not in " ".join(
        logged(record for record in caplog.records if record.name.startswith("uvicorn"))
    )
