"""The directory of customers, and whatever else is known of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from time import monotonic
from urllib.parse import urlsplit

from biometrics import AuditKind, Witness
from biometrics.storage.database import Engine
from ivr.breaker import Breaker
from ivr.call import PhoneNumber, Unknown
from ivr.errors import BadSources
from ivr.identify.asked import AskedSource
from ivr.identify.described import Described, HttpSource, SqlSource
from ivr.identify.directory import Directory
from ivr.identify.fact import EVENT
from ivr.identify.kept import KeptAnswers, Lives
from ivr.identify.profile import Profile
from ivr.identify.profiles import ProfiledDirectory, Profiles, Role
from ivr.identify.rules import Rules
from ivr.identify.secret import Secret
from ivr.identify.source import Source
from ivr.identify.sources_file import SourcesFile, read_sources
from ivr.identify.view import ProfileView, view_of
from ivr.settings import IdentifySettings, Settings
from ivr.settings.reach import is_this_machine
from ivr.wiring.places import Places


@dataclass(frozen=True)
class Customers:
    """What is known of customers. Nothing is opened before it is asked for."""

    places: Places
    engine: Callable[[], Engine]

    @property
    def settings(self) -> Settings:
        return self.places.settings

    @cached_property
    def own(self) -> Directory:
        """What was imported here, and nothing else."""
        from ivr.identify.sql_directory import SqlDirectory

        return SqlDirectory(self.engine())

    @cached_property
    def directory(self) -> Directory:
        """As calls ask it.

        Raises:
            BadSources: the file of sources, a secret or an address cannot be used.
        """
        return ProfiledDirectory(self.profiles) if self.described else self.own

    @cached_property
    def described(self) -> SourcesFile | None:
        """The file of sources; None where none is set.

        Raises:
            BadSources: it cannot be used as it is written.
        """
        path = self.settings.identify.sources
        return read_sources(path) if path else None

    @cached_property
    def profiles(self) -> Profiles:
        """What all sources together know; of the directory alone where no others are set."""
        roles = {name: self._role(name, one) for name, one in self._each}
        profiles = Profiles(
            directory=self.own,
            roles=roles,
            rules=self.described.weighing if self.described else Rules(),
            patience_s=self.settings.identify.patience_ms / 1_000,
            clock=monotonic,
            now=_now,
        )
        self.places.closing.callback(profiles.close)
        return profiles

    def view(self, number: PhoneNumber) -> ProfileView | Unknown:
        """For the person who takes the call.

        Raises:
            DirectoryUnavailable: whose number it is cannot be told.
        """
        found = self.profiles.of(number)
        return view_of(found) if isinstance(found, Profile) else found

    def shown(
        self, number: PhoneNumber, witness: Witness, patience_ms: int
    ) -> ProfileView | Unknown:
        """For an operator, who waits longer; that it was read is in the trail before it is shown.

        Raises:
            DirectoryUnavailable: whose number it is cannot be told.
            StoreUnavailable: it could not be written down; nothing is shown.
        """
        found = replace(self.profiles, patience_s=patience_ms / 1_000).of(number)
        if not isinstance(found, Profile):
            return found
        witness.saw(AuditKind.PROFILE_READ, found.identity.subject)
        return view_of(found)

    def forget(self) -> None:
        """What sources told, out of this process's memory."""
        if self.described:
            self.profiles.forget()

    def source(self, name: str, described: Described) -> Source:
        """A source itself: nothing that it tells is remembered.

        Raises:
            BadSources: its secrets or its address cannot be used.
        """
        match described:
            case HttpSource():
                return self._http(name, described)
            case SqlSource():
                return _sql(name, described)

    @property
    def _each(self) -> tuple[tuple[str, Described], ...]:
        return tuple(self.described.sources.items()) if self.described else ()

    def _http(self, name: str, described: HttpSource) -> Source:
        from ivr.identify.http_source import HttpSource as Adapter

        _check_address(name, described.url, self.settings.identify)
        return Adapter(
            name,
            described,
            headers={key: _shown(value) for key, value in described.headers.items()},
            region=self.settings.region,
            clock=monotonic,
        )

    def _role(self, name: str, described: Described) -> Role:
        settings = self.settings.identify
        lives = Lives(
            fresh_s=described.fresh_s, stale_s=described.stale_s, nobody_s=described.nobody_s
        )
        asked = AskedSource(
            name,
            self.source(name, described),
            KeptAnswers(lives, most=settings.remember),
            Breaker(failures=settings.failures_until_pause, pause_s=settings.pause_s),
            at_once=described.at_once,
            clock=monotonic,
        )
        events = (EVENT,) if described.events else ()
        return Role(
            source=asked,
            by=described.by,
            identifies=described.identifies,
            promised=(*described.facts, *events),
        )


def _sql(name: str, described: SqlSource) -> Source:
    from ivr.identify.sql_source import SqlSource as Adapter

    return Adapter(name, described, database=_shown(described.database), clock=monotonic)


def _shown(value: str | Secret) -> str:
    return value.read() if isinstance(value, Secret) else value


def _check_address(name: str, url: str, settings: IdentifySettings) -> None:
    """Only where nobody listens in."""
    host = urlsplit(url).hostname or ""
    trusted = {one.strip().lower() for one in settings.plain_hosts.split(",")}
    if not (url.startswith("https://") or is_this_machine(host) or host in trusted):
        raise BadSources(
            f"The source {name} must be asked by https, or by http on this machine or on a host of "
            "IVR_IDENTIFY__PLAIN_HOSTS."
        )


def _now() -> datetime:
    return datetime.now(UTC)
