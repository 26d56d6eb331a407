"""What is said where an encoder's files are missing or damaged."""

from pathlib import Path

from biometrics.errors import EncoderUnusable
from biometrics.voiceprint import EncoderId


def existing(file: Path, remedy: str) -> Path:
    """The file itself.

    Raises:
        EncoderUnusable: there is none; says what to do.
    """
    if not file.is_file():
        raise EncoderUnusable(f"The voice encoder's {file.name} is missing; {remedy}")
    return file


def damaged(file: Path, remedy: str) -> EncoderUnusable:
    """To be raised where the weights in a file cannot be used."""
    return EncoderUnusable(
        f"The voice encoder's {file.name} is damaged or belongs to another network; {remedy}"
    )


def pull(encoder: EncoderId) -> str:
    """What to do about an encoder that is in the catalogue of models."""
    return f"delete what is there and run `ivr models pull {encoder}`."
