from ivr.bench.turn_time import Answered, TurnTime


def test_nothing_came_back() -> None:
    turn = TurnTime(recording="a.wav")
    turn.speak(1.0)
    turn.end(1.3)
    turn.answer(1.4, "")

    assert turn.answered is Answered.NEVER


def test_a_prompt_that_went_on_is_no_answer() -> None:
    turn = TurnTime(recording="a.wav")
    turn.sound(0.5)
    turn.answer(0.6, "")
    turn.sound(0.7)
    turn.speak(1.0)

    assert turn.answered is Answered.NEVER


def test_from_the_last_word_to_the_first_sound() -> None:
    turn = TurnTime(recording="a.wav")
    for now in (1.0, 1.1):
        turn.speak(now)
    turn.end(1.3)
    turn.answer(1.4, "vosk")
    for now in (1.5, 1.6):
        turn.sound(now)

    assert (turn.answered, turn.first_audio_ms, turn.fallback) == (Answered.IN_TURN, 500, "vosk")


def test_an_answer_to_what_was_said_before_a_pause_is_early() -> None:
    turn = TurnTime(recording="a.wav")
    turn.end(0.5)
    turn.answer(0.6, "")
    turn.sound(0.7)
    turn.speak(1.0)

    assert turn.answered is Answered.EARLY


def test_it_is_early_although_it_sounds_behind_the_last_word() -> None:
    turn = TurnTime(recording="a.wav")
    turn.end(0.9)
    turn.speak(1.0)
    turn.answer(1.1, "")
    turn.sound(1.2)

    assert turn.answered is Answered.EARLY


def test_it_stays_early_when_the_rest_is_answered_too() -> None:
    turn = TurnTime(recording="a.wav")
    turn.end(0.5)
    turn.answer(0.6, "")
    turn.sound(0.7)
    turn.speak(1.0)
    turn.end(1.3)

    assert turn.answered is Answered.NEVER  # so far
    turn.answer(1.4, "")
    turn.sound(1.5)
    assert turn.answered is Answered.EARLY
