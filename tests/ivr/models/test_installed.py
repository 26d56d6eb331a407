from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr.errors import ModelMissing, UnknownModel
from ivr.models import catalogue, content, find, local_folders, needed, verify
from ivr.models.install import install
from ivr.models.installed import State, standing_of
from ivr.models.receipt import NAME

FOLDERS = local_folders(None)


def test_a_name_that_nobody_knows_is_refused(home: Path) -> None:
    with pytest.raises(UnknownModel):
        find("whisper-huge", home=home)


def test_a_model_that_is_needed_and_missing_says_how_to_get_it(home: Path) -> None:
    with pytest.raises(ModelMissing, match="get it with: ivr models pull whisper-base"):
        needed("whisper-base", home=home)


def test_nothing_here_is_no_path(home: Path) -> None:
    assert [find(model.name, home=home) for model in catalogue()] == [None] * 10


def test_a_short_file_is_noticed_without_reading_it(
    home: Path, tmp_path: Path, tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.write(tmp_path / "operators" / "tiny")
    install(tiny.model(), home=home, local_folders=[tmp_path / "operators"])
    (home / "models" / "tiny" / "model.bin").write_bytes(b"short")
    monkeypatch.setattr(content, "digest_of", lambda _: pytest.fail("nothing is to be read"))

    standing = standing_of(tiny.model(), home=home)

    assert State.DAMAGED is standing.state
    assert standing.faults == ("A file is missing or has another size.",)


def test_an_altered_byte_is_found_by_reading(home: Path, tmp_path: Path, tiny: Any) -> None:
    tiny.write(tmp_path / "operators" / "tiny")
    install(tiny.model(), home=home, local_folders=[tmp_path / "operators"])
    (home / "models" / "tiny" / "config.json").write_bytes(b'{"layers": 3}\n')

    standing = standing_of(tiny.model(), home=home, thoroughly=True)

    assert State.DAMAGED is standing.state
    assert standing.faults == ("config.json has other content than the catalogue pins (sha256).",)


def test_a_pulled_model_of_an_edition_that_is_no_longer_listed_is_not_trusted(
    home: Path, tmp_path: Path, tiny: Any
) -> None:
    tiny.write(tmp_path / "operators" / "tiny")
    path = install(tiny.model(), home=home, local_folders=[tmp_path / "operators"])
    receipt = path / NAME
    receipt.write_text(receipt.read_text().replace('"first"', '"withdrawn"'))

    assert State.DAMAGED is standing_of(tiny.model(), home=home).state


@pytest.mark.parametrize("words", ["", "{}", "[]", '{"files": [{}]}'])
def test_a_receipt_that_cannot_be_read_proves_nothing(
    words: str, home: Path, tmp_path: Path, tiny: Any
) -> None:
    tiny.write(tmp_path / "operators" / "tiny")
    path = install(tiny.model(), home=home, local_folders=[tmp_path / "operators"])
    (path / NAME).write_text(words)

    assert State.IN_PLACE is standing_of(tiny.model(), home=home).state


def test_an_operators_folder_is_used_where_it_lies(home: Path, tmp_path: Path, tiny: Any) -> None:
    folder = tiny.write(tmp_path / "operators" / "tiny-by-another-name")

    standing = standing_of(tiny.model(), home=home, local_folders=[tmp_path / "operators"])

    assert (State.IN_PLACE, folder) == (standing.state, standing.path)
    assert not standing.is_checked


def test_what_was_pulled_goes_before_what_lies_about(home: Path, tmp_path: Path, tiny: Any) -> None:
    tiny.write(tmp_path / "operators" / "tiny")
    path = install(tiny.model(), home=home, local_folders=[tmp_path / "operators"])

    standing = standing_of(tiny.model(), home=home, local_folders=[tmp_path / "operators"])

    assert (State.INSTALLED, path) == (standing.state, standing.path)


def test_a_sound_folder_stands_in_for_a_damaged_pull(home: Path, tmp_path: Path, tiny: Any) -> None:
    folder = tiny.write(tmp_path / "operators" / "tiny")
    path = install(tiny.model(), home=home, local_folders=[tmp_path / "operators"])
    (path / "model.bin").unlink()

    standing = standing_of(tiny.model(), home=home, local_folders=[tmp_path / "operators"])

    assert (State.IN_PLACE, folder) == (standing.state, standing.path)


def test_a_folder_whose_files_are_not_listed_is_known_by_what_it_needs(
    home: Path, tmp_path: Path, tiny: Any
) -> None:
    folder = tiny.write(tmp_path / "operators" / "tiny")
    model = replace(tiny.model(), editions=(), needs=("model.bin", "graph/words.txt"))
    places = [tmp_path / "operators"]

    found = standing_of(model, home=home, local_folders=places, thoroughly=True)
    (folder / "graph" / "words.txt").unlink()
    without = standing_of(model, home=home, local_folders=places)

    assert (found.state, found.is_checked) == (State.IN_PLACE, False)
    assert State.ABSENT is without.state


def test_a_chosen_folder_that_does_not_exist_is_passed_over(tmp_path: Path) -> None:
    assert tmp_path / "absent" not in local_folders(tmp_path / "absent")
    assert tmp_path == local_folders(tmp_path)[0]


@pytest.mark.skipif(not FOLDERS, reason="no ../shared/models beside this checkout")
def test_the_shared_vosk_model_has_every_pinned_byte(home: Path) -> None:
    standing = verify("vosk-small-en-0.3", home=home, local_folders=FOLDERS)

    assert (standing.state, standing.faults, standing.is_checked) == (State.IN_PLACE, (), True)


@pytest.mark.skipif(not FOLDERS, reason="no ../shared/models beside this checkout")
def test_the_shared_detector_of_synthetic_voices_has_every_pinned_byte(home: Path) -> None:
    standing = verify("aasist", home=home, local_folders=FOLDERS)

    assert (standing.state, standing.faults, standing.is_checked) == (State.IN_PLACE, (), True)
