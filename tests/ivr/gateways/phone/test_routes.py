"""What a browser is given, and what it is told it may do with it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from fakes.live import FakeReception
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ivr.errors import BadSettings
from ivr.gateways.phone.routes import _TYPES, routes
from ivr.settings import PhoneSettings

STATIC = Path("ivr/gateways/phone/static")
HERE = "http://localhost"


def client(**settings: Any) -> TestClient:
    app = FastAPI()
    app.include_router(routes(FakeReception(), PhoneSettings(**settings)))
    return TestClient(app, base_url=HERE)


def test_without_being_switched_on_there_is_no_telephone() -> None:
    off = client()

    assert off.get("/phone").status_code == 404
    assert off.get("/phone/phone.js").status_code == 404
    with pytest.raises(WebSocketDisconnect), off.websocket_connect("/ws/phone"):
        pass


def test_a_token_that_can_be_guessed_opens_nothing() -> None:
    with pytest.raises(BadSettings):
        client(enabled=True, token="secret")


@pytest.mark.parametrize("name", ["routes.py", "../door.py", "..%2Fdoor.py", "%2Fetc%2Fpasswd"])
def test_nothing_but_the_page_is_given(name: str) -> None:
    assert client(enabled=True).get(f"/phone/{name}").status_code == 404


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example"])
def test_pages_of_others_open_no_socket(origin: str) -> None:
    on = client(enabled=True)
    with (
        pytest.raises(WebSocketDisconnect),
        on.websocket_connect("/ws/phone", headers={"origin": origin}),
    ):
        pass


def test_every_file_is_given_with_the_strictest_policy() -> None:
    on = client(enabled=True)
    answers = [on.get("/phone"), *(on.get(f"/phone/{name}") for name in sorted(_TYPES))]

    for answer in answers:
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_every_file_of_the_folder_is_served() -> None:
    assert {one.name for one in STATIC.iterdir()} == set(_TYPES)


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_inline() -> None:
    for one in STATIC.iterdir():
        text = one.read_text().replace("http://www.w3.org/2000/svg", "")
        assert re.findall(r"https?://(?!localhost)[\w.]+", text) == [], one.name
    page = (STATIC / "phone.html").read_text()
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?! type=\"module\" src=)", page) == []


def words(lang: str) -> dict[str, str]:
    """Of the page, in one language; several strings to a sentence."""
    text = (STATIC / "words.js").read_text()
    block = re.search(rf"^  {lang}: {{\n(.*?)^  }},$", text, re.DOTALL | re.MULTILINE)
    assert block
    return dict(re.findall(r"^    (\w+):\s+(\".*?),$", block[1], re.DOTALL | re.MULTILINE))


def test_everything_is_said_in_both_languages() -> None:
    german, english = words("de"), words("en")
    page = (STATIC / "phone.html").read_text()
    scripts = "".join(one.read_text() for one in STATIC.glob("*.js"))
    used = set(re.findall(r'data-(?:say|label)="(\w+)"', page)) | set(
        re.findall(r'\bs(?:ay|how)\("(\w+)"', scripts)
    )

    assert set(german) == set(english)
    assert used - set(german) == set()
    for key, sentence in german.items():
        gaps = re.findall(r"\{\w+\}", sentence)
        assert gaps == re.findall(r"\{\w+\}", english[key]), key


def test_the_customers_to_choose_from_are_those_of_the_fixtures() -> None:
    manifest = tomllib.loads(Path("audio_fixtures/manifest.toml").read_text())
    expected = {one["numbers"][0]: one["name"] for one in manifest["callers"]}
    page = (STATIC / "phone.html").read_text()
    offered = dict(re.findall(r'<option value="(\+\d+)">(\w+),', page))

    assert expected == offered


def luminance(colour: str) -> float:
    """As WCAG 2.2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 7.0),
        ("ink", "card", 7.0),
        ("ink", "warn", 7.0),
        ("faint", "card", 4.5),
        ("faint", "paper", 4.5),
        ("on-colour", "go", 4.5),
        ("on-colour", "stop", 4.5),
        ("line", "paper", 3.0),
        ("focus", "card", 3.0),
    ],
)
def test_everything_can_be_read_by_day_and_by_night(
    scheme: int, front: str, back: str, least: float
) -> None:
    blocks = re.findall(r":root {(.*?)}", (STATIC / "phone.css").read_text(), re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[scheme]))
    one, other = sorted((luminance(colours[front]), luminance(colours[back])))

    assert (other + 0.05) / (one + 0.05) >= least
