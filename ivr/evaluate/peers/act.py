"""`python -m ivr.evaluate.peers.act NAME FOLDER`: one contestant in a process of its own.

Tasks come as lines of JSON and are answered by lines of JSON: first that it is ready or why it
cannot be, then what came of each task, and at the end the most memory that it held.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TextIO

from biometrics import VoiceProblem, read_recording
from ivr.call import Language
from ivr.errors import CallProblem
from ivr.evaluate.own_output import own_output
from ivr.evaluate.peers.encoders import ENCODERS
from ivr.evaluate.peers.recognisers import RECOGNISERS
from ivr.evaluate.peers.work import Acted, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A recording to be worked on."""

    recording: str
    language: str

    def done_by(self, work: Work) -> Acted:
        """Reading the file is not counted."""
        sound, language = read_recording(Path(self.recording)), Language(self.language)
        begun, worked = perf_counter(), process_time()
        text = work(sound, language)
        return Acted(
            ms=1_000 * (perf_counter() - begun),
            cpu_ms=1_000 * (process_time() - worked),
            text=text,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    name, folder = sys.argv[1:] if arguments is None else arguments
    answers = own_output()  # libraries print what must not come between the answers
    try:
        work = {**ENCODERS, **RECOGNISERS}[name](Path(folder))
    except (VoiceProblem, CallProblem) as err:
        _tell(answers, {"absent": err.sentence})
        return 1
    except ImportError as err:
        _tell(answers, {"absent": f"{err.name or name} is not installed"})
        return 1
    _tell(answers, {"absent": ""})
    for line in sys.stdin:
        _tell(answers, asdict(Task(**json.loads(line)).done_by(work)))
    _tell(answers, {"peak_mb": peak_mb()})
    return 0


def peak_mb() -> float:
    """Most memory this process has held; 0 where the system does not say.

    Not by getrusage: that counts what the parent held when it was started from there.
    """
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1_000


def _tell(answers: TextIO, what: Mapping[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
