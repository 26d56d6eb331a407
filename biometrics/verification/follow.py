"""What one turn of a call adds to what is known of the caller's voice."""

from collections.abc import Callable
from datetime import datetime

from biometrics.sound.flaws import flaws
from biometrics.sound.poor import Poor
from biometrics.speech import Speech
from biometrics.storage.store import OptedOut
from biometrics.verification.continuous import Verification
from biometrics.verification.standing import NOTHING_YET, ContinuousSettings, Standing
from biometrics.verification.verify import Comparer, Verdict, VerifySettings, usable_print
from biometrics.voiceprint import Voiceprint


def follow(  # noqa: PLR0913 - everything the answer rests on, and each of another kind
    found: Voiceprint | OptedOut | None,
    turn: Speech,
    so_far: Standing | None,
    *,
    comparer: Comparer,
    settings: VerifySettings,
    continuous: ContinuousSettings,
    now: datetime,
    wrong_with: Callable[[Speech], tuple[Poor, ...]] = flaws,
) -> Standing:
    """What a whole turn tells, after what the call told before; `now` is aware.

    The same as hearing it piece by piece, without the looks in between. Whatever cannot be told is
    never an acceptance; nor is sound that `wrong_with` says is no voice.

    Raises:
        CalibrationUnusable: the calibration is for another encoder.
    """
    comparer.calibration.check_fits(comparer.encoder.id)
    usable = usable_print(found, turn.net_ms, encoder=comparer.encoder, settings=settings, now=now)
    if isinstance(usable, Verdict):
        return Standing(verdict=usable)
    verification = Verification(
        usable,
        comparer=comparer,
        settings=continuous,
        so_far=so_far or NOTHING_YET,
        wrong_with=wrong_with,
    )
    return verification.finish(turn)


def rehearse(
    turn: Speech,
    so_far: Standing | None,
    *,
    comparer: Comparer,
    continuous: ContinuousSettings,
    wrong_with: Callable[[Speech], tuple[Poor, ...]] = flaws,
) -> None:
    """Listen to a turn as `follow` will, without a print; nothing comes of it.

    It is for a comparer and for a `wrong_with` that remember what they heard.
    """
    verification = Verification(
        None,
        comparer=comparer,
        settings=continuous,
        so_far=so_far or NOTHING_YET,
        wrong_with=wrong_with,
    )
    verification.finish(turn)
