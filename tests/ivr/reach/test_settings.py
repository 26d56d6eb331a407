import pytest

from ivr.errors import BadSettings
from ivr.settings import ReachSettings, read_settings

SECRET = "0123456789abcdef"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/contacts",
        "ftp://example.org",
        "example.org",
        "https://",
        "https://user:word@example.org",
        "http://127.0.0.1.example.org/",
        "https://[::1",
        "https://example.org:port/",
    ],
)
def test_messages_leave_this_machine_encrypted_or_not_at_all(url: str) -> None:
    with pytest.raises(BadSettings, match="WEBHOOK_URL"):
        ReachSettings(webhook_url=url, webhook_secret=SECRET)


@pytest.mark.parametrize("secret", [None, "", "short"])
def test_a_webhook_without_a_secret_worth_the_name_is_refused(secret: str | None) -> None:
    with pytest.raises(BadSettings, match="WEBHOOK_SECRET"):
        ReachSettings(webhook_url="https://example.org/", webhook_secret=secret)


@pytest.mark.parametrize(
    "url", ["https://example.org/in", "http://127.0.0.1:8/", "http://localhost/", "http://[::1]:8/"]
)
def test_https_and_this_machine_are_fine(url: str) -> None:
    assert ReachSettings(webhook_url=url, webhook_secret=SECRET).webhook_url == url


@pytest.mark.parametrize("sender", ["", "service", "Us <a@b.de>", "a@b.de\nBcc: c@d.de"])
def test_mail_needs_one_plain_sender(sender: str) -> None:
    with pytest.raises(BadSettings, match="MAIL_FROM"):
        ReachSettings(mail_host="mail.example.org", mail_from=sender)


def test_mail_leaves_this_machine_encrypted_or_not_at_all() -> None:
    with pytest.raises(BadSettings, match="MAIL_SECURITY"):
        ReachSettings(mail_host="mail.example.org", mail_from="a@b.de", mail_security="none")

    ReachSettings(mail_host="127.0.0.1", mail_from="a@b.de", mail_security="none")


def test_secrets_come_from_the_environment_and_never_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_REACH__WEBHOOK_URL", "https://example.org/in")
    monkeypatch.setenv("IVR_REACH__WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("IVR_REACH__MAIL_PASSWORD", "sesame")
    monkeypatch.setenv("IVR_REACH__QUIET_FROM", "21:30")

    reach = read_settings().reach

    assert (
        reach.webhook_secret,
        reach.mail_password,
        reach.quiet_from.hour,
    ) == (SECRET, "sesame", 21)
    assert SECRET not in repr(reach)
    assert "sesame" not in repr(reach)
