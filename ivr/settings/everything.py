"""Every room's settings, read once from the environment."""

from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ivr.errors import BadSettings
from ivr.settings.decide import DecideSettings
from ivr.settings.listen import ListenSettings
from ivr.settings.mood import MoodSettings
from ivr.settings.pin import PinSettings
from ivr.settings.reach import ReachSettings
from ivr.settings.review import ReviewSettings
from ivr.settings.serve import ServeSettings
from ivr.settings.service import ServiceSettings
from ivr.settings.speak import SpeakSettings
from ivr.settings.understand import UnderstandSettings
from ivr.settings.verify import AttemptSettings, ChallengeSettings, VerifySettings
from ivr.settings.voices import KeySettings, WatchlistSettings


def _home() -> Path:
    return platformdirs.user_data_path("rufwerk", appauthor=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything, frozen."""

    home: Path = field(default_factory=_home)
    """Where models, caches and the database live."""

    models: Path | None = None
    """A folder that already holds models, looked into first."""

    database_url: str = ""
    """SQLAlchemy address; empty means a SQLite file in `home`."""

    encoder: str = "telephone-ecapa-1"
    """Our own encoder, or, once pulled, spkrec-ecapa-voxceleb, campplus or resemblyzer."""

    region: str = "DE"
    """Country whose numbers are read without a country code."""

    listen: ListenSettings = field(default_factory=ListenSettings)
    verify: VerifySettings = field(default_factory=VerifySettings)
    keys: KeySettings = field(default_factory=KeySettings)
    attempts: AttemptSettings = field(default_factory=AttemptSettings)
    challenge: ChallengeSettings = field(default_factory=ChallengeSettings)
    pin: PinSettings = field(default_factory=PinSettings)
    watchlist: WatchlistSettings = field(default_factory=WatchlistSettings)
    understand: UnderstandSettings = field(default_factory=UnderstandSettings)
    mood: MoodSettings = field(default_factory=MoodSettings)
    decide: DecideSettings = field(default_factory=DecideSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    speak: SpeakSettings = field(default_factory=SpeakSettings)
    reach: ReachSettings = field(default_factory=ReachSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    service: ServiceSettings = field(default_factory=ServiceSettings)

    @property
    def models_home(self) -> Path:
        return self.home / "models"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'rufwerk.db'}"

    @property
    def key_database(self) -> str:
        return self.keys.database or f"sqlite:///{self.home / 'keys.db'}"

    @property
    def master_key_file(self) -> Path:
        return self.keys.file or self.home / "master.key"


class _Environment(BaseSettings):
    """IVR_HOME, IVR_LISTEN__LONGEST_TURN_MS and so on."""

    model_config = SettingsConfigDict(
        env_prefix="IVR_", env_nested_delimiter="__", extra="ignore", validate_default=False
    )

    home: Path = Field(default_factory=_home)
    models: Path | None = None
    database_url: str = ""
    encoder: str = "telephone-ecapa-1"
    region: str = "DE"
    listen: ListenSettings = Field(default_factory=ListenSettings)
    verify: VerifySettings = Field(default_factory=VerifySettings)
    keys: KeySettings = Field(default_factory=KeySettings)
    attempts: AttemptSettings = Field(default_factory=AttemptSettings)
    challenge: ChallengeSettings = Field(default_factory=ChallengeSettings)
    pin: PinSettings = Field(default_factory=PinSettings)
    watchlist: WatchlistSettings = Field(default_factory=WatchlistSettings)
    understand: UnderstandSettings = Field(default_factory=UnderstandSettings)
    mood: MoodSettings = Field(default_factory=MoodSettings)
    decide: DecideSettings = Field(default_factory=DecideSettings)
    serve: ServeSettings = Field(default_factory=ServeSettings)
    speak: SpeakSettings = Field(default_factory=SpeakSettings)
    reach: ReachSettings = Field(default_factory=ReachSettings)
    review: ReviewSettings = Field(default_factory=ReviewSettings)
    service: ServiceSettings = Field(default_factory=ServiceSettings)


def read_settings() -> Settings:
    """The settings of this process, from `IVR_*` variables.

    Raises:
        BadSettings: a variable holds something that cannot be used; its value is not repeated.
    """
    try:
        environment = _Environment()
    except ValidationError as err:
        names = sorted({"IVR_" + "__".join(map(str, e["loc"])).upper() for e in err.errors()})
        raise BadSettings(f"These settings cannot be used: {', '.join(names)}.") from err
    token = environment.service.token
    if token is not None and not token.strip():
        raise BadSettings("IVR_SERVICE__TOKEN is set and empty; give it a token or unset it.")
    return Settings(**{name: getattr(environment, name) for name in _Environment.model_fields})
