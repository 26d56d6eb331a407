"""Voices in one go are the voices one by one."""

import numpy as np

from biometrics.encoders.batches import voices_in_one_go
from biometrics.encoders.known import own_encoders


def test_as_many_voices_as_went_in_come_out() -> None:
    folder = list(own_encoders().values())[-1]

    two = voices_in_one_go(folder, voices=2, threads=1)()
    one = voices_in_one_go(folder, voices=1, threads=1)()

    assert np.shape(two) == (2, 192)
    assert np.shape(one) == (1, 192)
    # The generator of one voice begins with the same numbers as that of two.
    np.testing.assert_allclose(np.asarray(two)[0], np.asarray(one)[0], rtol=0.05, atol=0.05)
