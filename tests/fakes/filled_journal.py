"""Plausible records by the hundred thousand, for tests and for pages that are to be quick."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np

from ivr.journal.record import CallRecord, Outcome, RecordId

_ZONE = ZoneInfo("Europe/Berlin")
_BY_HOUR = (1, 1, 1, 1, 1, 2, 6, 18, 40, 58, 64, 60, 48, 50, 56, 58, 54, 46, 34, 24, 16, 10, 5, 2)
_BY_WEEKDAY = (1.25, 1.1, 1.05, 1.0, 0.95, 0.45, 0.35)
_TOPICS = {
    "airline": {
        "rebook_flight": 0.2,
        "flight_status": 0.2,
        "baggage_lost": 0.1,
        "baggage_allowance": 0.12,
        "check_in": 0.1,
        "seat_or_upgrade": 0.06,
        "refund": 0.09,
        "cancel_flight": 0.06,
        "loyalty_miles": 0.04,
        "complaint": 0.03,
    },
    "bank": {
        "account_balance": 0.3,
        "block_card": 0.1,
        "replace_card": 0.15,
        "transfer_money": 0.15,
        "tell_iban": 0.1,
        "order_statement": 0.12,
        "dispute_charge": 0.08,
    },
}
_QUEUES = {"refund": "bookings", "cancel_flight": "bookings", "baggage_lost": "baggage"}
_GATEWAYS = ("asterisk", "twilio", "jambonz")
_SERVED_ALONE = ("flight_status", "baggage_allowance", "check_in", "account_balance")


class Writable(Protocol):
    def write_all(self, records: Iterator[CallRecord]) -> None: ...


def fill(
    journal: Writable,
    *,
    calls: int = 100_000,
    seed: int = 1,
    days: int = 90,
    until: datetime = datetime(2026, 11, 26, tzinfo=UTC),
) -> None:
    """Write `calls` records of the `days` before `until`, in the order in which they began."""
    journal.write_all(records(calls=calls, seed=seed, days=days, until=until))


def records(*, calls: int, seed: int, days: int, until: datetime) -> Iterator[CallRecord]:
    """The same ones for the same seed."""
    draw = np.random.default_rng(seed)
    hours = [until - timedelta(hours=hour) for hour in range(24 * days, 0, -1)]
    weights = np.array([_busy(hour) for hour in hours])
    each = draw.multinomial(calls, weights / weights.sum())
    for hour, many in zip(hours, each, strict=True):
        for second in sorted(draw.integers(0, 3_600, many)):
            yield _record(draw, hour + timedelta(seconds=int(second)))


def _busy(hour: datetime) -> float:
    local = hour.astimezone(_ZONE)
    return _BY_HOUR[local.hour] * _BY_WEEKDAY[local.weekday()]


def _record(draw: np.random.Generator, began: datetime) -> CallRecord:
    business = "airline" if draw.random() < 0.8 else "bank"
    topics = _TOPICS[business]
    topic = str(draw.choice(list(topics), p=list(topics.values())))
    is_lost = draw.random() < 0.06
    is_served = not is_lost and draw.random() < (0.9 if topic in _SERVED_ALONE else 0.35)
    outcome = Outcome.SERVED if is_served else Outcome.HANDED_OVER
    if draw.random() < 0.05:
        outcome = Outcome.HUNG_UP
    known = _known(draw) if draw.random() < 0.75 else {}
    queue = _queue(draw, topic) if outcome is Outcome.HANDED_OVER else {}
    return CallRecord(
        id=RecordId(draw.bytes(12).hex()),
        token=draw.bytes(16).hex() if queue else "",
        began_at=began,
        ended_at=began + timedelta(seconds=float(draw.gamma(4, 18))),
        business=business,
        gateway=str(draw.choice(_GATEWAYS, p=(0.6, 0.3, 0.1))),
        language="de" if draw.random() < 0.8 else "en",
        turns=int(1 + draw.poisson(3)),
        unheard=int(draw.poisson(0.2)),
        not_understood=int(is_lost) + int(draw.poisson(0.15)),
        intents=() if is_lost else (topic,),
        outcome=outcome,
        mood=str(draw.choice(("neutral", "upset", "needs_help"), p=(0.88, 0.08, 0.04))),
        hearing=float(draw.beta(12, 2)),
        fallbacks=int(draw.random() < 0.02),
        satisfaction=int(draw.choice((1, 2, 3, 4, 5))) if draw.random() < 0.1 else None,
        **known,
        **queue,
    )


def _known(draw: np.random.Generator) -> dict[str, object]:
    """A customer's number, and what the voice proved."""
    decision = str(
        draw.choice(
            ("accepted", "inconclusive", "rejected", "not_enrolled", "spoof_suspected"),
            p=(0.6, 0.12, 0.06, 0.2, 0.02),
        )
    )
    is_compared = decision != "not_enrolled"
    llr = float(draw.normal(8 if decision == "accepted" else -4, 2)) if is_compared else None
    has_guess = decision == "accepted" and draw.random() < 0.25
    return {
        "is_known": True,
        "verification": decision,
        "llr": llr,
        "score": None if llr is None else 0.4 + llr / 40,
        "proven_after_ms": int(draw.gamma(5, 2_000)) if decision == "accepted" else None,
        "signs": ("exact_replay",) if decision == "spoof_suspected" else (),
        "is_locked": decision == "rejected" and bool(draw.random() < 0.1),
        "guess": "flight_cancelled" if has_guess else "",
        "guessed_right": bool(draw.random() < 0.8) if has_guess else None,
        "customer_mark": f"mark-{int(draw.integers(0, 20_000))}",
    }


def _queue(draw: np.random.Generator, topic: str) -> dict[str, object]:
    has_left = bool(draw.random() < 0.06)
    is_judged = not has_left and draw.random() < 0.5
    return {
        "reason": "people_do_this" if topic in _QUEUES else "not_understood",
        "queue": _QUEUES.get(topic, "agents"),
        "priority": 50,
        "waited_ms": int(draw.gamma(1.2, 40_000)),
        "is_abandoned": has_left,
        "handled_ms": None if has_left else int(draw.gamma(3, 80_000)),
        "person_right": bool(draw.random() < 0.995) if is_judged else None,
        "intent_right": bool(draw.random() < 0.9) if is_judged else None,
        "solved": bool(draw.random() < 0.85) if is_judged else None,
    }
