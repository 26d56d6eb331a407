"""What can be done in the business system, and the way to it."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic

from biometrics import VoiceProblem
from biometrics.storage.database import Engine
from ivr.breaker import Breaker
from ivr.call import Assurance
from ivr.errand import Errand, Served, Task
from ivr.errors import BadSettings, NoBusinessSystem
from ivr.serve.address import checked_address
from ivr.serve.business import Action, Business, own_business, packaged_business, read_business
from ivr.serve.counter import Counter, rank
from ivr.serve.described_system import DescribedSystem
from ivr.serve.sender import Answered, Method, Outgoing, Sender
from ivr.settings import ServeSettings
from ivr.speak.prompts import Prompts
from ivr.understand.pack import Pack
from ivr.wiring.action_words import check_action_words
from ivr.wiring.demo_backend import DemoBackend
from ivr.wiring.places import Places

log = logging.getLogger(__name__)

_TIDY_EVERY_S = 3_600
_PROBE_MS = 2_000

_ON_THE_SOCKET = "http://backend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where a business system is, and what every request carries."""

    url: str
    headers: Mapping[str, str]
    socket: Path | None = None


class Serving:
    """The business system of one house; nothing is opened before it is asked for."""

    def __init__(
        self, places: Places, pack: Callable[[], Pack], engine: Callable[[], Engine]
    ) -> None:
        """`engine`: the database that remembers which errands were done."""
        self._places = places
        self._pack = pack
        self._engine = engine
        self._tidied_at = -float(_TIDY_EVERY_S)

    @property
    def settings(self) -> ServeSettings:
        return self._places.settings.serve

    @property
    def is_on(self) -> bool:
        """Whether any business system is set."""
        return bool(self.settings.demo or self.settings.url or self.settings.business_file)

    @cached_property
    def business(self) -> Business | None:
        """What its file says; None where no business system is set.

        Raises:
            BadActions: the file cannot be used as it is written.
        """
        if not self.is_on:
            return None
        if self.settings.business_file is not None:
            return own_business(self.settings.business_file)
        return read_business(packaged_business(self._pack().name))

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """Those that can be asked for: the pack has the intent."""
        intents = {intent.name for intent in self._pack().intents}
        described = self.business.actions if self.business else {}
        return {name: action for name, action in described.items() if name in intents}

    @property
    def tasks(self) -> Mapping[str, Task]:
        """What the dialogue brings together, by intent.

        Raises:
            BadActions, BadSettings: nothing of it could be done; better told now than in a call.
        """
        if self.is_on and not self.settings.demo:
            _ = self._line
        return {name: action.task for name, action in self.actions.items()}

    @property
    def declines(self) -> Mapping[str, frozenset[str]]:
        """Codes with which each may be declined, by intent."""
        return {name: action.codes for name, action in self.actions.items()}

    def check_words(self, prompts: Prompts) -> None:
        """Refuse actions whose outcome could not be told.

        Raises:
            BadPrompts: a prompt is missing, or names a fact that nobody tells.
        """
        check_action_words(self.actions, prompts)

    def check_prompts(self) -> None:
        """The same of the prompts in use.

        Raises:
            BadPrompts: as for `check_words`, or they cannot be read.
        """
        from ivr.wiring.texts import texts_in_use

        for prompts in texts_in_use(self._places.settings).prompts().values():
            self.check_words(prompts)

    def assurance(self, intent: str, least: Assurance) -> Assurance:
        """What the action needs, or `least`, which the pack asks for; whichever is more."""
        action = self.actions.get(intent)
        return least if action is None else max(least, action.assurance, key=rank)

    def run(self, errand: Errand) -> Served:
        """Serve an errand. Trouble is a value."""
        served = self.counter.run(errand)
        self._tidy_if_due()
        return served

    @cached_property
    def counter(self) -> Counter:
        """Where errands are handed in.

        Raises:
            NoBusinessSystem: none is set.
            BadActions: its file or address cannot be used.
            BadSettings: its token is not set.
        """
        from ivr.serve.sql_receipts import SqlReceipts

        if self.business is None:
            raise NoBusinessSystem("Set IVR_SERVE__URL, or IVR_SERVE__DEMO=true to try it.")
        settings = self.settings
        return Counter(
            self.business,
            DescribedSystem(self.business, self._sender, clock=monotonic),
            SqlReceipts(self._engine()),
            Breaker(failures=settings.failures_until_pause, pause_s=settings.pause_s),
        )

    def answers(self) -> bool:
        """Whether the business system answers now.

        Raises:
            NoBusinessSystem, BadActions, BadSettings: as `counter`.
        """
        if self.business is None:
            raise NoBusinessSystem("Set IVR_SERVE__URL, or IVR_SERVE__DEMO=true to try it.")
        asked = Outgoing(method=Method.GET, path=self.business.probe or "/")
        answer = self._sender.send(asked, _PROBE_MS)
        limit = 300 if self.business.probe else 500
        return isinstance(answer, Answered) and answer.status < limit

    def close(self) -> None:
        """Let go of the business system and of the database."""
        self._places.closing.close()

    @cached_property
    def demo(self) -> DemoBackend:
        """The demo back end, started."""
        log.warning("the demo back end serves: nothing happens outside this process")
        started = DemoBackend()
        self._places.closing.callback(started.close)
        return started

    @cached_property
    def _sender(self) -> Sender:
        from ivr.serve.http_sender import HttpSender

        line = self._line
        sender = HttpSender(
            line.url, headers=dict(line.headers), clock=monotonic, socket=line.socket
        )
        self._places.closing.callback(sender.close)
        return sender

    @property
    def _line(self) -> Line:
        business, settings = self.business, self.settings
        if settings.demo:
            headers = {"Authorization": f"Bearer {self.demo.token}"}
            return Line(url=_ON_THE_SOCKET, headers=headers, socket=self.demo.socket)
        url = settings.url or (business.url if business else "")
        return Line(
            url=checked_address(url, settings.plain_hosts),
            headers=_authorization(business) if business else {},
        )

    def _tidy_if_due(self) -> None:
        if monotonic() - self._tidied_at < _TIDY_EVERY_S:
            return
        self._tidied_at = monotonic()
        try:
            self.counter.tidy(timedelta(hours=self.settings.keep_receipts_h))
        except VoiceProblem as err:
            log.warning("old receipts not dropped", extra={"code": err.code})


def serving_from_environment(*, pack: str = "") -> Serving:
    """What `IVR_*` variables describe; loads no models."""
    from ivr.wiring.house import House

    house = House.from_environment(pack=pack)
    return Serving(house.places, lambda: house.words.pack, lambda: house.voices.engine)


def _authorization(business: Business) -> dict[str, str]:
    """The header that lets us in; its value comes from the environment and is shown nowhere."""
    how = business.authorization
    if how is None:
        return {}
    token = os.environ.get(how.token_from, "").strip()
    if not token or not token.isprintable() or not token.isascii():
        raise BadSettings(f"{how.token_from} must hold the business system's token.")
    return {how.header: f"{how.begins}{token}"}
