"""Whether calls can be taken: the truth, and seldom looked for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from biometrics import StoreUnavailable
from ivr.errors import ModelMissing
from ivr.service.readiness import Looked, Part, Readiness, code_of
from ivr.service.state_routes import state_routes


def fails(err: Exception) -> object:
    raise err


GONE = StoreUnavailable("gone")


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(
    ("err", "code"),
    [
        (GONE, "store_unavailable"),
        (ModelMissing("gone"), "model_missing"),
        (RuntimeError("Klaus"), "unexpected"),
        (OSError("/home/klaus"), "unexpected"),
    ],
)
def test_whatever_a_part_fails_with_is_told_by_its_code(err: Exception, code: str) -> None:
    assert code_of(lambda: fails(err)) == code


def test_parts_are_told_each_by_itself() -> None:
    parts = {"models": lambda: None, "queue": lambda: fails(GONE), "pins": lambda: fails(GONE)}
    looked = Readiness(parts, keep_s=0, clock=Clock()).look()

    assert looked.parts == {
        "models": Part(code="", took_ms=0),
        "queue": Part(code="store_unavailable", took_ms=0),
        "pins": Part(code="store_unavailable", took_ms=0),
    }
    assert looked.missing == ["store_unavailable"]


def test_how_long_a_part_took_is_told() -> None:
    clock = Clock()

    def slow() -> None:
        clock.now_s += 0.25

    looked = Readiness({"queue": slow}, keep_s=0, clock=clock).look()

    assert looked.parts["queue"].took_ms == 250


def test_parts_that_wait_for_the_same_thing_wait_together() -> None:
    together = threading.Barrier(3)
    parts = {name: lambda: together.wait(10) for name in ("queue", "pins", "trail")}

    assert Readiness(parts, keep_s=0).look().missing == []


def test_an_answer_is_given_again_for_a_moment_and_no_longer() -> None:
    clock, looks = Clock(), list[int]()
    readiness = Readiness({"queue": lambda: looks.append(1)}, keep_s=2, clock=clock)
    for now_s in (0.0, 0.5, 1.9, 2.0, 3.9, 4.1):
        clock.now_s = now_s
        readiness.look()

    assert len(looks) == 3


def test_what_was_missing_is_looked_for_again() -> None:
    clock, is_gone = Clock(), [True]
    parts = {"queue": lambda: fails(GONE) if is_gone[0] else None}
    readiness = Readiness(parts, keep_s=2, clock=clock)
    assert readiness.look().missing == ["store_unavailable"]

    is_gone[0], clock.now_s = False, 2.0
    assert readiness.look().missing == []


def test_many_who_ask_at_the_same_time_are_answered_by_one_look() -> None:
    looks: list[int] = []

    def slow() -> None:
        time.sleep(0.05)
        looks.append(1)

    readiness = Readiness({"queue": slow}, keep_s=60)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: readiness.look().missing, range(50)))

    assert found == [[]] * 50
    assert len(looks) == 1


def served(look: object, within_s: float = 10) -> TestClient:
    app = FastAPI()
    app.include_router(state_routes(look, within_s=within_s))  # type: ignore[arg-type]
    return TestClient(app)


def test_what_is_missing_is_told_to_the_load_balancer_part_by_part() -> None:
    parts = {
        "models": Part(code="", took_ms=0),
        "queue": Part(code="store_unavailable", took_ms=12),
    }
    answer = served(lambda: Looked(parts=parts)).get("/ready")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unready",
        "missing": ["store_unavailable"],
        "parts": {
            "models": {"code": "", "took_ms": 0},
            "queue": {"code": "store_unavailable", "took_ms": 12},
        },
    }


def test_a_part_that_never_answers_is_no_readiness_and_keeps_nobody_waiting() -> None:
    released = threading.Event()

    def hangs() -> Looked:
        assert released.wait(10)
        return Looked()

    with served(hangs, within_s=0.05) as client:
        answers = [client.get("/ready") for _ in range(3)]
        alive = client.get("/health")
        released.set()

    assert [(one.status_code, one.json()["missing"]) for one in answers] == [
        (503, ["probe_timeout"])
    ] * 3
    assert alive.json() == {"status": "alive"}


def test_a_service_that_is_ending_is_not_ready_and_not_looked_at() -> None:
    looks: list[int] = []
    app = FastAPI()
    app.include_router(
        state_routes(lambda: looks.append(1) or Looked(), within_s=10, is_draining=lambda: True)
    )
    answer = TestClient(app).get("/ready")

    assert (answer.status_code, answer.json()["status"], looks) == (503, "draining", [])


def test_a_service_with_everything_it_needs_is_ready() -> None:
    answer = served(lambda: Looked(parts={"models": Part(code="", took_ms=0)})).get("/ready")

    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
