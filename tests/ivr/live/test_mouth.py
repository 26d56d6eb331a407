import numpy as np
import pytest
from fakes.live import sound

from biometrics import Waveform, joined
from ivr.live.mouth import Mouth
from ivr.live.wire import FRAME_BYTES


def frames(mouth: Mouth) -> int:
    count = 0
    while mouth.next_frame() is not None:
        count += 1
    return count


def test_a_prompt_is_said_in_whole_frames() -> None:
    mouth = Mouth()
    mouth.say(sound(50))

    said = [mouth.next_frame() for _ in range(3)]

    assert [len(frame or b"") for frame in said] == [FRAME_BYTES] * 3
    assert mouth.next_frame() is None
    assert not mouth.has_something_to_say


def test_sounds_follow_each_other_without_a_gap() -> None:
    mouth = Mouth()
    mouth.say(sound(100))
    mouth.say(sound(100))

    assert frames(mouth) == 10


def test_who_was_interrupted_goes_on_a_little_earlier_but_not_before_the_beginning() -> None:
    mouth = Mouth()
    mouth.say(sound(1_000))
    for _ in range(30):
        mouth.next_frame()

    mouth.pause()
    assert mouth.next_frame() is None
    mouth.resume(back_ms=200)

    assert frames(mouth) == 50 - 30 + 10
    mouth.say(sound(100))
    mouth.next_frame()
    mouth.resume(back_ms=5_000)
    assert frames(mouth) == 5


def test_stopping_spares_what_has_to_be_heard() -> None:
    mouth = Mouth()
    mouth.say(sound(100))
    mouth.say(sound(60), is_protected=True)

    mouth.stop()

    assert frames(mouth) == 3


def test_sound_of_another_rate_is_refused() -> None:
    wide = Waveform(samples=np.ones(160, dtype=np.float32), rate_hz=16_000)

    with pytest.raises(ValueError, match="8 kHz"):
        Mouth().say(wide)


def test_a_prompt_that_comes_in_parts_is_said_as_if_it_were_whole() -> None:
    parts = [sound(50, level=0.1), sound(130, level=0.2), sound(15, level=0.3)]
    whole, mouth = Mouth(), Mouth()
    whole.say(joined(parts))
    prompt = mouth.say(parts[0], is_whole=False)

    said = [mouth.next_frame(), mouth.next_frame()]
    prompt.go_on(parts[1], is_last=False)
    prompt.go_on(parts[2], is_last=True)
    said += [mouth.next_frame() for _ in range(8)]

    assert [whole.next_frame() for _ in range(10)] == said
    assert not mouth.has_something_to_say


def test_what_is_missing_is_waited_for() -> None:
    mouth = Mouth()
    prompt = mouth.say(sound(20), is_whole=False)
    mouth.next_frame()

    assert mouth.next_frame() is None
    assert mouth.has_something_to_say
    assert mouth.waits_for_more
    prompt.end()
    assert not mouth.has_something_to_say


def test_what_was_dropped_does_not_go_on() -> None:
    mouth = Mouth()
    prompt = mouth.say(sound(100), is_whole=False)

    mouth.stop()
    prompt.go_on(sound(100), is_last=True)

    assert not mouth.has_something_to_say
    assert mouth.next_frame() is None
