"""Prints follow their people, and are made again: whole houses, real encoders, spoken telephone."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from biometrics import (
    Channel,
    Learned,
    Outcome,
    Purpose,
    Said,
    Speech,
    StoreUnavailable,
    SubjectId,
    Voiceprint,
)
from biometrics.encoders.known import own_encoders
from biometrics.liveness import SYNTHETIC_VOICE, Opinion
from ivr.call import Caller, CustomerId
from ivr.settings import Settings, VerifySettings
from ivr.studio import Timbre
from ivr.verify.evidence import Evidence
from ivr.verify.pin import Owner
from ivr.verify.pins import with_pin
from ivr.wiring import House

BEFORE, SINCE = "telephone-ecapa-0", "telephone-ecapa-99"
KLAUS = SubjectId("s-7f3a")
CALLER = Caller(customer_id=CustomerId("C-1"), subject="s-7f3a", name="Klaus")
VOICE = Timbre(engine="pico-de", formants=0.80, pitch=0.7, tempo=1.0)
OLDER = Timbre(engine="pico-de", formants=0.80, pitch=0.62, tempo=0.85)
STRANGER = Timbre(engine="pico-de", formants=1.10, pitch=1.0, tempo=1.0)
FOR_ENROLMENT = (
    "Guten Tag, mein Name ist Klaus Berger, und ich rufe heute aus München an.",
    "Ich hätte gern gewusst, ob mein Flug nach Hamburg morgen früh pünktlich ist.",
    "Bitte schicken Sie mir die Rechnung für den letzten Monat noch einmal zu.",
)
IN_CALLS = (
    "Hallo, ich möchte meinen Flug nach Los Angeles auf den nächsten Montag umbuchen.",
    "Können Sie mir bitte sagen, wie viel Gepäck ich auf der Reise mitnehmen darf?",
    "Ich habe am Wochenende meinen Koffer am Flughafen verloren und brauche Hilfe.",
    "Meine neue Adresse lautet Bergstraße siebzehn, das Haus steht gleich am Bahnhof.",
)


@dataclass(frozen=True)
class Ear:
    """A detector that says what the test wants."""

    is_spoof: bool = False
    name: str = SYNTHETIC_VOICE
    threshold: float = 0.0
    may_gate: bool = True

    def judge(self, speech: Speech) -> Opinion:
        return Opinion(risk=float(self.is_spoof), is_spoof=self.is_spoof)

    def score(self, speech: Speech) -> float:
        return float(self.is_spoof)


class Line:
    """A house, and whoever calls it."""

    def __init__(self, home: Path, *, encoder: str = BEFORE, **verify: Any) -> None:
        self.house = House(
            Settings(home=home, encoder=encoder, verify=VerifySettings(**verify))  # type: ignore[arg-type]
        )
        self.voices = self.house.voices
        self.voices.liveness.__dict__["own_detector"] = Ear()
        self.now = datetime.now(UTC)

    def hear(self, words: str, voice: Timbre = VOICE) -> Speech:
        studio = self.house.studio()
        return self.voices.listen(studio.as_wav(studio._spoken(words, voice)))

    def agree(self, *purposes: Purpose) -> None:
        for purpose in purposes:
            said = Said(text=f"{purpose}-1", language="de", channel=Channel.PHONE)
            self.house.subjects.rights.grant(KLAUS, purpose, said, self.now - timedelta(hours=1))

    def enrol(self) -> None:
        self.agree(Purpose.RECOGNITION, Purpose.ADAPTATION)
        studio = self.house.studio()
        recordings = [studio.as_wav(studio._spoken(words, VOICE)) for words in FOR_ENROLMENT]
        self.voices.enrol(KLAUS, recordings, now=self.now - timedelta(minutes=30))

    def call(self, *turns: Speech, **changed: Any) -> Evidence:
        """What a call has told; it is not over yet."""
        evidence: Evidence | None = None
        for turn in turns:
            self.now += timedelta(seconds=40)
            evidence = self.voices.call_check(CALLER, turn, evidence, self.now)
            evidence = replace(evidence, **changed)
        assert evidence is not None
        return evidence

    def hang_up(self, evidence: Evidence) -> str:
        return self.voices.learning.after_call.learn(evidence, self.now)

    @property
    def kept(self) -> Learned:
        found = self.voices.sealed.learned(KLAUS)
        assert found is not None
        return found

    @property
    def told(self) -> list[str]:
        return [entry.kind for entry in self.voices.records.trail.entries(KLAUS)]


Built = Callable[..., Line]


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Built]:
    lines: list[Line] = []

    def built(**settings: Any) -> Line:
        lines.append(Line(tmp_path / "home", **settings))
        return lines[-1]

    yield built
    for one in lines:
        one.house.close()


@pytest.fixture
def two_encoders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second encoder: as good as the first and incomparable, its voices turned in space."""
    own = own_encoders()
    folder = Path(shutil.copytree(own[BEFORE], tmp_path / SINCE))
    weights = load_file(folder / "model.safetensors")
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(192, 192)))
    for name in ("fc.conv.weight", "fc.conv.bias"):
        last = weights[name].astype(np.float64)
        weights[name] = np.tensordot(turn, last, axes=1).astype(np.float32)
    save_file(weights, folder / "model.safetensors")
    digest = sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    for name, changes in (
        ("config.json", {"id": SINCE}),
        ("calibration.json", {"encoder": SINCE, "weights_sha256": digest}),
    ):
        found = json.loads((folder / name).read_text("utf-8"))
        (folder / name).write_text(json.dumps(found | changes), "utf-8")
    monkeypatch.setattr("biometrics.encoders.known.own_encoders", lambda: {**own, SINCE: folder})


