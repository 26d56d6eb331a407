"""Real people on a simulated line, where their recordings lie beside the checkout."""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from biometrics import (
    Codec,
    EnrolSettings,
    Outcome,
    SamplesDisagree,
    SpanSettings,
    Speech,
    SubjectId,
    TooLittleSpeech,
    VerifySettings,
    Voiceprint,
    enrol,
    find_speech,
    over_telephone,
    read_recording,
    verify,
)
from ivr.call import Language
from ivr.errors import ModelMissing
from ivr.evaluate.words import evaluate_words
from ivr.wiring import House

SPEECH = Path(__file__).parents[3] / "shared" / "speech"
NOW = datetime(2026, 5, 20, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not SPEECH.is_dir(), reason="real recordings are not beside this checkout"
)


@pytest.fixture(scope="module")
def house() -> House:
    return House.from_environment()


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, list[Speech]]:
    """Ten people, ten recordings each, over a mu-law line."""
    return {
        folder.name: [
            find_speech(
                over_telephone(read_recording(file), Codec.MULAW),
                house.voices.detector,
                SpanSettings(),
            )
            for file in sorted(folder.iterdir())
        ]
        for folder in sorted((SPEECH / "eval" / "librispeech_test-other").iterdir())
    }


@pytest.fixture(scope="module")
def prints(house: House, people: dict[str, list[Speech]]) -> dict[str, Voiceprint]:
    """Of everybody whose first three recordings are accepted for an enrolment."""
    found = {}
    for name, recordings in people.items():
        try:
            found[name] = enrol(
                SubjectId(name),
                recordings[:3],
                encoder=house.voices.encoder,
                calibration=house.voices.calibration,
                settings=EnrolSettings(recordings=3, net_ms=10_000, recording_net_ms=1_500),
                now=NOW,
            )
        except (SamplesDisagree, TooLittleSpeech):
            continue
    return found


def outcomes(
    house: House,
    people: dict[str, list[Speech]],
    prints: dict[str, Voiceprint],
    *,
    genuine: bool,
    each: int,
) -> list[Outcome]:
    """Verdicts on `each` recordings that no print was made from."""
    return [
        verify(
            voiceprint,
            speech,
            encoder=house.voices.encoder,
            calibration=house.voices.calibration,
            settings=VerifySettings(expires_after_days=1095),
            now=NOW,
        ).outcome
        for owner, voiceprint in prints.items()
        for name, recordings in people.items()
        if (owner == name) is genuine
        for speech in recordings[3 : 3 + each]
    ]


def test_strangers_are_not_accepted(
    house: House, people: dict[str, list[Speech]], prints: dict[str, Voiceprint]
) -> None:
    """Measured: none of 270. The calibration promises 1 % at most."""
    found = outcomes(house, people, prints, genuine=False, each=3)

    assert len(found) >= 200
    assert found.count(Outcome.ACCEPTED) <= len(found) // 100


def test_most_callers_are_accepted_and_hardly_any_rejected(
    house: House, people: dict[str, list[Speech]], prints: dict[str, Voiceprint]
) -> None:
    """Measured: 40 of 70 accepted, 2 rejected, the rest undecided."""
    found = outcomes(house, people, prints, genuine=True, each=7)

    assert len(prints) >= 9
    assert found.count(Outcome.ACCEPTED) >= len(found) // 2
    assert found.count(Outcome.REJECTED) <= len(found) // 20


def test_german_that_is_read_aloud_is_mostly_heard(house: House, tmp_path: Path) -> None:
    """Measured: 24 % of the words wrong over sixty sentences, full of rare names."""
    try:
        whisper = house.words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    listed = tmp_path / "read.tsv"
    with (SPEECH / "kerstin.tsv").open(encoding="utf-8") as lines:
        listed.write_text("".join(f"{SPEECH}/{line}" for line in islice(lines, 12)), "utf-8")

    figures = evaluate_words(
        listed, recogniser=whisper, detector=house.voices.detector, language=Language.GERMAN
    )

    assert (figures.turns, figures.rejected) == (12, 0)
    assert figures.wer < 0.35
