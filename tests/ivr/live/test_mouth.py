import numpy as np
import pytest
from fakes.live import sound

from biometrics import Waveform
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
