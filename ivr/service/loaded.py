"""A process that has loaded everything it serves with."""

import gc

_OLD = 1
"""Searches of what is young after which everything is searched, if a quarter of it is new. It is
ten otherwise; what is left to search is little."""


def keep_what_is_loaded() -> None:
    """Leave all that is there now out of every later search for garbage.

    Models, word lists and routes are some 300,000 objects that stay until the process ends. Python
    searches everything only once a quarter as many new ones are there: turns that are over, whose
    parts refer to each other, would wait for it with their sound, tens of megabytes; and every
    call would stand still for the search.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # takes the measure of what is left, which the next search goes by
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _OLD)
