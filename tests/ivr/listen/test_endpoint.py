import pytest

from ivr.listen.endpoint import Endpointer, EndpointSettings

FRAME_MS = 20


def turn(**changes: int) -> Endpointer:
    return Endpointer(EndpointSettings(**changes))


def test_silence_alone_never_ends_a_turn() -> None:
    silent = turn(quiet_ms=700, longest_turn_ms=10_000)

    assert not any(silent.hear(FRAME_MS, is_speech=False) for _ in range(1_000))
    assert not silent.has_begun


def test_a_click_is_no_beginning() -> None:
    clicked = turn(quiet_ms=700, least_speech_ms=90)
    clicked.hear(80, is_speech=True)

    assert not clicked.hear(5_000, is_speech=False)
    assert not clicked.has_begun


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        turn().hear(-1, is_speech=True)


def test_a_short_pause_does_not_end_the_turn() -> None:
    speaking = turn(quiet_ms=700)
    speaking.hear(ms=1_000, is_speech=True)

    assert not speaking.hear(ms=500, is_speech=False)
    assert speaking.hear(ms=200, is_speech=False)


def test_pauses_are_not_added_up() -> None:
    speaking = turn(quiet_ms=700)
    for _ in range(5):
        speaking.hear(400, is_speech=True)
        assert not speaking.hear(600, is_speech=False)


def test_a_click_does_not_keep_the_turn_open() -> None:
    speaking = turn(quiet_ms=700, least_speech_ms=90)
    speaking.hear(1_000, is_speech=True)
    speaking.hear(400, is_speech=False)
    speaking.hear(40, is_speech=True)

    assert speaking.hear(260, is_speech=False)


def test_nobody_is_cut_off_on_the_first_frame_of_a_new_word() -> None:
    speaking = turn(quiet_ms=700, least_speech_ms=90)
    speaking.hear(1_000, is_speech=True)
    speaking.hear(690, is_speech=False)

    assert [speaking.hear(FRAME_MS, is_speech=True) for _ in range(5)] == [False] * 5
    assert not speaking.hear(690, is_speech=False)


def test_an_endless_monologue_ends_at_the_longest_turn() -> None:
    speaking = turn(longest_turn_ms=10_000)

    over = [speaking.hear(1_000, is_speech=True) for _ in range(10)]

    assert over == [False] * 9 + [True]


def test_the_longest_turn_is_counted_from_the_first_word() -> None:
    speaking = turn(quiet_ms=700, longest_turn_ms=10_000)
    speaking.hear(60_000, is_speech=False)

    assert not speaking.hear(9_000, is_speech=True)
    assert speaking.hear(1_000, is_speech=True)


def test_pauses_count_towards_the_longest_turn() -> None:
    speaking = turn(quiet_ms=700, longest_turn_ms=1_000)
    speaking.hear(500, is_speech=True)

    assert speaking.hear(500, is_speech=False)


def test_a_turn_that_is_over_stays_over() -> None:
    speaking = turn(quiet_ms=700)
    speaking.hear(1_000, is_speech=True)

    assert speaking.hear(700, is_speech=False)
    assert speaking.hear(FRAME_MS, is_speech=False)


@pytest.mark.parametrize("frame_ms", [10, 20, 32, 100])
def test_the_end_comes_at_the_same_time_whatever_the_frame(frame_ms: int) -> None:
    speaking = turn(quiet_ms=700)
    speaking.hear(1_000, is_speech=True)

    quiet_frames = next(n for n in range(1, 100) if speaking.hear(frame_ms, is_speech=False))

    assert -(-700 // frame_ms) == quiet_frames
