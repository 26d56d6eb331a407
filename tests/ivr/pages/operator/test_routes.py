"""Figures over HTTP: who gets them, in which shape, and what is in the files."""

import csv
import io
from dataclasses import replace

import pytest
from fakes.filled_journal import records
from fakes.operator_pages import NOW, Studio, filled
from fakes.people import PASSWORD, Office
from fastapi.testclient import TestClient

from biometrics import StoreUnavailable
from ivr.journal.tallies import Counts, Facet, Scope
from ivr.pages.operator.figure_routes import TRENDS, VOICES
from ivr.people.person import Role

FILES = (*TRENDS, *VOICES, "topics")


class GoneTallies:
    def tally(self, scope: Scope, *by: Facet) -> Counts:
        raise StoreUnavailable("It is gone.")


def office() -> Office:
    found = Office()
    for name, role in (
        ("anna", Role.AGENT),
        ("sara", Role.SUPERVISOR),
        ("petra", Role.PRIVACY),
        ("root", Role.ADMIN),
    ):
        found.hire(name, role)
    return found


@pytest.fixture(scope="module")
def studio() -> Studio:
    evil = replace(
        next(records(calls=1, seed=5, days=1, until=NOW)),
        intents=("=cmd()",),
        began_at=NOW.replace(hour=9),
        ended_at=NOW.replace(hour=9, minute=30),
        business="airline",
    )
    studio = Studio(office(), filled(900, evil))
    studio.a_call_goes_on()
    studio.somebody_waits()
    return studio


def client_of(studio: Studio, name: str = "") -> TestClient:
    client = TestClient(studio.app(), follow_redirects=False)
    if name:
        client.post(
            "/sign-in",
            data={"name": name, "password": PASSWORD},
            headers={"Origin": "http://testserver"},
        )
    return client


@pytest.fixture(scope="module")
def petra(studio: Studio) -> TestClient:
    return client_of(studio, "petra")


@pytest.mark.parametrize("path", ["/operator", "/operator/trends", "/operator/files/calls.csv"])
def test_nobody_sees_figures_unasked(studio: Studio, path: str) -> None:
    assert client_of(studio).get(path).status_code in (303, 401)
    assert client_of(studio, "anna").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/operator/live", "/operator/live/events"])
def test_who_may_not_listen_hears_nothing(studio: Studio, path: str) -> None:
    assert client_of(studio, "petra").get(path).status_code == 403


def test_administrators_see_calls_and_nobody_who_waits(studio: Studio) -> None:
    seen = client_of(studio, "root").get("/operator/live").text

    assert "Einen Flug umbuchen" in seen
    assert "age 65" not in seen
    assert "age 65" in client_of(studio, "sara").get("/operator/live").text


@pytest.mark.parametrize(
    "query", ["range=always", "gateway=%27", "language=" + "x" * 65, "business=a+b"]
)
def test_what_is_no_choice_is_told(petra: TestClient, query: str) -> None:
    assert petra.get(f"/operator/trends?{query}").status_code == 422


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc%2fpasswd", "calls.csv"])
def test_there_are_no_other_files(petra: TestClient, name: str) -> None:
    assert petra.get(f"/operator/files/{name}.csv").status_code == 404


def test_where_the_journal_is_gone_it_is_told() -> None:
    away = Studio(office(), GoneTallies())

    assert client_of(away, "sara").get("/operator/trends").status_code == 503


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("choice", ["range=30d", "range=today", "range=7d&gateway=nowhere"])
def test_every_figure_is_a_file(petra: TestClient, name: str, choice: str) -> None:
    answer = petra.get(f"/operator/files/{name}.csv?{choice}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("path", ["/operator", "/operator/trends", "/operator/verification"])
@pytest.mark.parametrize("choice", ["range=today", "range=7d&gateway=nowhere", "range=30d"])
def test_every_page_is_made_of_any_choice(petra: TestClient, path: str, choice: str) -> None:
    answer = petra.get(f"{path}?{choice}")

    assert answer.status_code == 200
    assert "style=" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "style-src 'self'" in policy
    assert "unsafe-inline" not in policy
