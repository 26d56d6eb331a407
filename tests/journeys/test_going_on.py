"""From a call to the web: a link is asked for, opened by its code, and the flight is rebooked."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ivr.call import Caller, CallId, PhoneNumber
from ivr.errors import ModelMissing
from ivr.identify.directory import Entry
from ivr.result import Result, new_call_id
from ivr.settings import OnwardSettings
from ivr.turn import Turn
from ivr.wiring import House
from tests.browser.chromium import BROWSER
from tests.browser.playwright_pages import NARROW, chromium, served, tab

from .conversation import Line
from .recording_booth import Booth

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]

KLAUS = PhoneNumber(e164="+4989123456")
WISH = (
    "Guten Tag. Mein Flug nach Los Angeles wurde gestrichen, und ich möchte auf einen anderen "
    "Flug umbuchen."
)
YES = "Ja, genau. Deswegen rufe ich an."
SEND = "Schicken Sie mir das bitte."
PERSON = "Verbinden Sie mich bitte mit einem Mitarbeiter, ich habe noch eine Frage dazu."


@dataclass
class Receiver:
    """Whatever texts customers: it knows them by their id."""

    url: str = ""
    got: list[dict[str, str]] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(json.loads(body))
            self.send_response(204)
            self.end_headers()
            receiver.came.set()

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/texts"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def texts() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def airline(
    tmp_path_factory: pytest.TempPathFactory, fixtures: Path, texts: Receiver
) -> Iterator[House]:
    """An airline that sends links by text, and whose booking system is the demo's."""
    rehearsal = House.for_rehearsal(tmp_path_factory.mktemp("links")).settings
    reach = replace(rehearsal.reach, webhook_url=texts.url, webhook_secret="0123456789abcdef")
    house = House(
        replace(
            rehearsal,
            onward=OnwardSettings(url="https://service.example"),
            reach=reach,
            # What recordings and machines sound like is another guard's business.
            verify=replace(rehearsal.verify, liveness="off"),
        )
    )
    try:
        house.words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    house.stage(fixtures)
    found = house.directory.find(KLAUS)
    assert isinstance(found, Caller)
    texted = replace(found, preferences={"channel": "sms"})
    house.directory.put([Entry(caller=texted, numbers=(KLAUS,))])
    yield house
    house.close()


class Call:
    def __init__(self, house: House, booth: Booth) -> None:
        self.house, self.booth = house, booth
        self.id: CallId = new_call_id()
        self.now = datetime.now(UTC)

    def says(self, words: str, speaker: str = "klaus") -> Result:
        self.now += timedelta(seconds=15)
        turn = Turn(
            call_id=self.id,
            number=KLAUS,
            audio=self.booth.speech(words, speaker, Line.CLEAN),
            source="trunk",
        )
        return self.house.switchboard.take(turn, now=self.now).result


def test_another_voice_at_the_telephone_is_sent_nothing(
    airline: House, booth: Booth, texts: Receiver
) -> None:
    before = list(texts.got)
    call = Call(airline, booth)
    call.says("Wie viel Handgepäck darf ich in die Kabine mitnehmen?", "impostor")
    result = call.says("Können Sie mir bitte einen Link dazu schicken?", "impostor")

    assert result.intent.name == "send_link", result
    assert "an der Stimme erkannt" in result.action.prompt
    assert texts.got == before


def test_from_the_call_to_the_page_to_the_next_call(
    airline: House, booth: Booth, texts: Receiver
) -> None:
    call = Call(airline, booth)
    assert "LH Flug 815" in call.says(WISH).action.prompt
    offered = call.says(YES)
    assert "LH Flug 457" in offered.action.prompt

    sent = call.says(SEND)
    assert sent.intent.name == "send_link", sent
    code = re.search(r"Code: (\d{6})", sent.action.prompt)
    assert code, sent.action.prompt
    assert "per SMS an Ihre hinterlegte Nummer" in sent.action.prompt
    assert texts.came.wait(30)
    [text] = texts.got
    assert (text["customer_id"], text["channel"], text["kind"]) == ("C-1001", "sms", "link")
    path = re.search(r"https://service\.example(/go/\S+)", text["text"])
    assert path
    assert code[1] not in text["text"]

    with (
        served(airline.service()) as address,
        chromium() as browser,
        tab(browser, address, size=NARROW) as at,
    ):
        at.open(path[1])
        at.page.locator("#f-code").fill(code[1])
        at.page.get_by_role("button", name="Öffnen").click()
        at.page.get_by_text("LH Flug 457").click()
        at.page.get_by_role("button", name="Weiter").click()
        expect(at.page.locator(".read-back")).to_contain_text("LH Flug 457")
        at.page.get_by_role("button", name="Ja, genau so").click()
        expect(at.page.get_by_role("heading", level=1)).to_have_text("Erledigt")
        expect(at.page.locator(".notice")).to_contain_text("LH Flug 457")
        expect(at.page.locator(".notice")).to_contain_text("K7P2QX")
        assert at.barriers() == []
        assert at.complaints == []

    done = {"action": "rebook_flight", "customer": "C-1001"}
    assert airline.serving.demo.done() == [done]

    later = Call(airline, booth)
    later.now += timedelta(minutes=30)
    greeted = later.says("Guten Tag, hier ist Klaus. Ich habe noch eine Frage zu meinem Flug.")
    assert "815" not in greeted.action.prompt
    handed_on = later.says(PERSON)
    token = handed_on.action.context_token
    assert token is not None, handed_on
    context = airline.handing_over.find(token, later.now)
    assert context is not None
    assert "rebook_flight: done by link" in context.tried
