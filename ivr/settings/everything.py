"""Every room's settings, read once from the environment."""

import os
from dataclasses import MISSING, dataclass, field, fields
from dataclasses import Field as Field_
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict

from ivr.errors import BadSettings
from ivr.settings.calls import CallsSettings
from ivr.settings.catalogue import CatalogueSettings
from ivr.settings.deadlines import DeadlineSettings
from ivr.settings.decide import DecideSettings
from ivr.settings.editing import EditingSettings
from ivr.settings.gateways import GatewaySettings
from ivr.settings.handover import HandoverSettings
from ivr.settings.identify import IdentifySettings
from ivr.settings.journal import JournalSettings
from ivr.settings.limits import LimitSettings
from ivr.settings.listen import ListenSettings
from ivr.settings.load import LoadSettings
from ivr.settings.mood import MoodSettings
from ivr.settings.onward import OnwardSettings
from ivr.settings.pages import PagesSettings
from ivr.settings.pin import PinSettings
from ivr.settings.pool import PoolSettings
from ivr.settings.postgres import PostgresSettings
from ivr.settings.queue import QueueSettings
from ivr.settings.reach import ReachSettings
from ivr.settings.review import ReviewSettings
from ivr.settings.secret_files import read_secrets
from ivr.settings.seeing import SeeingSettings
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

    database_url: str = field(default="", repr=False)
    """SQLAlchemy address; empty means a SQLite file in `home`. It may hold a password."""

    database_upgrade: Literal["start", "by_hand"] = "start"
    """When a database of an earlier version is brought up to date: whenever it is first opened, or
    only by `ivr db upgrade`, where the service itself may not change tables."""

    encoder: str = "telephone-ecapa-1"
    """Our own encoder, or, once pulled, spkrec-ecapa-voxceleb, campplus or resemblyzer."""

    region: str = "DE"
    """Country whose numbers are read without a country code."""

    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    postgres: PostgresSettings = field(default_factory=PostgresSettings)
    listen: ListenSettings = field(default_factory=ListenSettings)
    identify: IdentifySettings = field(default_factory=IdentifySettings)
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
    queue: QueueSettings = field(default_factory=QueueSettings)
    reach: ReachSettings = field(default_factory=ReachSettings)
    onward: OnwardSettings = field(default_factory=OnwardSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    editing: EditingSettings = field(default_factory=EditingSettings)
    handover: HandoverSettings = field(default_factory=HandoverSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    service: ServiceSettings = field(default_factory=ServiceSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    load: LoadSettings = field(default_factory=LoadSettings)
    deadlines: DeadlineSettings = field(default_factory=DeadlineSettings)
    gateways: GatewaySettings = field(default_factory=GatewaySettings)
    calls: CallsSettings = field(default_factory=CallsSettings)
    pages: PagesSettings = field(default_factory=PagesSettings)
    seeing: SeeingSettings = field(default_factory=SeeingSettings)
    pool: PoolSettings = field(default_factory=PoolSettings)

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
    def edited(self) -> Path:
        return self.editing.folder or self.home / "edited"

    @property
    def pool_token_file(self) -> Path:
        return self.pool.token_file or self.home / "pool.token"

    @property
    def master_key_file(self) -> Path:
        return self.keys.file or self.home / "master.key"


class _Variables(BaseSettings):
    """IVR_HOME, IVR_LISTEN__LONGEST_TURN_MS and so on."""

    model_config = SettingsConfigDict(
        env_prefix="IVR_", env_nested_delimiter="__", extra="ignore", validate_default=False
    )


def _variable(field_: Field_[Any]) -> tuple[Any, Any]:
    """The same type and default as the setting has."""
    if field_.default_factory is not MISSING:
        return field_.type, Field(default_factory=field_.default_factory)
    return field_.type, field_.default


_VARIABLES: dict[str, Any] = {one.name: _variable(one) for one in fields(Settings)}
_Environment = create_model("_Environment", __base__=_Variables, **_VARIABLES)


def read_settings() -> Settings:
    """The settings of this process, from `IVR_*` variables and the files that some of them name.

    Raises:
        BadSettings: a variable holds something that cannot be used; its value is not repeated.
    """
    try:
        environment = _Environment(**read_secrets(Settings, os.environ))
    except ValidationError as err:
        names = sorted({"IVR_" + "__".join(map(str, e["loc"])).upper() for e in err.errors()})
        raise BadSettings(f"These settings cannot be used: {', '.join(names)}.") from err
    settings = Settings(**{one.name: getattr(environment, one.name) for one in fields(Settings)})
    token = settings.service.token
    if token is not None and not token.strip():
        raise BadSettings("IVR_SERVICE__TOKEN is set and empty; give it a token or unset it.")
    return settings
