"""How many threads do what, by the number of processor cores.

Measured on two cores, Whisper alone on sixteen too. What is said of more follows from what was
seen there: a recognition of one thread is quicker than one of two, so cores are for more turns, not
for quicker ones.
"""

from dataclasses import dataclass

from biometrics import usable_cores

MOST_IN_A_PROCESS = 16
"""Beyond it one interpreter is thought to be in its own way: more processes do better."""

_LEAST_WORKERS = 2
"""One call must not wait for another one's business system."""

_SENTENCE_THREADS = 2
"""A sentence is too little work for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The threads of one process."""

    cores: int
    """That the process may use."""

    turn_workers: int
    """Turns that are worked on at the same time."""

    recognitions: int
    """Turns that are recognised at the same time, by CTranslate2."""

    recognition_threads: int
    """Of each; Vosk takes one of each hearing whatever is said."""

    encoder_threads: int
    """Of each voice, by OpenVINO, or by torch in its place; as many at the same time as there are
    cores, at most eight."""

    sentence_threads: int
    """Of each meaning, by ONNX Runtime's kind of work; the speech detector takes one."""

    processes: int
    """Of the service, so that each has no more cores than help it."""


def plan_for(cores: int) -> Plan:
    """What suits one process that may use so many cores."""
    own = min(max(cores, 1), MOST_IN_A_PROCESS)
    return Plan(
        cores=cores,
        turn_workers=max(own, _LEAST_WORKERS),
        recognitions=own,
        recognition_threads=1,
        encoder_threads=1,
        sentence_threads=min(own, _SENTENCE_THREADS),
        processes=-(-max(cores, 1) // MOST_IN_A_PROCESS),
    )


def plan_here() -> Plan:
    """What suits this process, where it runs."""
    return plan_for(usable_cores())
