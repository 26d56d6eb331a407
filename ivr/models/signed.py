"""Catalogues from outside the package: used only with a good signature of the operator's.

Ed25519 (RFC 8032) over a line that says what is signed, and the file byte by byte. The signature
lies beside the file, in base64.
"""

import base64
import binascii
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ivr.errors import BadSettings, CatalogueUntrusted, DiskReadOnly

_PURPOSE = b"rufwerk catalogue 1\n"
"""So that a signature of something else, made with the same key, is none of a catalogue."""

_MOST_BYTES = 4 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_signed(file: Path, keys: str) -> str:
    """The text of a catalogue that one of these keys has signed.

    Raises:
        CatalogueUntrusted: it or its signature cannot be read, or no key has signed it.
        BadSettings: a key is none, or there is none.
    """
    known = _public_keys(keys)
    content, signature = _read(file), _signature(_beside(file))
    if not any(_has_signed(key, signature, content) for key in known):
        raise CatalogueUntrusted(
            f"{file} is not signed by a key of IVR_CATALOGUE__KEYS; nothing in it is used."
        )
    try:
        return content.decode()
    except UnicodeDecodeError as err:
        raise CatalogueUntrusted(f"{file} is no text in UTF-8.") from err


def sign(file: Path, key_file: Path) -> str:
    """Sign a catalogue as it stands; the value is the public key, for the setting.

    Raises:
        CatalogueUntrusted: it cannot be read.
        BadSettings: the key cannot be used, or others may read it.
        DiskReadOnly: the signature cannot be written.
    """
    key = _private_key(key_file)
    signature = base64.b64encode(key.sign(_PURPOSE + _read(file)))
    try:
        _beside(file).write_bytes(signature + b"\n")
    except OSError as err:
        raise DiskReadOnly(f"{_beside(file)} cannot be written.") from err
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.sig")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as err:
        raise CatalogueUntrusted(f"{file} cannot be read.") from err
    if len(content) > _MOST_BYTES:
        raise CatalogueUntrusted(f"{file} is too large for a catalogue or a signature.")
    return content


def _signature(file: Path) -> bytes:
    try:
        return base64.b64decode(_read(file).strip(), validate=True)
    except (binascii.Error, ValueError) as err:
        raise CatalogueUntrusted(f"{file} holds no signature.") from err


def _has_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, _PURPOSE + content)
    except InvalidSignature:
        return False
    return True


def _public_keys(setting: str) -> tuple[Ed25519PublicKey, ...]:
    parts = [part for one in setting.split(",") if (part := one.strip())]
    try:
        keys = tuple(
            Ed25519PublicKey.from_public_bytes(base64.b64decode(part, validate=True))
            for part in parts
        )
    except (binascii.Error, ValueError) as err:
        raise BadSettings("IVR_CATALOGUE__KEYS holds something that is no public key.") from err
    if not keys:
        raise BadSettings(
            "IVR_CATALOGUE__FILE needs IVR_CATALOGUE__KEYS: `ivr models sign` prints the key."
        )
    return keys


def _private_key(file: Path) -> Ed25519PrivateKey:
    unusable = f"{file} holds no Ed25519 key; make one: openssl genpkey -algorithm ed25519"
    try:
        with file.open("rb") as opened:
            if os.name == "posix" and os.fstat(opened.fileno()).st_mode & _OTHERS:
                raise BadSettings(f"Others may read the key {file}; run: chmod 600 {file}.")
            key = load_pem_private_key(opened.read(_MOST_BYTES), password=None)
    except OSError as err:
        raise BadSettings(f"The key {file} cannot be read.") from err
    except (ValueError, TypeError, UnsupportedAlgorithm) as err:
        raise BadSettings(f"{unusable}.") from err
    if not isinstance(key, Ed25519PrivateKey):
        raise BadSettings(f"{unusable}.")
    return key
