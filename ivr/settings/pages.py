"""The pages for the people who work with calls."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

_Many = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSettings:
    """The pages for the people who work with calls."""

    on: bool = False
    """Whether there are such pages. Accounts are made by `ivr people add`."""

    behind_tls: bool = False
    """A proxy before us speaks TLS with browsers, and says so by X-Forwarded-Proto.

    Without TLS only this machine may sign in."""

    idle_min: Annotated[int, Field(ge=1, le=720)] = 30
    """A session ends so long after somebody did something last."""

    longest_h: Annotated[int, Field(ge=1, le=24)] = 10
    """A session ends so long after signing in, whatever is done."""

    free_failures: Annotated[int, Field(ge=1, le=20)] = 5
    """Wrong passwords for an account, until the next one has to wait; the wait doubles."""

    free_failures_of_source: _Many = 30
    """The same for an address: a whole office may sit behind it."""

    longest_wait_s: Annotated[int, Field(ge=60)] = 900
    """The wait grows no further."""
