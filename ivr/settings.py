"""Everything an operator can set, read once, grouped by room."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ivr.errors import BadSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenSettings:
    """What counts as one turn."""

    longest_turn_ms: int = 120_000
    """A longer recording is refused."""

    largest_upload_bytes: int = 32 * 1024 * 1024
    """More bytes are refused before they are read: two minutes of 48 kHz stereo float fit."""

    speech_probability: float = 0.5
    """From this probability on, a frame is speech."""

    channel: Literal["left", "right", "mix"] = "mix"
    """Which channel of a stereo recording is the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySettings:
    """What an enrolment and a verification need."""

    enrol_recordings: int = 3
    """Fewest recordings an enrolment is made from."""

    enrol_net_ms: int = 10_000
    """Least speech an enrolment is made from, all recordings together."""

    enrol_recording_net_ms: int = 1_500
    """Least speech in each recording."""

    expires_after_days: int = 1095
    """Age at which a voiceprint no longer proves anything: three years."""

    longest_evidence_ms: int = 12_000
    """Speech of one call that is compared, the latest counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandSettings:
    """How words are heard and judged."""

    engine: Literal["whisper", "vosk", "cascade"] = "cascade"
    """The cascade is Whisper, and Vosk where Whisper is not installed."""

    threads: int = 2
    """Processor threads of one recognition."""

    least_log_probability: float = -1.0
    """Mean log-probability a token under which Whisper's text is taken for invented."""

    greatest_compression: float = 2.4
    """Compression ratio above which text repeats itself and is taken for invented."""

    most_words_per_second: float = 6.0
    """Words a second of speech above which text is taken for invented."""

    pack: str = "airline"
    """Which of the intent packs: airline, bank, telecom, retail, or a YAML file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSettings:
    """Who decides."""

    policy: Path | None = None
    """A policy file in place of the one in the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakSettings:
    """How prompts sound."""

    default_language: Literal["de", "en"] = "de"
    """For callers whose language nobody knows."""

    company: str = "Rufwerk"
    """The name that the greeting says."""

    level_dbfs: float = -18.0
    """Loudness of prompts, root mean square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """The HTTP door."""

    host: str = "127.0.0.1"
    port: int = 8080
    token: str | None = field(default=None, repr=False)
    """Bearer token that gateways show. Without one only this machine is listened to."""

    workers: int = 2
    """Calls that are worked on at the same time."""

    remember_calls: int = 1_000
    """Calls that stay open for their next turn."""


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

    encoder: str = "telephone-ecapa-0"
    """Which voiceprint encoder: our own, or spkrec-ecapa-voxceleb once pulled."""

    region: str = "DE"
    """Country whose numbers are read without a country code."""

    listen: ListenSettings = field(default_factory=ListenSettings)
    verify: VerifySettings = field(default_factory=VerifySettings)
    understand: UnderstandSettings = field(default_factory=UnderstandSettings)
    decide: DecideSettings = field(default_factory=DecideSettings)
    speak: SpeakSettings = field(default_factory=SpeakSettings)
    service: ServiceSettings = field(default_factory=ServiceSettings)

    @property
    def models_home(self) -> Path:
        return self.home / "models"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'rufwerk.db'}"


class _Environment(BaseSettings):
    """IVR_HOME, IVR_LISTEN__LONGEST_TURN_MS and so on."""

    model_config = SettingsConfigDict(
        env_prefix="IVR_", env_nested_delimiter="__", extra="ignore", validate_default=False
    )

    home: Path = Field(default_factory=_home)
    models: Path | None = None
    database_url: str = ""
    encoder: str = "telephone-ecapa-0"
    region: str = "DE"
    listen: ListenSettings = Field(default_factory=ListenSettings)
    verify: VerifySettings = Field(default_factory=VerifySettings)
    understand: UnderstandSettings = Field(default_factory=UnderstandSettings)
    decide: DecideSettings = Field(default_factory=DecideSettings)
    speak: SpeakSettings = Field(default_factory=SpeakSettings)
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