# what forbids to learn


@pytest.mark.parametrize(
    ("settings", "spoil", "why"),
    [
        ({"adaptation": "off"}, {}, "There is nothing to learn from."),
        ({"liveness": "off"}, {}, "There is nothing to learn from."),
        ({"adaptation_proof": "second_factor"}, {}, "Nothing but the voice proved the caller."),
        ({"adaptation_proof": "digits"}, {}, "Nothing but the voice proved the caller."),
        (
            {"adaptation_proof": "second_factor"},
            {"has_repeated": True},
            "Nothing but the voice proved the caller.",
        ),
    ],
)
def test_nothing_is_learned_where_a_guard_says_no(
    line: Built, settings: dict[str, Any], spoil: dict[str, Any], why: str
) -> None:
    klaus = line(**{"adaptation": "on", "adaptation_proof": "voice"} | settings)
    klaus.enrol()
    evidence = klaus.call(klaus.hear(IN_CALLS[0]), **spoil)

    assert evidence.verdict.outcome is Outcome.ACCEPTED
    assert klaus.hang_up(evidence) == why
    assert klaus.kept.is_empty
    assert "voiceprint_adapted" not in klaus.told


def test_a_pin_that_was_typed_is_the_second_factor_that_a_print_follows(line: Built) -> None:
    klaus = line(adaptation="on")
    klaus.enrol()
    room = klaus.voices.pins.room("service")
    room.set_pin(KLAUS, "8291", Owner(), klaus.now)
    before = klaus.call(klaus.hear(IN_CALLS[0]))

    wrong = with_pin(before, KLAUS, room.judge_pin(KLAUS, "4719", before))
    right = with_pin(before, KLAUS, room.judge_pin(KLAUS, "8291", before))

    assert klaus.hang_up(wrong) == "Nothing but the voice proved the caller."
    assert klaus.kept.is_empty
    assert klaus.hang_up(right) == ""
    assert "voiceprint_adapted" in klaus.told


def test_nothing_is_learned_from_what_sounds_like_a_machine_in_whatever_mode(line: Built) -> None:
    klaus = line(adaptation="on", adaptation_proof="voice", liveness="advise")
    klaus.voices.liveness.__dict__["own_detector"] = Ear(is_spoof=True)
    klaus.enrol()
    evidence = klaus.call(klaus.hear(IN_CALLS[0]))

    assert evidence.verdict.outcome is Outcome.ACCEPTED
    assert klaus.hang_up(evidence) == "Nothing is learned from a call with doubts: signs."
    assert klaus.kept.is_empty


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (
            lambda rights, now: rights.withdraw(KLAUS, Purpose.ADAPTATION, now),
            "The person did not agree to adaptation.",
        ),
        (
            lambda rights, now: rights.erase(KLAUS, now),
            "The person did not agree to adaptation.",
        ),
        (
            lambda rights, now: rights.opt_out(KLAUS, now),
            "The person did not agree to adaptation.",
        ),
        (
            lambda rights, now: rights.store.remove(KLAUS),
            "What was kept has changed meanwhile, or is not there any more.",
        ),
    ],
    ids=["withdrawn", "erased", "opted out", "removed"],
)
def test_what_a_person_asks_before_hanging_up_counts(
    line: Built, ask: Callable[..., object], why: str
) -> None:
    klaus = line(adaptation="on", adaptation_proof="voice")
    klaus.enrol()
    evidence = klaus.call(klaus.hear(IN_CALLS[0]))
    ask(klaus.house.subjects.rights, klaus.now)

    assert klaus.hang_up(evidence) == why
    assert "voiceprint_adapted" not in klaus.told


