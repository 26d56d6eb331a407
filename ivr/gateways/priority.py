"""One internal priority, 0 to 100 and higher is sooner, as each gateway counts.

Who goes first: Asterisk's app_queue puts a higher QUEUE_PRIO before a lower one. mod_callcenter
adds `cc_base_score` to the seconds waited, so it is counted in seconds of waiting. jambonz sorts
upwards, and takes zero and negative numbers for 999. TaskRouter takes higher numbers first.
"""

HIGHEST = 100

_FREESWITCH_S = 36
"""Seconds of waiting that one step is worth: 100 go before anybody who has waited for an hour."""


def asterisk_queue_prio(priority: int) -> int:
    """For the channel variable QUEUE_PRIO."""
    return _checked(priority)


def freeswitch_base_score(priority: int) -> int:
    """For the channel variable cc_base_score of mod_callcenter."""
    return _checked(priority) * _FREESWITCH_S


def jambonz_priority(priority: int) -> int:
    """For `enqueue.priority`: lower is sooner, 1 is first."""
    return HIGHEST + 1 - _checked(priority)


def twilio_task_priority(priority: int) -> int:
    """For `<Task priority>` of a TaskRouter workflow; a plain queue knows no priorities."""
    return _checked(priority)


def _checked(priority: int) -> int:
    if not 0 <= priority <= HIGHEST:
        raise ValueError("A priority is a number from 0 to 100.")
    return priority
