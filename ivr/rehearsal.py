"""Calls written down beforehand, played, and compared with what must come of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from biometrics import SubjectId
from ivr.call import CallerNumber
from ivr.errors import BadTestSet, CallProblem
from ivr.result import Result, new_call_id
from ivr.strict_toml import parsed
from ivr.switchboard import Switchboard
from ivr.turn import Turn


class PlannedTurn(BaseModel):
    """One recording and what must come of it; what is left out does not matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recording: str
    decision: list[str] = []
    intent: str | None = None
    action: str | None = None
    queue: str | None = None
    priority: int | None = None
    says: list[str] = []
    never_says: list[str] = []
    error: str | None = None


class PlannedCall(BaseModel):
    """One call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    number: str = Field(alias="from")
    turns: list[PlannedTurn]


class Enrolment(BaseModel):
    """Whose voice is known, and from which recordings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: SubjectId
    recordings: list[str]


class Script(BaseModel):
    """The calls of a manifest; its other tables are read elsewhere."""

    calls: list[PlannedCall]
    enrolments: list[Enrolment] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedTurn:
    """What came of one turn: a result, or the error that refused it."""

    recording: str
    result: Result | None = None
    error: str | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of one call."""

    turns: tuple[PlayedTurn, ...]
    surprises: tuple[str, ...]
    """What was not as planned, in words."""


def read_script(fixtures: Path) -> Script:
    """The calls in `manifest.toml` of a folder.

    Raises:
        BadTestSet: there is none, or it cannot be used; says where.
    """
    path = fixtures / "manifest.toml"
    try:
        return Script.model_validate(parsed(path.read_text("utf-8")))
    except OSError as err:
        raise BadTestSet(f"{fixtures} holds no manifest.toml; name the fixtures' folder.") from err
    except ValidationError as err:
        first = err.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadTestSet(f"{path}: {where}: {first['msg']}.") from err
    except ValueError as err:
        raise BadTestSet(f"{path} is no TOML: {err}.") from err


def play(
    planned: PlannedCall,
    fixtures: Path,
    switchboard: Switchboard,
    read_number: Callable[[str | None], CallerNumber],
) -> Played:
    """Play one call, turn after turn."""
    call_id = new_call_id()
    number = read_number(planned.number)
    turns, surprises = [], []
    for planned_turn in planned.turns:
        audio = (fixtures / planned_turn.recording).read_bytes()
        turn = Turn(call_id=call_id, number=number, audio=audio)
        played = _played(planned_turn.recording, turn, switchboard)
        turns.append(played)
        surprises += _surprises(planned_turn, played)
    return Played(turns=tuple(turns), surprises=tuple(surprises))


def _played(recording: str, turn: Turn, switchboard: Switchboard) -> PlayedTurn:
    try:
        answer = switchboard.take(turn, now=datetime.now().astimezone())
    except CallProblem as err:
        return PlayedTurn(recording=recording, error=err.code, sentence=err.sentence)
    return PlayedTurn(recording=recording, result=answer.result)


def _surprises(planned: PlannedTurn, played: PlayedTurn) -> list[str]:
    result = played.result
    if result is None or planned.error is not None:
        return _difference("error", planned.error, played.error)
    return surprises_of(planned, result)


def surprises_of(planned: PlannedTurn, result: Result) -> list[str]:
    """What of an answer is not as it was written down, in words."""
    prompt = result.action.prompt
    surprises = [f"the prompt lacks: {words}" for words in planned.says if words not in prompt]
    surprises += [f"the prompt holds: {words}" for words in planned.never_says if words in prompt]
    if planned.decision and result.verification.decision not in planned.decision:
        surprises += _difference(
            "verification", " or ".join(planned.decision), result.verification.decision
        )
    for what, wanted, found in (
        ("intent", planned.intent, result.intent.name),
        ("action", planned.action, result.action.type),
        ("queue", planned.queue, result.action.queue),
        ("priority", planned.priority, result.action.priority),
    ):
        if wanted is not None:
            surprises += _difference(what, wanted, found)
    return surprises


def _difference(what: str, wanted: object, found: object) -> list[str]:
    return [] if wanted == found else [f"{what}: expected {wanted}, found {found}"]
