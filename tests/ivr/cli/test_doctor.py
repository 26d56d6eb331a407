import hashlib
import importlib
import re
import shutil
import sys
from pathlib import Path

import pytest
import typer
from fakes.published import campplus_folder
from typer.testing import CliRunner

from biometrics import Calibration, Coefficients, EncoderId, write_calibration
from ivr.cli.doctor import Finding
from ivr.models import local_folders
from ivr.settings import ServiceSettings, Settings, UnderstandSettings, VerifySettings
from ivr.settings.plan import plan_for

SHARED = local_folders(None)
doctor = importlib.import_module("ivr.cli.doctor")  # the package shows the command by that name


def weights_in(folder: Path, *, made_with: str | None) -> Path:
    (folder / "ours").mkdir(parents=True)
    (folder / "ours" / "model.safetensors").write_bytes(b"abc")
    (folder / "ours" / "config.json").write_text("{}")
    if made_with is not None:
        write_calibration(calibration(made_with), folder / "ours" / "calibration.json")
    return folder


def calibration(weights_sha256: str) -> Calibration:
    return Calibration(
        encoder=EncoderId("ours"),
        weights_sha256=weights_sha256,
        coefficients=Coefficients(score=20.0, score_log_net=0.0, log_net=0.0, offset=-8.0),
        pair_coefficients=Coefficients(score=20.0, score_log_net=0.0, log_net=0.0, offset=-8.0),
        shortest_net_ms=1_000,
        longest_net_ms=12_000,
        fmr=0.01,
        threshold=3.0,
        reject_below=-1.0,
        disagree_below=-2.0,
        target_trials=1_000,
        impostor_trials=100_000,
        speakers=40,
        codec="mulaw",
        data="a test",
    )


def told(findings: list[Finding]) -> list[tuple[str, bool]]:
    return [(finding.found, finding.is_well) for finding in findings]


def test_missing_weights_are_required(tmp_path: Path) -> None:
    (finding,) = doctor.voiceprints("ours", tmp_path)

    assert (finding.found, finding.is_well, finding.is_required) == ("not here", False, True)


def test_weights_without_a_calibration_can_accept_nobody(tmp_path: Path) -> None:
    _, found = doctor.voiceprints("ours", weights_in(tmp_path, made_with=None))

    assert (found.found, found.is_well, found.is_required) == (
        "no voice can be accepted",
        False,
        True,
    )


def test_a_damaged_calibration_is_none(tmp_path: Path) -> None:
    folder = weights_in(tmp_path, made_with="0" * 64)
    (folder / "ours" / "calibration.json").write_text("{}")

    _, found = doctor.voiceprints("ours", folder)

    assert not found.is_well
    assert found.remedy.startswith("The calibration is damaged;")


def test_a_calibration_of_other_weights_does_not_count(tmp_path: Path) -> None:
    _, found = doctor.voiceprints("ours", weights_in(tmp_path, made_with="0" * 64))

    assert not found.is_well
    assert found.remedy.startswith("The calibration is for other weights of the encoder ours;")


def test_weights_and_their_calibration_are_well(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"abc").hexdigest()

    findings = list(doctor.voiceprints("ours", weights_in(tmp_path, made_with=sha256)))

    assert told(findings) == [
        (f"sha256 {sha256}", True),
        ("made with these weights, 40 speakers", True),
    ]


def test_a_home_that_cannot_be_written_to_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    written, _ = doctor.writable(tmp_path / "file" / "home")

    assert not written.is_well
    assert written.remedy == "Set IVR_HOME to a folder that can be written to."


def test_looking_at_the_home_leaves_nothing_there(tmp_path: Path) -> None:
    written, room = doctor.writable(tmp_path / "deep" / "home")

    assert written == Finding(what="home", found=str(tmp_path / "deep" / "home"))
    assert room.what == "free disk space"
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage(tmp_path))(10**12, 10**12, 400_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    _, room = doctor.writable(tmp_path)

    assert (room.found, room.is_well) == ("0.4 GB", False)


def test_an_old_python_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))

    assert told([doctor.python_version()]) == [("3.10.4", False)]


def test_a_missing_and_an_old_package_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["no-such-package>=1.0", "typer>=99.0", "rich>=13.9", 'pytest>=9; extra == "dev"']
    monkeypatch.setattr("importlib.metadata.requires", lambda _: needed)

    missing, old, well = doctor.packages()

    assert (missing.what, missing.found, missing.is_well) == (
        "no-such-package",
        "not installed",
        False,
    )
    assert missing.remedy == ('Run scripts/setup, or: python -m pip install "no-such-package>=1.0"')
    assert (old.what, old.is_well) == ("typer", False)
    assert (well.what, well.is_well) == ("rich", True)


def test_a_program_that_is_not_installed_is_found() -> None:
    (finding,) = doctor.packages("no-such-distribution")

    assert (finding.found, finding.is_well) == ("not installed", False)


