"""What has to be well before this house takes calls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.checkup.finding import Finding, Look, looked
from ivr.checkup.machine import Port, clock, disk, ports
from ivr.errors import CallProblem, StartRefused
from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.wiring.house import House

_EVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where HTTP is to be listened to."""

    host: str
    port: int


@dataclass(frozen=True)
class Checking:
    """Of one house; what is loaded for it is there for the calls."""

    house: "House"

    def before_calls(self, address: Address) -> tuple[Finding, ...]:
        """Everything. No models are loaded where it is clear already that there will be no calls.

        Raises:
            StartRefused: no call could be taken, or none as it must be; every reason is told.
        """
        found = _insisted((*self.machine(address), *self.stores()))
        return (*found, *_insisted(tuple(self.models())))

    def machine(self, address: Address) -> Iterator[Finding]:
        """Disks, and ports that are to be listened on."""
        settings = self.house.settings
        yield from looked(
            "free disk space", partial(disk, _folders(settings)), remedy="Look at the disks."
        )
        yield from looked("ports", partial(ports, _ports(settings, address)), remedy="")

    def stores(self) -> Iterator[Finding]:
        """The database, what is in it, and the clock by the calls that are known.

        One after the other: what is made at the first start is made by one thread.
        """
        looks: dict[str, Look] = {
            "database": self._database,
            "master key": self._keys,
            **{name: partial(self._part, name, probe) for name, probe in self.house.parts.items()},
            "clock": self._clock,
        }
        for what, look in looks.items():
            found = tuple(looked(what, look, remedy="See docs/bad-days.md."))
            yield from found
            if what == "database" and any(one.is_fatal for one in found):
                return  # nothing else could be told than the same once more

    def models(self) -> Iterator[Finding]:
        """Whether they give the answers that are known."""
        for what, look in self._models:
            yield from looked(what, look, remedy="Run: ivr models verify, then ivr models pull.")

    @property
    def _models(self) -> Iterator[tuple[str, Look]]:
        from ivr.checkup.known import meanings_found, speech_heard, voices_told_apart
        from ivr.understand.understand import understand

        house = self.house
        words, listen = house.words, house.voices.listen
        yield "speech detector", partial(speech_heard, listen)
        for engine in self._engines:
            yield engine, partial(self._heard, engine)
        yield "voice encoder", lambda: voices_told_apart(house.voices.encoder, listen)
        yield (
            "understanding",
            lambda: meanings_found(
                words.pack, lambda heard, today: understand(heard, words.mind, today=today)
            ),
        )

    @property
    def _engines(self) -> tuple[str, ...]:
        """Those that answer; of the cascade, those that are installed."""
        engine = self.house.settings.understand.engine
        if engine != "cascade":
            return (engine,)
        here = tuple(one for one in ("whisper", "vosk") if self._is_here(one))
        return here or ("cascade",)  # says what to do

    def _is_here(self, engine: str) -> bool:
        try:
            return self.house.words.recogniser_if_here(engine) is not None
        except CallProblem:
            return True  # and cannot be used, which is found

    def _heard(self, engine: str) -> Iterator[Finding]:
        from ivr.checkup.known import words_heard

        yield from words_heard(self.house.words.recogniser_of(engine), self.house.voices.listen)

    def _database(self) -> Iterator[Finding]:
        from ivr.checkup.sql_probe import probe_writing

        probe_writing(self.house.voices.engine)
        yield Finding(what="database", found="can be written to")

    def _keys(self) -> Iterator[Finding]:
        _ = self.house.voices.sealed  # the first start makes the keys
        standing = self.house.voices.keys.standing()
        yield Finding(what="master key", found=f"{standing.master}, {standing.holder}")

    def _part(self, name: str, probe: Callable[[], object]) -> Iterator[Finding]:
        probe()
        yield Finding(what=name, found="can be read")

    def _clock(self) -> Iterator[Finding]:
        from ivr.journal.tallies import Scope

        now = datetime.now(UTC)
        ahead = self.house.journal.latest(Scope(since=now, until=now + _EVER), most=1)
        yield from clock(now, ahead[0].began_at if ahead else None)


def _insisted(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    fatal = [one.sentence for one in found if one.is_fatal]
    if fatal:
        raise StartRefused("\n".join(fatal))
    return found


def _folders(settings: Settings) -> Iterator[Path]:
    yield settings.home
    for address in (settings.database, settings.key_database):
        _, is_file, path = address.partition("sqlite:///")
        if is_file and path and path != ":memory:":
            yield Path(path).parent


def _ports(settings: Settings, address: Address) -> Iterator[Port]:
    gateways = settings.gateways
    yield Port(what="--port", host=address.host, number=address.port)
    audiosocket, sip, vosk = gateways.audiosocket, gateways.sip, gateways.vosk_server
    yield Port(
        what="IVR_GATEWAYS__AUDIOSOCKET__PORT", host=audiosocket.host, number=audiosocket.port
    )
    yield Port(what="IVR_GATEWAYS__VOSK_SERVER__PORT", host=vosk.host, number=vosk.port)
    yield Port(what="IVR_GATEWAYS__SIP__PORT", host=sip.host, number=sip.port, is_udp=True)
