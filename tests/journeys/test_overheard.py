"""Nobody learns from logs, figures and spans who called and what was said, even on bad days."""

import asyncio
import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes.figures import figure, series_in
from fakes.promql import queries, selectors

from biometrics import StoreUnavailable
from ivr.errors import DirectoryUnavailable
from ivr.result import Result
from ivr.rooms import Rooms
from ivr.seeing.measures import STAGES
from ivr.service.api_keys import Scope
from ivr.simulate.caller import Manners
from ivr.simulate.day.run import Wanted, play, prepared
from ivr.simulate.day.stock import stock
from ivr.simulate.ground import Ground, open_for_all, served
from ivr.simulate.leg import Line
from ivr.simulate.play import Plan, call, new_call_of
from ivr.simulate.turns import said
from ivr.turn import Answer, Turn
from ivr.wiring import House

from .overheard import Lines, Overheard, overhearing

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

NUMBER, PIN, IBAN = "+4989123456", "83942615", "DE89370400440532013000"
SECRET = f"Klaus Berger {NUMBER} {PIN} {IBAN} möchte umbuchen"
ROOMS = (
    *("listen", "identify", "verify", "transcribe", "understand", "decide", "speak"),
    *("serve", "feel"),
)
DISPENSABLE = ("verify", "transcribe")
"""Without them the call goes on: unproven, and by keys."""

DAY = Wanted(day=date(2026, 11, 20), zone=ZoneInfo("Europe/Berlin"), calls=25, weeks=0)


@dataclass
class Breaking:
    """Rooms of which one breaks at a time, with everything that a caller told in its message."""

    room: str = ""
    err: Callable[[str], Exception] = RuntimeError

    def around(self, rooms: Rooms) -> Rooms:
        changed: dict[str, Any] = {name: self._one(name, getattr(rooms, name)) for name in ROOMS}
        return replace(rooms, **changed)

    def _one(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **kwargs: Any) -> Any:
            if self.room == name:
                raise self.err(SECRET)
            return work(*args, **kwargs)

        return done


@dataclass
class Seen:
    """A service that was called, and everything that was told of it."""

    heard: Overheard
    results: list[Result] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    """How those were answered who asked for figures without the right key."""

    scraped: bytes = b""


def noted(heard: Overheard, turn: Turn, answer: Answer) -> None:
    """Everything that a turn told or was told."""
    result = answer.result
    heard.said |= {result.transcript.text, result.action.prompt, *result.intent.slots.values()}
    told = {value for name, value in result.intent.slots.items() if name not in ("date", "time")}
    heard.numbers |= {result.caller.number or "", turn.keys, *told}
    heard.names |= {result.caller.customer_id or "none-at-all", turn.call_id}


