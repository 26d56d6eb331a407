"""Everything an operator can set, read once, grouped by room."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

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

    engine: Literal["openvino", "torch"] = "openvino"
    """What computes the encoder; torch is the reference, and several times slower."""

    liveness: Literal["off", "advise", "gate"] = "advise"
    """Signs of recordings played again and of machines' voices: not looked for, told with the
    verdict, or, the surest of them, taking an acceptance away. Turns that synthetic callers speak,
    as in the demo and the tests, are such signs, so the gate is the operator's choice."""

    second_opinion: bool = False
    """Ask AASIST too where it is installed; it takes most people on a telephone for machines, and
    several tenths of a second a turn."""

    adaptation: Literal["off", "on"] = "off"
    """Whether voiceprints follow their people, of whom agreed to it."""

    adaptation_proof: Literal["second_factor", "digits", "voice"] = "second_factor"
    """What must have proven a caller beside an unmistakable voice before a print follows it:
    something other than the voice, which no part of a call gives yet; random digits repeated in
    that voice, which keeps recordings away and no voice that sounds alike; or nothing."""

    reenrolment: Literal["off", "on"] = "on"
    """Whether callers whose print another encoder made are enrolled again from later calls, if
    they agreed to adaptation and that encoder is still here to prove them."""

    reenrolment_days: Annotated[int, Field(ge=1)] = 90
    """How long speech of calls waits for the calls that are missing to a new print."""

    fmr: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Share of strangers who may be accepted; 0.01 where neither this nor a prior is set."""

    prior: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Share of callers who are who they say, in place of `fmr`: accepting is decided by costs."""

    cost_false_accept: Annotated[float, Field(gt=0)] | None = None
    """What accepting a stranger costs, with a prior; 1 where it is not set."""

    cost_false_reject: Annotated[float, Field(gt=0)] | None = None
    """What refusing a caller costs, with a prior; 1 where it is not set."""

    channel: str = "mulaw"
    """Kind of line that callers come over, as the calibration names it."""

    consent: Literal["required", "assumed"] = "required"
    """Assumed is for operators who keep consents elsewhere; a withdrawal counts all the same."""

    consent_days: int = 1095
    """How long a consent stands after it was given: three years."""

    consent_texts: Path | None = None
    """A folder of the operator's own consent texts in place of the ones in the package."""

    def __post_init__(self) -> None:
        costs = self.cost_false_accept, self.cost_false_reject
        if self.prior is not None and self.fmr is not None:
            raise BadSettings(
                "IVR_VERIFY__FMR and IVR_VERIFY__PRIOR contradict each other; set only one of them."
            )
        if self.prior is None and costs != (None, None):
            raise BadSettings(
                "IVR_VERIFY__COST_FALSE_ACCEPT and IVR_VERIFY__COST_FALSE_REJECT count only with "
                "IVR_VERIFY__PRIOR; set it, or unset the costs."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSettings:
    """When failed verifications close the door. NIST SP 800-63B asks for the first four."""

    free_failures: Annotated[int, Field(ge=1)] = 5
    """Failures in a row after which each further try has to wait."""

    first_wait_s: Annotated[int, Field(ge=30)] = 30
    """The first wait; it doubles with each further failure."""

    longest_wait_s: Annotated[int, Field(ge=30)] = 86_400
    """Where the doubling ends."""

    most_failures: Annotated[int, Field(ge=1)] = 50
    """Failures in a row after which a person must act."""

    window_h: Annotated[int, Field(ge=1)] = 24
    """Hours within which the failures below count together."""

    subjects_per_number: Annotated[int, Field(ge=1)] = 3
    """Voices that may fail from one number; beyond that a failure counts twice for its source."""

    subjects_per_source: Annotated[int, Field(ge=1)] = 20
    """The same from one source, which may be a gateway that all customers come through."""

    numbers_per_subject: Annotated[int, Field(ge=1)] = 5
    """The same with numbers from which one voice failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeSettings:
    """Digits that a caller is asked to repeat."""

    digits: Annotated[int, Field(ge=4, le=6)] = 5
    """How many."""

    lives_s: Annotated[int, Field(ge=10, le=600)] = 120
    """Seconds in which the answer must come, the prompt included."""

    least_llr: Annotated[float, Field(ge=0)] = 2.3
    """Natural-log likelihood ratio that the voice saying the digits needs where that turn leaves it
    open; 2.3 is ten to one for the caller. Nobody is served before the voice is accepted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySettings:
    """Where the keys of voiceprints are."""

    database: str = ""
    """SQLAlchemy address of the keys of subjects; empty means a SQLite file in `home`."""

    file: Path | None = None
    """File of the master key; None means `master.key` in `home`."""

    master: str | None = field(default=None, repr=False)
    """Master key in place of a file; several separated by commas, the first is the current."""

    command: str = ""
    """Command line that wraps and unwraps keys in place of a file, such as the client of a KMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistSettings:
    """Comparing one voice with many; off until somebody has decided that it may be done."""

    enabled: bool = False
    """Lists may be made, filled and searched. What is kept can be shown and destroyed all the same.
    """

    alarms_per_search: Annotated[float, Field(gt=0, lt=1)] = 0.01
    """Share of searches that may alarm for a voice that is on no list; each comparison gets its
    part, so that longer lists are searched more strictly."""

    least_net_ms: Annotated[int, Field(ge=1_500)] = 3_000
    """Speech of a call from which on it is looked for."""

    most_candidates: Annotated[int, Field(ge=1, le=20)] = 5
    """Of one list, the most alike, that a person is shown."""

    unsearched: Literal["person", "tell"] = "person"
    """What becomes of a call whose voice could not be looked for: a person takes it, or it is told
    with the verdict. It never counts as nobody found."""

    index: Literal["exact", "usearch"] = "exact"
    """What finds the nearest voices. Exact compares with every one and misses nobody; usearch looks
    at some, misses some, takes long to build, and is faster from about a million voices on."""

    refresh_s: Annotated[int, Field(ge=1)] = 600
    """Who has enrolled is found as a duplicate after so long at the latest."""


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

    remember_enrolments: Annotated[int, Field(ge=1)] = 50
    """Unfinished enrolments whose takes stay in memory, in each process; the oldest go first."""

    enrolment_idle_s: Annotated[int, Field(ge=60)] = 1_800
    """Takes are forgotten so long after the last of them came."""


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
    watchlist: WatchlistSettings = field(default_factory=WatchlistSettings)
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
    watchlist: WatchlistSettings = Field(default_factory=WatchlistSettings)
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
