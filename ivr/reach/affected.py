"""Whether an incident concerns a customer, or a number that is called from."""

from ivr.call import Caller, CallerNumber, PhoneNumber
from ivr.reach.incident import Incident


def concerns_customer(incident: Incident, caller: Caller) -> bool:
    """Whether what the directory knows of the customer makes it theirs."""
    affected = incident.affected
    return (
        affected.is_everybody
        or caller.customer_id in affected.customers
        or _has_event(incident, caller)
        or _has_attribute(incident, caller)
    )


def concerns_number(incident: Incident, number: CallerNumber) -> bool:
    """Whether everybody who calls from there may be told of it, known or not."""
    affected = incident.affected
    if affected.is_everybody:
        return True
    return isinstance(number, PhoneNumber) and number.e164.startswith(affected.number_prefixes)


def _has_event(incident: Incident, caller: Caller) -> bool:
    wanted = incident.affected.facts
    if not wanted:
        return False
    return any(
        all(_plain(event.facts.get(name, "")) == _plain(value) for name, value in wanted.items())
        for event in caller.events
    )


def _has_attribute(incident: Incident, caller: Caller) -> bool:
    return any(
        _plain(caller.preferences.get(name, "")).startswith(tuple(map(_plain, prefixes)))
        for name, prefixes in incident.affected.attributes.items()
    )


def _plain(value: str) -> str:
    """LH 815 and lh815 are one flight."""
    return "".join(value.split()).upper()
