from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from biometrics import (
    AssumedLedger,
    Channel,
    Consent,
    ConsentTextUnknown,
    MemoryLedger,
    Purpose,
    SubjectId,
    consent_text,
    consent_texts,
)

KLAUS = SubjectId("s-klaus")
NOW = datetime(2026, 5, 20, tzinfo=UTC)

WORDS_PEOPLE_HAVE_AGREED_TO = {
    "adaptation-1.de": "74a03f6dcb5ef14f",
    "adaptation-1.en": "2ee46884c69ea877",
    "recognition-1.de": "78ef7d75d978786f",
    "recognition-1.en": "b744496bedee5c67",
    "recording-1.de": "bac54021c0d8ed10",
    "recording-1.en": "36883bf63a9cf577",
    "watchlist-1.de": "6053bdd377b51bab",
    "watchlist-1.en": "7b8be50bf09f26d2",
}


def agreed(days: int = 10) -> Consent:
    return Consent(
        subject=KLAUS,
        purpose=Purpose.RECOGNITION,
        text="recognition-1",
        text_sha256="ab" * 32,
        language="de",
        channel=Channel.PHONE,
        given_at=NOW,
        expires_at=NOW + timedelta(days=days),
    )


def test_assuming_consents_is_for_recognition_only() -> None:
    ledger = AssumedLedger(MemoryLedger())

    assert [ledger.has(KLAUS, purpose, NOW) for purpose in Purpose] == [True, False, False, False]


def test_a_withdrawal_is_believed_where_consents_are_assumed() -> None:
    ledger = AssumedLedger(MemoryLedger())
    ledger.withdraw(KLAUS, Purpose.RECOGNITION, NOW)

    assert not ledger.has(KLAUS, Purpose.RECOGNITION, NOW)


def test_a_consent_that_has_expired_is_none_where_consents_are_assumed() -> None:
    ledger = AssumedLedger(MemoryLedger())
    ledger.grant(agreed(days=1))

    assert ledger.has(KLAUS, Purpose.RECOGNITION, NOW)
    assert not ledger.has(KLAUS, Purpose.RECOGNITION, NOW + timedelta(days=1))


def test_every_purpose_has_its_words_in_both_languages() -> None:
    found = {(text.purpose, text.language) for text in consent_texts()}

    assert found == {(purpose, language) for purpose in Purpose for language in ("de", "en")}


@pytest.mark.parametrize("text", consent_texts(), ids=lambda text: text.version + text.language)
def test_the_words_say_what_why_how_long_how_to_withdraw_and_that_nobody_must(text: object) -> None:
    words = text.words  # type: ignore[attr-defined]
    parts = {
        "de": ("Was:", "Wozu:", "Wie lange:", "Widerruf:", "Ohne Nachteil:"),
        "en": ("What:", "What for:", "How long:", "Withdrawing:", "Without detriment:"),
    }[text.language]  # type: ignore[attr-defined]

    assert [part for part in parts if f"\n{part} " not in words] == []


def test_words_that_people_agreed_to_are_never_changed() -> None:
    """Somebody may have agreed to them: new words are a new version."""
    found = {f"{text.version}.{text.language}": text.sha256[:16] for text in consent_texts()}

    assert found == WORDS_PEOPLE_HAVE_AGREED_TO


@pytest.mark.parametrize(
    ("version", "language"),
    [("recognition-99", "de"), ("recognition-1", "fr"), ("", ""), ("../secret", "de")],
)
def test_a_text_that_is_not_there_is_refused(version: str, language: str) -> None:
    with pytest.raises(ConsentTextUnknown, match="no consent text of this version"):
        consent_text(version, language)


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")

    with pytest.raises(ConsentTextUnknown, match="holds no consent text"):
        consent_texts(tmp_path)
    with pytest.raises(ConsentTextUnknown, match="cannot be read"):
        consent_texts(tmp_path / "absent")


def test_an_operators_own_words_are_found_and_sealed(tmp_path: Path) -> None:
    (tmp_path / "recognition-2026.de.txt").write_text("Was: ...", "utf-8")

    (text,) = consent_texts(tmp_path)
    assert (text.version, text.purpose, text.language, text.words) == (
        "recognition-2026",
        Purpose.RECOGNITION,
        "de",
        "Was: ...",
    )
    assert consent_text("recognition-2026", "de", tmp_path) == text
    assert len(text.sha256) == 64
