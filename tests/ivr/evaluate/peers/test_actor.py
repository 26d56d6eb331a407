"""Contestants are measured in processes of their own, in turns."""

from pathlib import Path

from ivr.evaluate.peers.actor import Absent, Actor, Asked, Contestant, Performance, perform

FIXTURES = Path(__file__).parents[4] / "audio_fixtures"
WEIGHTS = Path(__file__).parents[4] / "biometrics" / "weights"
OURS = Contestant(title="ours", name="ours", folder=WEIGHTS / "telephone-ecapa-1")
SHORT = Asked(recording=FIXTURES / "klaus-yes.wav")


def test_who_has_no_model_is_told_and_the_others_are_measured(tmp_path: Path) -> None:
    missing = Contestant(title="Whisper", name="whisper", folder=tmp_path)

    absent, found = perform([missing, OURS], [SHORT], rounds=2)

    assert isinstance(absent, Absent)
    assert "not installed" in absent.reason
    assert isinstance(found, Performance)
    assert len(found.acted) == 2
    assert found.startup_s > 0
    assert found.median_ms > 0


def test_the_first_round_is_not_counted() -> None:
    (found,) = perform([OURS], [SHORT, SHORT], rounds=1)

    assert isinstance(found, Performance)
    assert len(found.acted) == 2


def test_who_breaks_off_at_a_recording_is_absent(tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound")

    (found,) = perform([OURS], [Asked(recording=broken)], rounds=1)

    assert found == Absent(title="ours", reason="it broke off")


def test_memory_is_that_of_its_own_process_and_not_of_ours() -> None:
    ballast = bytearray(600_000_000)
    with Actor(OURS) as actor:
        assert 20 < actor.leave() < 500
    assert len(ballast) == 600_000_000
