"""How long the voiceprint encoder takes, against the usual one on the same core."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from biometrics.encoders.speed import SOUND_MS, USUAL, Speed
from ivr.errors import BadTestSet

__all__ = ["SOUND_MS", "EncoderSpeeds", "Speed", "evaluate_speed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSpeeds:
    """Encoders that ran in turns on one core."""

    measured: tuple[Speed, ...]

    def share_of_usual(self, speed: Speed) -> float:
        """Its median against that of the usual encoder."""
        (usual,) = (one for one in self.measured if one.name == USUAL)
        return speed.median_ms / usual.median_ms


def evaluate_speed(folder: Path) -> EncoderSpeeds:
    """The encoder in `folder` on each engine, and the usual one, in a process of their own.

    Raises:
        BadTestSet: the encoder cannot be loaded; the sentence says why.
    """
    command = [sys.executable, "-m", "biometrics.encoders.speed", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter, our own module
    if done.returncode:
        raise BadTestSet(done.stderr.strip().splitlines()[-1])
    measured = tuple(Speed(**speed) for speed in json.loads(done.stdout))
    return EncoderSpeeds(measured=measured)