@pytest.fixture(scope="module")
def seen(house: House, fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Calls over three ways, good ones and one for each room that breaks.

    In a house of its own: where keys are kept, nobody else comes in without one.
    """
    own = House.for_rehearsal(tmp_path_factory.mktemp("overheard"))
    own.words = house.words
    own.stage(fixtures)
    settings, door = open_for_all(own.settings, is_fast=True)
    runs, breaking = House(settings), Breaking()
    runs.words = house.words
    runs.__dict__["rooms"] = breaking.around(runs.rooms)
    with overhearing(runs) as heard:
        told = Seen(heard=heard)
        heard.said.add(SECRET)
        heard.numbers |= {NUMBER, PIN, IBAN, "+442079460018"}
        heard.names |= {"Klaus", "Emily", "Berger", "C-1001", "s-7f3a", "LH815", "Los Angeles"}
        take = runs.switchboard.take

        def noting(turn: Turn, **when: Any) -> Answer:
            answer = take(turn, **when)
            told.results.append(answer.result)
            noted(heard, turn, answer)
            return answer

        runs.switchboard.take = noting  # type: ignore[method-assign]
        asyncio.run(_calls(Ground(house=runs, door=door), fixtures, breaking, told))
    runs.close()
    own.close()
    return told


async def _calls(ground: Ground, fixtures: Path, breaking: Breaking, told: Seen) -> None:
    async def by(via: str, *turns: str, number: str = NUMBER) -> None:
        line = Line(call_id=new_call_of(via), number=number, language="de")
        plan = Plan(via=via, line=line, manners=Manners(is_fast=True))
        spoken = [
            said(ground.house, one if one.startswith("keys:") else str(fixtures / one))
            for one in turns
        ]
        await call(ground, spoken, plan)

    async with served(ground):
        await by("rest", "klaus-flight.wav", "klaus-yes.wav", f"keys:{PIN}#")
        await by("twilio", "impostor-flight.wav")
        await by("audiosocket", "klaus-flight.wav", f"keys:{PIN}#")
        await by("rest", "emily-refund.wav", number="+442079460018")
        for room in ROOMS:
            breaking.room, breaking.err = room, RuntimeError
            turns = ("klaus-flight.wav", "klaus-yes.wav") if room == "serve" else ("klaus-yes.wav",)
            await by("rest", *turns)
        for breaking.room, breaking.err in (
            ("identify", DirectoryUnavailable),
            ("verify", StoreUnavailable),
        ):
            await by("rest", "klaus-yes.wav")
        breaking.room = "decide"
        await by("audiosocket", "klaus-yes.wav")
        await asyncio.to_thread(_ask, ground, told)


def _ask(ground: Ground, told: Seen) -> None:
    """For figures, with every key but the right one first."""
    keys, url = ground.house.api_keys, f"{ground.door.url}/metrics"
    lifetime = timedelta(days=1)
    for scopes in ((), *({one} for one in Scope if one is not Scope.METRICS)):
        shown = keys.add(f"k-{len(told.refused)}", scopes, lifetime).secret if scopes else ""
        try:
            _get(url, shown)
        except urllib.error.HTTPError as err:
            told.refused.append((err.code, err.headers["Content-Type"]))
    told.scraped = _get(url, keys.add("prometheus", {Scope.METRICS}, lifetime).secret)


def _get(url: str, shown: str) -> bytes:
    headers = {"Authorization": f"Bearer {shown}"} if shown else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - this machine
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return bytes(answer.read())


def test_nobody_gets_figures_without_the_key_for_them(seen: Seen) -> None:
    problem = "application/problem+json"

    assert seen.refused == [(401, problem), *[(403, problem)] * (len(Scope) - 1)]


def test_nothing_of_a_caller_is_told_whatever_breaks(seen: Seen) -> None:
    assert len(seen.results) >= len(ROOMS) + 7
    assert any(PIN in one for one in seen.heard.numbers)
    assert any("umbuchen" in one.casefold() for one in seen.heard.said)
    assert len(seen.heard.lines) > 2 * len(ROOMS)
    assert seen.heard.leaked == []


@pytest.mark.parametrize("way", ["message", "field", "error", "figure", "span"])
@pytest.mark.parametrize(
    "what", [NUMBER, "89123456", PIN, IBAN, "Klaus", "C-1001", "ich möchte umbuchen"]
)
def test_whatever_leaked_would_be_found(seen: Seen, way: str, what: str) -> None:
    """The test above can fail."""
    heard = replace(seen.heard, lines=list(seen.heard.lines))
    log = logging.getLogger("ivr.pipeline")
    handler = Lines(heard.lines)
    logging.getLogger().addHandler(handler)
    try:
        match way:
            case "message":
                log.error("turn failed: %s", what)
            case "field":
                log.error("turn failed", extra={"heard": what})
            case "error":
                log.error("turn failed", extra={"err": repr(ValueError(what))})
            case "figure":
                heard.figures += f'rufwerk_turns_total{{gateway="{what}"}} 1.0\n'
            case "span":
                heard.spans += f'"rufwerk.intent": "{what}"'
    finally:
        logging.getLogger().removeHandler(handler)

    assert heard.leaked != []


def test_every_room_that_broke_is_counted_and_told_by_its_code(seen: Seen) -> None:
    broken = [line for line in seen.heard.lines if "turn failed" in line and "code=" in line]

    failing = len(ROOMS) - len(DISPENSABLE)
    assert figure(seen.scraped, "rufwerk_turn_failures_total", code="unexpected") >= failing
    assert figure(seen.scraped, "rufwerk_turn_failures_total", code="store_unavailable") == 1
    assert len(broken) >= failing
    for room in DISPENSABLE:
        reached = {"what": "stage_failed", "where": room}
        assert figure(seen.scraped, "rufwerk_bounds_reached_total", **reached) >= 1


def test_every_line_about_a_turn_names_its_call_and_turn(seen: Seen) -> None:
    rooms = ("ivr.pipeline", "ivr.findings", "ivr.switchboard", "ivr.understand")
    about = [line for line in seen.heard.lines if any(f" {room}" in line for room in rooms)]

    assert about
    assert [line for line in about if " call=" not in line] == []
    assert any(" turn=" in line for line in about)


def test_a_line_and_its_span_have_the_same_ids(seen: Seen) -> None:
    line = next(one for one in seen.heard.lines if "turn failed" in one and " turn=" in one)
    call_id = line.split(" call=")[1].split()[0]
    turn_id = line.split(" turn=")[1].split()[0]

    assert f'"trace_id": "0x{call_id}"' in seen.heard.spans
    assert f'"span_id": "0x{turn_id}"' in seen.heard.spans


def test_calls_are_counted_by_the_way_they_came(seen: Seen) -> None:
    ways = ("rest", "twilio", "asterisk")
    turns = {
        way: sum(
            value
            for (name, labels), value in series_in(seen.scraped).items()
            if name == "rufwerk_turns_total" and ("gateway", way) in labels
        )
        for way in ways
    }

    assert min(turns.values()) >= 1
    assert sum(turns.values()) == len(seen.results)


def test_every_stage_was_timed_and_so_was_the_first_sound(seen: Seen) -> None:
    for stage in STAGES:
        assert figure(seen.scraped, "rufwerk_stage_seconds_count", stage=stage) > 0
    assert figure(seen.scraped, "rufwerk_turn_seconds_count") == len(seen.results)
    assert figure(seen.scraped, "rufwerk_first_audio_seconds_count") >= 1
    assert figure(seen.scraped, "rufwerk_ready") == 1
    assert figure(seen.scraped, "rufwerk_verifications_total", decision="accepted") >= 1


def test_every_figure_of_the_dashboard_and_the_alerts_is_told(seen: Seen) -> None:
    told = {name for name, _ in series_in(seen.scraped)} | {"up"}
    asked = {name for query in queries().values() for name, _ in selectors(query)}

    assert len(asked) > 30
    assert asked - told == set()


def test_no_label_holds_anything_but_codes(seen: Seen) -> None:
    values = {value for _, labels in series_in(seen.scraped) for _, value in labels}
    odd = {value for value in values if value.replace(".", "").isdigit() and len(value) > 7}

    assert values
    assert odd == set()


def test_a_simulated_day_is_told_in_codes_alone(
    tmp_path_factory: pytest.TempPathFactory, house: House
) -> None:
    del house  # without a recogniser there is no day
    day = prepared(DAY, tmp_path_factory.mktemp("day"), lambda *_: None)
    day.house.directory.put(one.entry for one in day.people)
    day.house.serving.demo.stock(stock(day.people, DAY.day))
    with overhearing(day.house) as heard:
        for one in day.people:
            heard.numbers |= {number.e164 for number in one.entry.numbers}
            heard.names |= {one.entry.caller.name, one.entry.caller.customer_id}
        board = day.house.switchboard
        take = board.take

        def noting(turn: Turn, **when: Any) -> Answer:
            answer = take(turn, **when)
            noted(heard, turn, answer)
            return answer

        board.take = noting  # type: ignore[method-assign]
        played = play(day)
    day.house.close()

    assert len(played) == len(day.plan)
    assert len(heard.said) > len(played)
    assert figure(heard.figures.encode(), "rufwerk_turn_seconds_count") >= len(played)
    assert heard.spans.count('"name": "call"') == len(played)
    assert heard.leaked == []
