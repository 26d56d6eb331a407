"""Catalogues from outside the package need a signature, and every byte of them counts."""

import base64
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner

from ivr.cli import app
from ivr.errors import BadSettings, CatalogueUntrusted
from ivr.models.catalogue import catalogue, ours, together
from ivr.models.signed import read_signed, sign

TEXT = """\
[[model]]
name = "own"
what = "Ours alone"
kind = "recognition"
languages = ["de"]
licence = "own"
bytes = 3
[[model.edition]]
name = "first"
files = [{ path = "a.bin", bytes = 3, sha256 = "%s" }]
[[model.source]]
kind = "local"
""" % ("a" * 64)


def key_in(file: Path, key: object = None) -> Path:
    made = key or Ed25519PrivateKey.generate()
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[attr-defined]
    file.touch(0o600)
    file.write_bytes(pem)
    return file


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(TEXT)
    return file


@pytest.fixture
def public(own: Path, tmp_path: Path) -> str:
    """The key that has signed it."""
    return sign(own, key_in(tmp_path / "key.pem"))


@pytest.mark.parametrize("at", range(0, len(TEXT), 37))
def test_a_flipped_byte_is_refused(own: Path, public: str, at: int) -> None:
    content = bytearray(own.read_bytes())
    content[at] ^= 1
    own.write_bytes(content)

    with pytest.raises(CatalogueUntrusted, match="not signed"):
        read_signed(own, public)


@pytest.mark.parametrize("signature", [b"", b"AAAA", b"no base64!", b"\xff" * 88])
def test_what_is_no_signature_signs_nothing(own: Path, public: str, signature: bytes) -> None:
    own.with_name("own.toml.sig").write_bytes(signature)

    with pytest.raises(CatalogueUntrusted):
        read_signed(own, public)


def test_without_a_signature_nothing_is_used(own: Path, public: str) -> None:
    own.with_name("own.toml.sig").unlink()

    with pytest.raises(CatalogueUntrusted, match="cannot be read"):
        read_signed(own, public)


def test_another_key_does_not_count(own: Path, public: str, tmp_path: Path) -> None:
    other = sign(own, key_in(tmp_path / "other.pem"))

    with pytest.raises(CatalogueUntrusted, match="not signed"):
        read_signed(own, public)
    assert read_signed(own, other) == TEXT


def test_a_signature_of_something_else_is_none_of_a_catalogue(own: Path, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    own.with_name("own.toml.sig").write_bytes(base64.b64encode(key.sign(TEXT.encode())))

    with pytest.raises(CatalogueUntrusted, match="not signed"):
        read_signed(own, public)


@pytest.mark.parametrize("keys", ["", " , ", "nonsense", "AAAA"])
def test_without_a_key_no_catalogue_is_used(own: Path, public: str, keys: str) -> None:
    with pytest.raises(BadSettings, match="IVR_CATALOGUE__KEYS"):
        read_signed(own, keys)


def test_a_key_that_others_may_read_signs_nothing(own: Path, tmp_path: Path) -> None:
    key = key_in(tmp_path / "key.pem")
    key.chmod(0o644)

    with pytest.raises(BadSettings, match="chmod 600"):
        sign(own, key)
    assert not own.with_name("own.toml.sig").exists()


def test_a_key_of_another_kind_signs_nothing(own: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="Ed25519"):
        sign(own, key_in(tmp_path / "ec.pem", generate_private_key(SECP256R1())))


def test_while_a_key_is_exchanged_both_count(own: Path, public: str, tmp_path: Path) -> None:
    other = sign(own, key_in(tmp_path / "other.pem"))

    assert read_signed(own, f"{public},{other}") == TEXT


def test_our_own_catalogue_is_the_one_that_was_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change of catalogue.toml the digest in the code is changed with it."""
    assert len(ours()) > 5

    monkeypatch.setattr(sys.modules["ivr.models.catalogue"], "_OURS_SHA256", "0" * 64)
    with pytest.raises(CatalogueUntrusted, match="was changed"):
        ours()


def test_an_operators_catalogue_takes_no_name_of_ours() -> None:
    with pytest.raises(BadSettings, match="whisper-base"):
        together(ours(), ours()[:1])


def test_a_catalogue_is_signed_and_its_models_are_listed(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, key = CliRunner(), key_in(tmp_path / "key.pem")
    catalogue.cache_clear()
    monkeypatch.setenv("IVR_CATALOGUE__FILE", str(own))
    try:
        refused = runner.invoke(app, ["models", "list"])
        assert isinstance(refused.exception, BadSettings)

        signed = runner.invoke(app, ["models", "sign", str(own), "--key", str(key)])
        public = signed.stdout.rpartition("KEYS=")[2].strip()
        monkeypatch.setenv("IVR_CATALOGUE__KEYS", public)
        assert "own" in runner.invoke(app, ["models", "list"]).stdout
    finally:
        catalogue.cache_clear()
