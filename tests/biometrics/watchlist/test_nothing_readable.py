"""What a thief finds of lists in the files: random ids, and nothing of a voice or a decision."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fakes.lists import voiceprint
from fakes.vaults import vault_in

from biometrics import SubjectId
from biometrics.vault.vault import Opened, Vault
from biometrics.watchlist import (
    Candidate,
    LegalBasis,
    ListPurpose,
    Review,
    ReviewId,
    Watchlist,
    WatchlistId,
)
from biometrics.watchlist.sql_reviews import SqlReviews
from biometrics.watchlist.sql_watchlists import SqlWatchlists

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
VECTOR = np.random.default_rng(3).normal(size=192).astype(np.float32)
LIST, ENTRY = WatchlistId("list-5f0c"), SubjectId("list-5f0c.77aa")
SECRETS = ("callers of March", "Art. 6 (1) f", "Frau Doktor", "s-7f3a-4989123456", "llr_6_8")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return vault_in(tmp_path)


@pytest.fixture
def lists(tmp_path: Path, vault: Vault) -> SqlWatchlists:
    vault.start(mark=None)
    database = f"sqlite:///{tmp_path / 'rufwerk.db'}"
    kept, reviews = SqlWatchlists(database, vault), SqlReviews(database, vault)
    basis = LegalBasis(text=SECRETS[1], decided_by=SECRETS[2], decided_at=NOW, retention_days=30)
    kept.keep(
        Watchlist(id=LIST, name=SECRETS[0], purpose=ListPurpose.FRAUD, created_at=NOW, basis=basis)
    )
    kept.add(LIST, replace(voiceprint(1, 0, 0, 0), subject=ENTRY, vector=VECTOR))
    reviews.add(
        Review(
            id=ReviewId("review-1"),
            watchlist=LIST,
            subject=SubjectId(SECRETS[3]),
            candidates=(Candidate(entry=ENTRY, band=SECRETS[4]),),
            is_promised=True,
            found_at=NOW,
        )
    )
    return kept


def found_in(folder: Path) -> list[str]:
    data = b"".join(path.read_bytes() for path in folder.iterdir())
    words = [word for word in SECRETS if word.encode() in data]
    kinds = ("<f8", "<f4", "<f2", ">f8", ">f4", ">f2")
    return words + [kind for kind in kinds if VECTOR.astype(kind).tobytes()[:64] in data]


def test_no_file_holds_a_vector_a_name_or_whose_call_it_was(
    lists: SqlWatchlists, tmp_path: Path
) -> None:
    assert found_in(tmp_path) == []


def test_the_search_would_find_them(lists: SqlWatchlists, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(" ".join(SECRETS).encode() + VECTOR.tobytes())

    assert found_in(tmp_path) == [*SECRETS, "<f4"]


def test_a_backup_brings_nobody_back_who_was_destroyed(
    lists: SqlWatchlists, vault: Vault, tmp_path: Path
) -> None:
    before = (tmp_path / "rufwerk.db").read_bytes()
    lists.delete(LIST, at=NOW)

    (tmp_path / "restored.db").write_bytes(before)
    restored = SqlWatchlists(f"sqlite:///{tmp_path / 'restored.db'}", vault)

    assert restored.lists() == ()
    assert restored.entries(LIST) == {ENTRY}
    assert list(restored.prints([ENTRY])) == []
    assert not isinstance(vault.find(ENTRY), Opened)
