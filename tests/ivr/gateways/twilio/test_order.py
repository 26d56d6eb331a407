import pytest

from ivr.gateways.twilio.order import InOrder


def heard(*numbers: int | None) -> list[list[int | None]]:
    """What came out with each piece that went in."""
    order = InOrder[int | None]()
    return [order.take(number, number) for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2, 3), [[1], [2], [3]]),
        ((7, 8), [[7], [8]]),
        ((1, 3, 2, 4), [[1], [], [2, 3], [4]]),
        ((1, 4, 3, 2, 5), [[1], [], [], [2, 3, 4], [5]]),
        ((1, 3, 4, 5, 6, 7), [[1], [], [], [], [3, 4, 5, 6], [7]]),
        ((1, 3, 5, 7, 9, 4), [[1], [], [], [], [3], [4, 5]]),
        ((1, 2, 2, 1, 3), [[1], [2], [2], [1], [3]]),
        ((None, 1, None, 3, None, 2), [[None], [1], [None], [], [None], [2, 3]]),
    ],
)
def test_pieces_come_out_in_order_and_what_is_lost_holds_up_three(
    numbers: tuple[int | None, ...], expected: list[list[int | None]]
) -> None:
    assert expected == heard(*numbers)


def test_numbers_that_make_no_sense_are_not_hoarded() -> None:
    order = InOrder[int]()
    out = [piece for number in range(0, 100_000, 1_000) for piece in order.take(number, number)]

    assert len(out) >= 97
    assert out == sorted(out)
