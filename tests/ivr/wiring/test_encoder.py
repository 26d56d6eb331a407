"""The encoder that an operator chose."""

import hashlib
import json
from pathlib import Path
from typing import Literal

import pytest
from fakes.published import campplus_folder

from biometrics.encoders.known import own_encoders
from ivr.errors import BadSettings, ModelMissing
from ivr.settings import Settings, VerifySettings
from ivr.wiring.encoder import chosen_encoder, encoder_folder
from ivr.wiring.places import Places

OWN = max(own_encoders())


@pytest.mark.parametrize("name", ["", ".", "..", "../weights", "telephone-spoof-0", "ecapa"])
def test_a_name_that_is_no_encoder_is_refused_with_those_there_are(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(BadSettings, match=rf"there are: .*{OWN}, spkrec-ecapa-voxceleb, campplus"):
        chosen_encoder(Places(Settings(home=tmp_path, encoder=name)))


@pytest.mark.parametrize("name", ["spkrec-ecapa-voxceleb", "campplus", "resemblyzer"])
def test_an_encoder_that_was_not_pulled_is_missing_with_what_to_do(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(ModelMissing, match=f"ivr models pull {name}"):
        encoder_folder(Places(Settings(home=tmp_path, encoder=name)))


def test_a_pulled_encoder_whose_weights_nobody_knows_has_a_calibration_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = campplus_folder(tmp_path / "pulled")
    places = Places(Settings(home=tmp_path, encoder="campplus"))
    monkeypatch.setattr(Places, "model", lambda self, name: folder)

    encoder, calibrated = chosen_encoder(places)

    assert encoder.id == "campplus"
    assert calibrated == tmp_path / "calibrations" / "campplus"


def test_a_pulled_encoder_with_the_weights_we_know_brings_its_calibration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = campplus_folder(tmp_path / "pulled")
    sha256 = hashlib.sha256((folder / "campplus_cn_en_common.pt").read_bytes()).hexdigest()
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    ours = json.loads((own_encoders()[OWN] / "calibration.json").read_text("utf-8"))
    known = {**ours, "encoder": "campplus", "weights_sha256": sha256}
    (shipped / "calibration.json").write_text(json.dumps(known), "utf-8")
    monkeypatch.setattr(Places, "model", lambda self, name: folder)
    monkeypatch.setattr(
        "biometrics.encoders.known.shipped_calibrations", lambda: {"campplus": shipped}
    )

    _, calibrated = chosen_encoder(Places(Settings(home=tmp_path, encoder="campplus")))

    assert calibrated == shipped


@pytest.mark.parametrize("engine", ["openvino", "torch"])
def test_our_own_encoder_brings_its_calibration(
    tmp_path: Path, engine: Literal["openvino", "torch"]
) -> None:
    settings = Settings(home=tmp_path, encoder=OWN, verify=VerifySettings(engine=engine))

    encoder, calibrated = chosen_encoder(Places(settings))

    assert encoder.id == OWN
    assert (calibrated / "calibration.json").is_file()
