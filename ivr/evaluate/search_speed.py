"""How long it takes to look for one voice among many, against the plain product."""

import json
import subprocess
import sys
from collections.abc import Sequence

from biometrics.watchlist.speed import SIZES, SearchSpeed
from ivr.errors import BadTestSet

__all__ = ["SEARCHED_BY", "SIZES", "SearchSpeed", "evaluate_search"]

SEARCHED_BY = ("exact", "usearch")


def evaluate_search(index: str, sizes: Sequence[int] = SIZES) -> tuple[SearchSpeed, ...]:
    """Each length of list, in a process of its own, whose memory is given back at the end.

    Raises:
        BadTestSet: there is no room for so many voices.
    """
    lengths = map(str, sizes)
    command = [sys.executable, "-m", "biometrics.watchlist.speed", "--json", "--index", index]
    done = subprocess.run([*command, *lengths], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own interpreter, our own module
    if done.returncode:
        raise BadTestSet("So many voices could not be searched; name smaller lists.")
    return tuple(SearchSpeed(**speed) for speed in json.loads(done.stdout))
