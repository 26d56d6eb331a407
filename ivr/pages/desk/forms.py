"""What the forms of the desk hold."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from ivr.handover.contexts import Judged

Text = Annotated[str, StringConstraints(max_length=2_000)]

Code = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]


class Noted(BaseModel):
    text: Text = ""


class Moved(Noted):
    """To another queue."""

    queue: Code
    why: Code


class Handed(Noted):
    """To a colleague."""

    colleague: Code


class Finished(Noted):
    """What came of the call."""

    person: Judged = Judged.UNKNOWN
    intent: Judged = Judged.UNKNOWN
    meant: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9_]*$")] = ""
    solved: Judged = Judged.UNKNOWN
