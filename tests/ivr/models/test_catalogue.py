import re
from importlib.resources import files

import pytest

from ivr.errors import UnknownModel
from ivr.models.catalogue import catalogue, model_named, read_catalogue
from ivr.models.model import NodePackage, PythonPackages, UpstreamZip

ENTRY = """
[[model]]
name = "tiny"
what = "Small"
kind = "recognition"
languages = []
licence = "MIT"
bytes = 3
[[model.edition]]
name = "first"
files = [{ path = "PATH", bytes = 3, sha256 = "DIGEST" }]
[[model.source]]
kind = "upstream"
edition = "EDITION"
url = "ADDRESS"
"""
SOUND = {
    "PATH": "a.bin",
    "DIGEST": "a" * 64,
    "EDITION": "first",
    "ADDRESS": "https://example.org/{path}",
}


def entry(**changed: str) -> str:
    text = ENTRY
    for slot, value in {**SOUND, **changed}.items():
        text = text.replace(slot, value)
    return text


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("PATH", "../a.bin"),
        ("PATH", "/etc/a.bin"),
        ("PATH", ""),
        ("DIGEST", "unknown"),
        ("DIGEST", "a" * 63),
        ("EDITION", "second"),
        ("ADDRESS", "http://example.org/{path}"),
        ("ADDRESS", "file:///etc/passwd"),
    ],
)
def test_an_entry_that_is_loose_or_leads_astray_is_refused(slot: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"catalogue|edition"):
        read_catalogue(entry(**{slot: value}))


def test_an_entry_that_pins_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks or misplaces 'sha256'"):
        read_catalogue(entry().replace("sha256", "md5"))


def test_a_kind_of_source_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="No source is of the kind 'torrent'"):
        read_catalogue(entry().replace('"upstream"', '"torrent"'))


def test_a_name_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="names a model twice"):
        read_catalogue(entry() + entry())


def test_an_unknown_model_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(UnknownModel) as refusal:
        model_named("whisper-huge")

    assert "There are: whisper-base, vosk-small-en-0.3," in refusal.value.sentence


def test_the_catalogue_lists_these_models() -> None:
    assert [model.name for model in catalogue()] == [
        "whisper-base",
        "vosk-small-en-0.3",
        "vosk-small-de-0.15",
        "vosk-small-en-us-0.15",
        "vosk-de-0.21",
        "vosk-en-us-0.22",
        "spkrec-ecapa-voxceleb",
        "campplus",
        "resemblyzer",
        "aasist",
    ]


def test_only_the_default_recogniser_is_required() -> None:
    assert [model.name for model in catalogue() if model.is_required] == ["whisper-base"]


def test_every_file_or_its_zip_is_pinned() -> None:
    for model in catalogue():
        archives = [s.archive for s in model.sources if isinstance(s, UpstreamZip)]
        digests = [f.sha256 for e in model.editions for f in e.files]
        digests += [archive.sha256 for archive in archives]
        assert len(digests) > 0
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)


def test_every_package_is_pinned_by_version_size_and_content() -> None:
    packages = [
        package
        for model in catalogue()
        for source in model.sources
        for package in (
            source.packages
            if isinstance(source, PythonPackages)
            else [source.package]
            if isinstance(source, NodePackage)
            else []
        )
    ]

    assert len(packages) == 9
    assert all(package.archive.size_bytes for package in packages)
    assert all(package.version in package.archive.file for package in packages)


def test_a_models_size_is_that_of_its_first_edition() -> None:
    listed = [model for model in catalogue() if model.editions]

    assert len(listed) == 6
    assert all(model.size_bytes == model.editions[0].size_bytes for model in listed)


def test_whisper_has_the_files_that_ctranslate2_needs_in_both_editions() -> None:
    systran, solids = model_named("whisper-base").editions

    assert {"model.bin", "config.json", "tokenizer.json", "vocabulary.txt"} == {
        file.path for file in systran.files
    }
    assert {"model.bin", "config.json", "tokenizer.json", "vocabulary.json"} == {
        file.path for file in solids.files
    }


def test_packages_are_named_without_the_address_of_any_registry() -> None:
    text = (files("ivr.models") / "catalogue.toml").read_text(encoding="utf-8")
    hosts = set(re.findall(r"https://([^/]+)/", text))

    assert {"huggingface.co", "alphacephei.com", "github.com"} == hosts
