"""The token of a pool, which is all that keeps others out."""

from pathlib import Path

import pytest

from ivr.errors import BadSettings
from ivr.pool.token import check_token, make_token


def test_a_pool_without_a_token_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="nobody asks a pool without one"):
        check_token(tmp_path / "pool.token")


def test_a_token_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pool.token"
    make_token(file)
    file.chmod(0o640)

    with pytest.raises(BadSettings, match="chmod 600"):
        check_token(file)


@pytest.mark.parametrize("token", ["", "\n", "secret", "x" * 31])
def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path, token: str) -> None:
    file = tmp_path / "pool.token"
    file.touch(0o600)
    file.write_text(token)

    with pytest.raises(BadSettings, match="32 characters"):
        check_token(file)


def test_a_token_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "home" / "pool.token"
    make_token(file)
    first = file.read_text()
    make_token(file)

    check_token(file)
    assert file.read_text() == first
    assert len(first) > 60
