"""Something to look at while models load."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def waiting(what: str, *, is_silent: bool = False) -> Iterator[None]:
    """A spinner on the terminal's error channel, so that output stays clean."""
    console = Console(stderr=True, quiet=is_silent)
    with console.status(f"{what} ..."):
        yield
