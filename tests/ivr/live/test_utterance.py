from ivr.live.utterance import Utterance

FRAME = bytes(320)


def heard(pattern: str) -> Utterance:
    """A dot is 20 ms of quiet, anything else is speech; s is speech on a line that is still."""
    utterance = Utterance(least_speech_ms=90)
    for mark in pattern:
        utterance.hear(FRAME, is_speech=mark != ".", is_still=mark == "s")
    return utterance


def test_a_click_begins_nothing() -> None:
    assert not heard("..xxxx......").has_begun


def test_speech_begins_with_a_little_of_what_was_before() -> None:
    utterance = heard("." * 50 + "xxxxx")

    assert utterance.has_begun
    assert utterance.length_ms == 400


def test_what_was_taken_for_an_echo_is_not_lost_to_the_words_that_follow() -> None:
    utterance = Utterance(least_speech_ms=90)
    utterance.remember(b"\1" * 320 * 20)
    for _ in range(5):
        utterance.hear(FRAME, is_speech=True)

    assert utterance.pcm() == b"\1" * 320 * 15 + FRAME * 5


def test_quiet_is_counted_since_the_last_speech() -> None:
    assert heard("xxxxxxxxxx" + "." * 20).quiet_ms == 400


def test_a_click_inside_a_pause_belongs_to_the_pause() -> None:
    assert heard("xxxxxxxxxx" + "." * 10 + "xx" + "." * 10).quiet_ms == 440


def test_speech_is_counted_without_its_pauses() -> None:
    assert heard("xxxxxxxxxx..........xxxxxxxxxx").speech_ms == 400


def test_what_is_compared_does_not_depend_on_how_long_was_waited() -> None:
    soon, late = heard("xxxxxxxxxx" + "." * 6), heard("xxxxxxxxxx" + "." * 40)

    assert soon.is_whole_so_far
    assert soon.sound().duration_ms == late.sound().duration_ms == 320
    assert len(late.pcm()) == 320 * 50


def test_what_is_taken_for_speech_on_a_line_that_is_still_is_not_waited_for() -> None:
    words = "xxxxxxxxxx"
    soon, late = heard(words + "s" * 12), heard(words + "s" * 8 + "." * 30)

    assert not heard(words + "s" * 11).is_whole_so_far
    assert soon.is_whole_so_far
    assert soon.sound().duration_ms == heard(words + "s" * 20).sound().duration_ms == 440
    assert late.sound().duration_ms == 440
    assert heard(words + "s" * 3 + "." * 30).sound().duration_ms == 380


def test_a_turn_of_which_little_quiet_was_heard_may_yet_change() -> None:
    short = heard("xxxxxxxxxx" + "." * 5)

    assert not heard("..").is_whole_so_far
    assert not short.is_whole_so_far
    assert short.sound().duration_ms == 300


def test_a_sound_in_a_pause_may_be_a_word_until_it_is_over() -> None:
    assert heard("xxxxxxxxxx" + "." * 15 + "xx").may_go_on
    assert heard("xxxxxxxxxx" + "." * 15 + "xx.").may_go_on
    assert not heard("xxxxxxxxxx" + "." * 15 + "xx..").may_go_on
    assert not heard("xxxxxxxxxx" + "." * 10).may_go_on
