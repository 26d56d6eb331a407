"""What a voice must prove, and how often it may try."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ivr.errors import BadSettings
from ivr.settings.plan import plan_here


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

    threads: Annotated[int, Field(ge=1)] = field(
        default_factory=lambda: plan_here().encoder_threads
    )
    """Processor threads of one voice; with torch, of everything that torch does here."""

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
    something other than the voice, which is a PIN that was typed; random digits repeated in that
    voice, which keeps recordings away and no voice that sounds alike; or nothing."""

    reenrolment: Literal["off", "on"] = "on"
    """Whether callers whose print another encoder made are enrolled again from later calls, if
    they agreed to adaptation and that encoder is still here to prove them."""

    reenrolment_days: Annotated[int, Field(ge=1)] = 90
    """How long speech of calls waits for the calls that are missing to a new print."""

    encoded_days: Annotated[int, Field(ge=1)] = 30
    """How long a folder of voices that were encoded beforehand is kept after it was begun."""

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
