"""Leave to do something that cannot be undone, while the turn that wants it still counts."""

from threading import Lock

from ivr.errors import TooLate


class Leave:
    """One turn's. A turn that was given up does nothing more in other systems."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_given_up = False
        self._has_acted = False

    def act(self, *, leaves_doubt: bool = True) -> None:
        """Something is about to be done; `leaves_doubt` where a repetition of it would do harm.

        Raises:
            TooLate: nobody waits for this turn any more, and the caller was told so.
        """
        with self._lock:
            if self._is_given_up:
                raise TooLate("The turn was given up before anything was done.")
            self._has_acted |= leaves_doubt

    def give_up(self) -> bool:
        """Nothing more may be done; whether something that leaves doubt may have been."""
        with self._lock:
            self._is_given_up = True
            return self._has_acted
