"""Puts profiles together: the directory first, then every other source, within a caller's time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.call import Caller, PhoneNumber, Unknown
from ivr.errors import SourceUnavailable
from ivr.identify.asked import AskedSource, Flight, landed
from ivr.identify.directory import Directory, Entry
from ivr.identify.fact import Answer, Failed
from ivr.identify.placeholders import By
from ivr.identify.profile import Identity, Profile, identity_of, profile_of
from ivr.identify.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What one source is asked by and for."""

    source: AskedSource
    by: By
    identifies: bool = False
    """It may say whose a number is."""

    promised: tuple[str, ...] = ()
    """Names of the facts that it is described to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """What all sources together know. One a process, shared by every call."""

    directory: Directory
    roles: Mapping[str, Role]
    """By the name of the source."""

    rules: Rules = field(default_factory=Rules)
    patience_s: float
    """So long a caller waits for sources, all of them together."""

    clock: Callable[[], float]
    """Runs evenly, in seconds."""

    now: Callable[[], datetime]
    """Aware, UTC."""

    def of(self, number: PhoneNumber) -> Profile | Unknown:
        """The customer whose number it is. Strangers' numbers go only to those who identify.

        Raises:
            DirectoryUnavailable: whose number it is cannot be told, because the directory or a
                source that might know does not answer.
        """
        found = self.directory.find(number)
        known = found if isinstance(found, Caller) else None
        until = self.clock() + self.patience_s
        answers = {} if known else self._ask(self._identifying, _Asked(number=number), until)
        identity = identity_of(known, answers, self.rules)
        if identity is None:
            return _nobody(answers)
        rest = {name: role for name, role in self.roles.items() if name not in answers}
        asked = _Asked(number=number, identity=identity)
        return profile_of(
            identity,
            known,
            {**answers, **self._ask(rest, asked, until)},
            promised={name: role.promised for name, role in self.roles.items()},
            rules=self.rules,
            now=self.now(),
        )

    def forget(self) -> None:
        """Everything that sources told; what was on its way is not kept either."""
        for role in self.roles.values():
            role.source.forget()

    def close(self) -> None:
        """Ask nothing more."""
        for role in self.roles.values():
            role.source.close()

    @property
    def _identifying(self) -> Mapping[str, Role]:
        return {name: role for name, role in self.roles.items() if role.identifies}

    def _ask(self, roles: Mapping[str, Role], asked: "_Asked", until: float) -> dict[str, Answer]:
        """All of them at once; then wait for each."""
        begun = {name: role.source.begin(asked.key(role.by)) for name, role in roles.items()}
        return {name: self._landed(one, until) for name, one in begun.items()}

    def _landed(self, begun: Answer | Flight, until: float) -> Answer:
        return landed(begun, patience_s=self.patience_s, until=until, now=self.clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    number: PhoneNumber
    identity: Identity | None = None

    def key(self, by: By) -> str:
        if by is By.CUSTOMER and self.identity is not None:
            return self.identity.customer_id
        return self.number.e164


def _nobody(answers: Mapping[str, Answer]) -> Unknown:
    """A stranger, but only where everybody who might know has said so."""
    if any(isinstance(answer, Failed) for answer in answers.values()):
        raise SourceUnavailable(
            "A source of customers does not answer, so whose number it is cannot be told."
        )
    return Unknown()


class ProfiledDirectory:
    """The directory as calls ask it: what other sources tell is in the caller they get."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def find(self, number: PhoneNumber) -> Caller | Unknown:
        found = self._profiles.of(number)
        return found.caller if isinstance(found, Profile) else found

    def put(self, entries: Iterable[Entry]) -> None:
        """Into the directory; what sources told before is asked for anew."""
        self._profiles.directory.put(entries)
        self._profiles.forget()

    def all(self) -> tuple[Entry, ...]:
        """Those of the directory; other sources are asked for one customer at a time only."""
        return self._profiles.directory.all()