def test_packages_are_looked_up_without_being_imported() -> None:
    names = {finding.what for finding in doctor.packages()}

    assert {"torch", "faster-whisper", "vosk", "speechbrain", "typer"} <= names


def test_versions_compare_as_numbers() -> None:
    assert doctor._numbers("2.13.0+cpu") == (2, 13, 0)
    assert doctor._numbers("0.10") > doctor._numbers("0.9.9")
    assert doctor._numbers("unreadable") == ()


def test_only_the_default_recogniser_must_be_here(tmp_path: Path) -> None:
    findings = list(doctor.models(tmp_path, (), "ours"))

    assert len(findings) == 10
    assert [f.what for f in findings if f.is_required] == ["model whisper-base"]
    assert {f.found for f in findings} == {"not here"}
    assert findings[0].remedy == "ivr models pull whisper-base"


def test_a_pulled_encoder_that_was_chosen_must_be_here_too(tmp_path: Path) -> None:
    findings = list(doctor.models(tmp_path, (), "spkrec-ecapa-voxceleb"))

    assert [f.what for f in findings if f.is_required] == [
        "model whisper-base",
        "model spkrec-ecapa-voxceleb",
    ]


@pytest.mark.skipif(not SHARED, reason="no ../shared/models beside this checkout")
def test_a_model_in_an_operators_folder_is_here(tmp_path: Path) -> None:
    (finding,) = [f for f in doctor.models(tmp_path, SHARED, "ours") if f.what == "model aasist"]

    assert (finding.found, finding.is_well) == (f"used in place: {SHARED[0] / 'aasist'}", True)


def test_npm_is_not_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    finding = doctor.npm()

    assert (finding.found, finding.is_well, finding.is_required) == ("not installed", False, False)


def test_settings_that_cannot_be_read_are_a_finding_not_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IVR_SERVICE__PORT", "often")

    *_, last = doctor.examine()

    assert (last.what, last.is_well) == ("settings", False)
    assert last.found == "These settings cannot be used: IVR_SERVICE__PORT."


def run(findings: tuple[Finding, ...], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(doctor, "examine", lambda: iter(findings))
    app = typer.Typer()
    app.command()(doctor.doctor)
    result = CliRunner().invoke(app)
    return result.exit_code, result.output


def test_something_required_that_is_missing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Finding(what="model", found="not here", is_well=False, remedy="Pull it [now].")

    code, output = run((missing,), monkeypatch)

    assert code == 1
    assert " ".join(output.splitlines()[-1].split()) == "MISSING model not here Pull it [now]."


def test_something_optional_that_is_missing_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    optional = Finding(
        what="npm", found="no", is_well=False, is_required=False, remedy="Install Node.js."
    )
    well = Finding(what="home", found="here", remedy="Not shown.")

    code, output = run((optional, well), monkeypatch)

    assert code == 0
    assert [" ".join(line.split()) for line in output.splitlines()[1:]] == [
        "- npm no Install Node.js.",
        "ok home here",
    ]


def test_an_encoder_that_nobody_knows_is_a_finding(tmp_path: Path) -> None:
    (finding,) = doctor.encoder(Settings(home=tmp_path, encoder="abacus"))

    assert (finding.what, finding.is_well) == ("voiceprint encoder", False)
    assert "names no encoder that there is" in finding.remedy


def test_an_encoder_that_was_not_pulled_is_said_once_among_the_models(tmp_path: Path) -> None:
    assert list(doctor.encoder(Settings(home=tmp_path, encoder="campplus"))) == []


def test_a_pulled_encoder_without_a_calibration_accepts_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = campplus_folder(tmp_path / "pulled")
    monkeypatch.setattr("ivr.wiring.places.Places.model", lambda self, name: folder)

    heard, calibrated = doctor.encoder(Settings(home=tmp_path, encoder="campplus"))

    assert (heard.what, heard.is_well) == ("voiceprint encoder", True)
    assert (calibrated.found, calibrated.is_well) == ("no voice can be accepted", False)


def test_our_own_encoder_is_heard_and_timed(tmp_path: Path) -> None:
    (finding,) = doctor.encoder(Settings(home=tmp_path))

    assert finding.is_well
    assert re.fullmatch(r"openvino, \d+ ms for 3 s of sound", finding.found)


def test_the_threads_are_those_that_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "plan_here", lambda: plan_for(64))
    settings = Settings(
        service=ServiceSettings(workers=5),
        understand=UnderstandSettings(at_once=4, threads=1, sentence_threads=2),
        verify=VerifySettings(threads=1),
    )

    assert doctor.threads(settings).found == (
        "5 turns at once; 4 recognitions at once, 1 each; 1 a voice; 2 a meaning; "
        "4 processes would use all cores"
    )
