"""Lines that rules write are told in kinds, whatever request is in them."""

import pytest

from ivr.journal.figures import Count
from ivr.pages.reasons import by_kind, kind_of


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("rebook_flight needs voice; voice not_enrolled", "voice_not_enrolled"),
        ("refund needs caller id; number not in the directory", "number_unknown"),
        ("refund needs voice; the voice may not or cannot be checked", "voice_not_checked"),
        ("asked for check_in again", "asked_again"),
        ("understood, special_assistance", "people_do_this"),
        ("the caller agreed, complaint", "people_do_this"),
        ("heard only silence, not understood", "not_understood"),
        ("declined, no_seats_left", "declined"),
        ("the business system is busy", "business_system"),
        ("age 65 or older", "age_65_or_older"),
        ("VIP", "vip"),
        ("", ""),
        ("Eine Regel <von> jemandem!", "eine_regel_von_jemandem"),
    ],
)
def test_kinds(line: str, kind: str) -> None:
    assert kind_of(line) == kind


def test_kinds_are_counted_together() -> None:
    counts = [
        Count(code="VIP", calls=3),
        Count(code="refund needs voice; voice rejected", calls=2),
        Count(code="check_in needs voice; voice rejected", calls=2),
    ]

    assert by_kind(counts) == (Count(code="voice_rejected", calls=4), Count(code="vip", calls=3))
