"""The house on a simulated day: the one that takes real calls, with voices that are drawn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from biometrics import Speech, SubjectId
from ivr.call import Caller, Language, Line, Transcript, Understanding, Unknown
from ivr.decide.policy import Policy
from ivr.findings import NO_SOUND
from ivr.rooms import Rooms
from ivr.settings import KeySettings, Settings, read_settings
from ivr.simulate.day.voices import SimulatedVoices
from ivr.speak.speaker import Spoken
from ivr.verify.attempts import Origin
from ivr.verify.check import VoiceCheck
from ivr.verify.evidence import Evidence
from ivr.wiring import House

Understand = Callable[[Transcript, date], Understanding]

_RATING_SHARE = 0.3


class SimulatedHouse(House):
    """Everything is decided as in real calls, except that most voices are not heard but drawn.

    Nobody listens: prompts are put into words and not spoken.
    """

    def __init__(
        self, settings: Settings, drawn: SimulatedVoices, heard: frozenset[SubjectId]
    ) -> None:
        """`heard` are the subjects whose callers really speak."""
        super().__init__(settings)
        self._drawn = drawn
        self._heard = heard

    @cached_property
    def policy(self) -> Policy:
        """With callers who are asked how satisfied they are, where the operator's asks none."""
        policy = super().policy
        return replace(policy, rating_share=policy.rating_share or _RATING_SHARE)

    @cached_property
    def rooms(self) -> Rooms:
        rooms = super().rooms
        return replace(
            rooms,
            verify=self._verify,
            speak=self._worded,
            understand=remembering(rooms.understand),
        )

    @cached_property
    def _simulated_check(self) -> VoiceCheck:
        return VoiceCheck(
            store=self._drawn.store,
            judge=self._drawn.judge,
            signs=self._drawn.signs,
            attempts=self.voices.doors.watched_by("service"),
        )

    def _verify(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin,
    ) -> Evidence:
        is_heard = isinstance(caller, Caller) and caller.subject in self._heard
        check = self.voices.call_check if is_heard else self._simulated_check.check
        return check(caller, speech, earlier, now, origin)

    def _worded(
        self,
        lines: tuple[Line, ...],
        language: Language,
        attempt: int = 0,
        *,
        is_slow: bool = False,
    ) -> Spoken:
        del is_slow
        return Spoken(text=self.speaker.text(lines, language, attempt), first=NO_SOUND)


def remembering(understand: Understand) -> Understand:
    """Thousands of callers say yes: what the same words mean is found out once."""
    known: dict[tuple[str, Language, date], Understanding] = {}

    def understood(heard: Transcript, today: date) -> Understanding:
        key = heard.text, heard.language, today
        if key not in known:
            known[key] = understand(heard, today)
        return known[key]

    return understood


def settings_for(folder: Path, *, pack: str) -> Settings:
    """As the environment says, with a database, keys and a business system of its own.

    Raises:
        BadSettings: a variable cannot be used.
    """
    settings = read_settings()
    return replace(
        settings,
        database_url=f"sqlite:///{folder / 'rufwerk.db'}",
        keys=KeySettings(database=f"sqlite:///{folder / 'keys.db'}", file=folder / "master.key"),
        understand=replace(settings.understand, pack=pack),
        # Those who really speak are machines.
        verify=replace(settings.verify, liveness="advise", consent_texts=None),
        serve=replace(settings.serve, demo=True, url="", business_file=None),
        review=replace(settings.review, collect="all"),
    )