def test_a_store_that_is_gone_leaves_the_print_whole(
    line: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    klaus = line(adaptation="on", adaptation_proof="voice")
    klaus.enrol()
    evidence = klaus.call(klaus.hear(IN_CALLS[0]))

    def gone(*_: object) -> None:
        raise StoreUnavailable("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(klaus.voices.sealed._rows, "keep", gone)  # type: ignore[attr-defined]
        assert klaus.hang_up(evidence) == "The disk is full."
    assert klaus.kept.is_empty
    assert klaus.told[-2:] == ["voiceprint_adapted", "failed"]


# following


def test_a_print_that_follows_scores_a_later_recording_higher_and_can_be_taken_back(
    line: Built,
) -> None:
    klaus = line(adaptation="on", adaptation_proof="voice")
    klaus.enrol()
    later = klaus.hear(IN_CALLS[3], OLDER)

    def score() -> float:
        comparer, found = klaus.voices.comparer, klaus.voices.sealed.get(KLAUS)
        assert isinstance(found, Voiceprint)
        return comparer.calibration.alike(found.vector, comparer.voice(later))

    before = score()
    turns = [klaus.hear(words, OLDER) for words in IN_CALLS[:3]]
    learned = [klaus.hang_up(klaus.call(turn)) for turn in turns]

    assert "" in learned
    assert klaus.kept.following.calls == learned.count("")
    assert score() > before
    assert klaus.told.count("voiceprint_adapted") == learned.count("")

    assert klaus.house.subjects.rights.store.revert(KLAUS)
    assert score() == pytest.approx(before, abs=1e-6)
    assert klaus.kept.is_empty


def test_repeated_digits_are_enough_where_the_operator_says_so(line: Built) -> None:
    klaus = line(adaptation="on", adaptation_proof="digits")
    klaus.enrol()

    assert klaus.hang_up(klaus.call(klaus.hear(IN_CALLS[0]), has_repeated=True)) == ""
    assert klaus.kept.following.calls == 1


# another encoder


@pytest.mark.usefixtures("two_encoders")
def test_who_was_enrolled_by_the_earlier_encoder_is_enrolled_again_from_calls(line: Built) -> None:
    line(encoder=BEFORE).enrol()
    klaus = line(encoder=SINCE)
    outcomes, notes = [], []
    for words in IN_CALLS:
        evidence = klaus.call(klaus.hear(words))
        outcomes.append(evidence.verdict.outcome)
        notes.append(klaus.hang_up(evidence))

    assert outcomes[0] is Outcome.EXPIRED
    assert notes[:3] == ["", "", ""]
    assert Outcome.ACCEPTED not in outcomes[:3]
    renewed = klaus.kept.following.original
    assert (renewed.encoder, renewed.recordings >= 3) == (SINCE, True)
    assert klaus.kept.is_empty
    assert klaus.told.count("voiceprint_renewed") == 1
    accepted = klaus.call(klaus.hear("Vielen Dank, das war alles, was ich heute wissen wollte."))
    assert accepted.verdict.outcome is Outcome.ACCEPTED
    stranger = klaus.call(klaus.hear(IN_CALLS[1], STRANGER))
    assert stranger.verdict.outcome is not Outcome.ACCEPTED

    assert klaus.house.subjects.rights.store.revert(KLAUS)
    assert klaus.kept.following.original.encoder == BEFORE


@pytest.mark.usefixtures("two_encoders")
def test_a_stranger_is_never_collected_from(line: Built) -> None:
    line(encoder=BEFORE).enrol()
    thief = line(encoder=SINCE)
    notes = [thief.hang_up(thief.call(thief.hear(words, STRANGER))) for words in IN_CALLS[:3]]

    assert set(notes) == {"Neither a second factor nor the earlier encoder proved the caller."}
    assert thief.kept.is_empty


@pytest.mark.usefixtures("two_encoders")
def test_what_was_collected_is_shown_in_codes_exported_and_goes_with_the_consent(
    line: Built,
) -> None:
    line(encoder=BEFORE).enrol()
    klaus = line(encoder=SINCE)
    assert klaus.hang_up(klaus.call(klaus.hear(IN_CALLS[0]))) == ""

    found = klaus.house.subjects.export(KLAUS, klaus.now).voiceprint
    assert found is not None
    assert found.collecting is not None
    (call,) = found.collecting.calls
    assert (found.encoder, found.collecting.encoder) == (BEFORE, SINCE)
    assert (call.proven_by, call.template) == ("earlier_encoder", None)

    klaus.house.subjects.rights.withdraw(KLAUS, Purpose.ADAPTATION, klaus.now)
    assert klaus.kept.is_empty


def test_without_the_earlier_encoder_nobody_is_proven_by_it(
    line: Built, two_encoders: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    line(encoder=BEFORE).enrol()
    klaus = line(encoder=SINCE)
    evidence = klaus.call(klaus.hear(IN_CALLS[0]))
    monkeypatch.setattr("biometrics.encoders.known.own_encoders", dict)

    assert klaus.hang_up(evidence) == (
        "Neither a second factor nor the earlier encoder proved the caller."
    )
    # A second factor would do, as a PIN will be.
    assert klaus.hang_up(replace(evidence, has_second_factor=True)) == ""
    assert klaus.kept.collecting is not None
