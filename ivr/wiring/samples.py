"""Made-up facts, to hear a prompt with before it is published."""

from collections.abc import Mapping

from ivr.call import Language

_BOTH = {
    "address": "Hauptstraße 5, 80331 München",
    "ahead": "3",
    "alternatives": "LH817",
    "amount": "49.90",
    "area": "80331",
    "booking_code": "X7K2QP",
    "card_last4": "4711",
    "count": "2",
    "date": "2026-12-04",
    "days": "3",
    "departure": "2026-12-04T14:30",
    "destination": "Los Angeles",
    "digits": "4711",
    "flight": "LH815",
    "code": "483915",
    "gigabytes": "10",
    "hours": "8",
    "iban": "DE02120300000000202051",
    "key": "1",
    "minutes": "5",
    "name": "Alex",
    "option": "1",
    "order_number": "A-20417",
    "place": "2",
    "refund_amount": "120.00",
    "seat_number": "14C",
    "ticket_number": "T-20417",
    "time": "14:30",
    "until": "2026-12-04T16:00",
    "url": "https://example.org/k7",
    "usual_amount": "29.90",
    "waiting": "3",
}

SAMPLES: Mapping[Language, Mapping[str, str]] = {
    Language.GERMAN: {
        **_BOTH,
        "first": "einen Flug umbuchen",
        "origin": "München",
        "second": "einen Flug stornieren",
        "status": "pünktlich",
        "tariff": "Komfort",
        "want": "einen Flug umbuchen",
        "why": "wegen einer Störung",
    },
    Language.ENGLISH: {
        **_BOTH,
        "first": "take another flight",
        "origin": "Munich",
        "second": "cancel a flight",
        "status": "on time",
        "tariff": "Comfort",
        "want": "take another flight",
        "why": "because of a fault",
    },
}
