"""A process that has loaded everything it serves with."""

import gc


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
