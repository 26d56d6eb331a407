"""The model of angry voices learns what it should, and is judged by people it never heard."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator

from biometrics.silero import load_silero
from ivr.evaluate.mood_figures import auroc, false_alarms, learned, with_figures
from ivr.evaluate.mood_material import Example, Recording, Surroundings, berlin, calm, examples
from ivr.evaluate.mood_training import taught
from ivr.understand.baseline import Baseline
from ivr.understand.mood_voice import VoiceMood
from ivr.understand.prosody import Prosody

CARD = "# card\n<!-- figures: written by scripts/train-mood -->\n<!-- end of figures -->\nend\n"


def turn(chance: Generator, *, stirred: float) -> Prosody:
    """A turn whose pitch and brightness grow with `stirred`."""
    return Prosody(
        net_ms=2_000,
        pitch_semitones=5 + 9 * stirred + chance.normal(),
        pitch_range_semitones=8 + chance.normal(),
        pitch_movement_semitones=1.5 + stirred + 0.3 * chance.normal(),
        level_db=-20.0,
        level_range_db=18 + chance.normal(),
        brightness_db=-11 + 7 * stirred + chance.normal(),
        sharpness_db=-18 + 6 * stirred + chance.normal(),
        clearness=0.85 + 0.02 * chance.normal(),
        voiced=0.5 + 0.05 * chance.normal(),
        syllables_per_second=4 + 0.5 * chance.normal(),
        longest_pause_ms=0,
        paused=0.0,
        above_background_db=30.0,
    )


def calls(chance: Generator) -> Iterator[Example]:
    moods = {"anger": 1.0, "joy": 0.6, "neutral": 0.0, "boredom": -0.1, "fear": 0.7}
    for speaker in range(10):
        usual = Baseline().after(turn(chance, stirred=0.0))
        for mood, stirred in moods.items():
            recording = Recording(path=Path(), set="emodb", speaker=f"{speaker:02}", mood=mood)
            for _ in range(12):
                said = turn(chance, stirred=stirred)
                yield Example(recording=recording, turn=said, usual=usual)
    for speaker in range(40):
        recording = Recording(path=Path(), set="read", speaker=str(speaker), mood="neutral")
        usual = Baseline().after(turn(chance, stirred=0.0))
        for _ in range(5):
            yield Example(recording=recording, turn=turn(chance, stirred=0.0), usual=usual)


@pytest.fixture(scope="module")
def known() -> list[Example]:
    return list(calls(np.random.default_rng(4)))


@pytest.mark.parametrize("is_compared", [False, True])
def test_anger_is_learned_and_the_false_alarms_keep_their_limits(
    known: list[Example], is_compared: bool
) -> None:
    figures = learned(taught(known, is_compared=is_compared))

    assert figures["angry_turns"] == 120
    assert figures["heard"] > 0.5
    assert figures["auroc"]["acted neutral"] > 0.95
    assert figures["false_alarms"]["read speech"] <= 0.01
    assert figures["false_alarms"]["acted neutral"] <= 0.02
    assert figures["false_alarms"]["acted joy"] <= 0.21


def test_nothing_is_learned_from_fear(known: list[Example]) -> None:
    moods = {one.recording.mood for one in taught(known, is_compared=True).examples}

    assert moods == {"anger", "joy", "neutral", "boredom"}


def test_the_probability_is_calibrated_for_few_angry_callers(known: list[Example]) -> None:
    found = taught(known, is_compared=True)
    is_read = np.asarray([one.recording.set == "read" for one in found.examples])

    assert float(found.probabilities[is_read].mean()) < 0.05


def test_the_model_takes_no_calm_stranger_for_angry(known: list[Example]) -> None:
    model = VoiceMood(
        alone=taught(known, is_compared=False).curve,
        compared=taught(known, is_compared=True).curve,
    )
    chance = np.random.default_rng(9)
    stranger = Recording(path=Path(), set="other", speaker="x", mood="neutral")
    calm_turns = [
        Example(recording=stranger, turn=turn(chance, stirred=0.0), usual=Baseline())
        for _ in range(200)
    ]

    assert false_alarms(model, calm_turns)["judged"] == 200
    assert false_alarms(model, calm_turns)["false_alarms"] <= 4


def test_auroc_counts_pairs() -> None:
    assert auroc([2, 3], [1, 2]) == pytest.approx(0.875)


def test_a_card_without_a_place_for_figures_is_refused(known: list[Example]) -> None:
    with pytest.raises(ValueError, match="no place"):
        with_figures("# card\n", {})
    figures = {name: learned(taught(known, is_compared=False)) for name in ("alone", "compared")}
    calm_speech = {"kerstin": {"turns": 3, "judged": 2, "false_alarms": 0}}
    told = with_figures(CARD, {**figures, "calm": calm_speech})

    assert "| kerstin | 3 | 2 | 0 |" in told
    assert told.endswith("<!-- end of figures -->\nend\n")
    assert with_figures(told, {**figures, "calm": calm_speech}) == told


def test_names_of_the_berlin_database_are_read(tmp_path: Path) -> None:
    for name in ("03a01Wa.wav", "08b02Nc.wav", "readme.txt"):
        (tmp_path / name).touch()

    assert [(one.speaker, one.mood) for one in berlin(tmp_path)] == [
        ("03", "anger"),
        ("08", "neutral"),
    ]


def test_calm_recordings_are_spread_over_the_speakers(tmp_path: Path) -> None:
    rows = [f"{part}/{n}.opus,read,{n // 2},3000,x" for part in ("train", "eval") for n in range(8)]
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(["path,set,speaker,ms,source", *rows]), encoding="utf-8")
    found = calm(manifest, part="eval", most={"read": 4})

    assert [one.speaker for one in found] == ["read/0", "read/1", "read/2", "read/3"]
    assert all(one.path.parent.name == "eval" for one in found)


def test_every_turn_of_a_call_shares_the_line_and_the_usual() -> None:
    folder = Path(__file__).parents[3] / "audio_fixtures"
    spoken = [
        Recording(path=folder / f"{name}.wav", set="own", speaker="klaus", mood="neutral")
        for name in ("klaus-enrol-1", "klaus-enrol-2", "klaus-enrol-3", "klaus-flight")
    ]
    place = Surroundings(snr_db=30.0, talk=(folder / "emily-refund.wav",), talk_below_db=20.0)
    chance = np.random.default_rng(2)
    found = list(examples(spoken, load_silero(), chance, surroundings=place))

    assert len(found) == 2
    assert found[0].usual == found[1].usual
    assert found[0].usual.is_known
    assert not any(one.is_upset for one in found)
