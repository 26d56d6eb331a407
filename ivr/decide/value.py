"""What is at stake for a customer, as far as the directory tells."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from ivr.call import Caller

FACT, PREFERENCE = "amount", "value_at_risk"
"""What an event, and what the directory for the whole customer, calls it; such as 49.90 EUR."""

_RECENT = timedelta(days=30)
_NUMBER = r"-?([0-9]{1,3}(?:[.,]?[0-9]{3}){0,3})(?:[.,]([0-9]{1,2}))?"
"""A mark with one or two digits behind it parts the cents, any other one thousands."""

_AMOUNT = re.compile(rf"{_NUMBER}(?: ?(?:[A-Z]{{3}}|[€$£]))?")


def value_at_risk(caller: Caller, now: datetime) -> Decimal:
    """The largest amount of a recent event, or the customer's own; 0 where nothing is known.

    Nothing that was said counts: nobody gets ahead by naming a large sum. Currencies are not
    converted.
    """
    recent = (event for event in caller.events if timedelta() <= now - event.at <= _RECENT)
    texts = [event.facts.get(FACT, "") for event in recent]
    texts.append(caller.preferences.get(PREFERENCE, ""))
    return max(map(_amount, texts), default=Decimal(0))


def _amount(text: str) -> Decimal:
    parts = _AMOUNT.fullmatch(text.strip())
    if parts is None:
        return Decimal(0)
    whole, cents = parts.groups()
    return Decimal(f"{re.sub('[.,]', '', whole)}.{cents or 0}")
