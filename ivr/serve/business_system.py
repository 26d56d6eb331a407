"""What runs errands: a business's own system, or whatever stands in front of it."""

from typing import Protocol

from ivr.errand import Errand, Served


class BusinessSystem(Protocol):
    """One business's system. One a process, shared by every call."""

    def run(self, errand: Errand) -> Served:
        """Do it, or say what there is to choose from, or take it back.

        Trouble of any kind is a value: a caller is waiting for words.
        """
