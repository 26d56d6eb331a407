"""Conversations written down beforehand: who says what on which line, and what must come of it."""

from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ivr.errors import BadTestSet
from ivr.strict_yaml import read_yaml
from ivr.studio import Timbre

FOLDER = Path(__file__).with_name("conversations")

SPEAKERS = {
    "child": Timbre(engine="pico-de", formants=1.35, pitch=1.5),
    "english_child": Timbre(engine="pico-en", formants=1.3, pitch=1.4),
    "slow_klaus": Timbre(engine="pico-de", formants=0.80, pitch=0.7, tempo=0.8),
    "slow_emily": Timbre(engine="hibari", tempo=0.85),
    "thomas": Timbre(engine="pico-en", formants=0.85, pitch=0.75),
    "grace": Timbre(engine="pico-en", formants=1.05, pitch=0.9),
    "slow_grace": Timbre(engine="pico-en", formants=1.05, pitch=0.85, tempo=0.85),
    "oliver": Timbre(engine="hibari", formants=0.88, tempo=0.95),
    "angry_oliver": Timbre(engine="hibari", formants=0.88, tempo=1.15),
}
"""Who calls besides the speakers of the fixtures: strangers, and customers who take their time."""

DIGITS = "{digits}"
WRONG_DIGITS = "{wrong_digits}"


class Line(StrEnum):
    """What lies between the caller's mouth and the recording."""

    CLEAN = "clean"
    GSM = "gsm"
    OFFICE_20DB = "office_20db"
    OFFICE_10DB = "office_10db"


class Sound(StrEnum):
    """What is heard of somebody who says nothing."""

    SILENCE = "silence"
    NOISE = "noise"
    MUSIC = "music"
    BUSY_TONE = "busy_tone"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Strict):
    """What must come of a turn; what is left out does not matter."""

    intent: str | None = None
    intents: list[str] = []
    """Any of these."""

    slots: dict[str, str] = {}
    action: str | None = None
    actions: list[str] = []
    """Any of these."""

    queue: str | None = None
    priority: int | None = None
    language: str | None = None
    says: list[str] = []
    never_says: list[str] = []
    decision: list[str] = []
    reasons: list[str] = []
    """Each is a part of one of the reasons."""


class TurnScript(_Strict):
    """Words, a sound or keys."""

    says: str = ""
    speaker: str = ""
    """Else the speaker of the conversation."""

    sound: Sound | None = None
    keys: str = Field(default="", pattern=r"^[0-9*#]*$")
    line: Line | None = None
    """Else the line of the conversation."""

    expect: Expectation = Expectation()

    @model_validator(mode="after")
    def _one_thing(self) -> "TurnScript":
        if sum(map(bool, (self.says, self.sound, self.keys))) != 1:
            raise ValueError("a turn has says, sound or keys, and only one of them")
        return self


class Conversation(_Strict):
    """One call from its first turn to its last."""

    name: str
    business: Literal["airline", "bank", "telecom", "retail"]
    number: str = Field(alias="from")
    language: Literal["de", "en"] | None = None
    """What the gateway says the caller speaks."""

    speaker: str = ""
    line: Line = Line.CLEAN
    backend: Literal["none", "normal", "down", "slow"] = "none"
    incident: str = ""
    """An incident that goes on while the caller calls, by its kind."""

    pin: str = Field(default="", pattern=r"^[0-9]*$")
    """The PIN that the customer has set."""

    attempts: int = Field(default=1, ge=1, le=6)
    """Digits are drawn by chance and machines mumble some of them; one of so many calls must go
    as planned."""

    awaits: str = ""
    """What is still missing for it to pass."""

    turns: list[TurnScript] = Field(min_length=1)
    done: list[dict[str, Any]] | None = None
    """What must have been done in the business system at the end, each as a part of an entry."""


def conversations(folder: Path = FOLDER) -> tuple[Conversation, ...]:
    """Every conversation of a folder, by file and place.

    Raises:
        BadTestSet: a file cannot be used; says which and where.
    """
    return tuple(one for file in sorted(folder.glob("*.yaml")) for one in _read(file))


def _read(file: Path) -> list[Conversation]:
    entries = read_yaml(file, BadTestSet).get("conversations", [])
    found = []
    for place, entry in enumerate(entries, start=1):
        try:
            found.append(Conversation.model_validate(entry))
        except ValidationError as err:
            first = err.errors(include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise BadTestSet(f"{file.name}, conversation {place}: {where}: {first['msg']}") from err
    return found
