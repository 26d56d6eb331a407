"""E-mail addresses as they are said, and as a recogniser writes them."""

import pytest

from ivr.call import Language
from ivr.understand.number_words import write_numbers
from ivr.understand.slot_email import read_email


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Ich rufe an wegen der Rechnung", "de"),
        ("Ich bin bei web.de", "de"),
        ("Ich habe Sie bei google.de gefunden", "de"),
        ("on the web", "en"),
        ("I was at the airport", "en"),
        ("meet me at gate 5. de", "en"),
        ("klaus punkt berger", "de"),
    ],
)
def test_no_address_is_made_up(text: str, language: str) -> None:
    assert read_email(write_numbers(text, Language(language))) is None


@pytest.mark.parametrize(
    ("text", "language", "email"),
    [
        ("klaus punkt berger at web punkt de", "de", "klaus.berger@web.de"),
        ("Meine E-Mail-Adresse ist klaus punkt berger at web punkt de", "de",
         "klaus.berger@web.de"),
        ("Klaus.Berger at web.de", "de", "klaus.berger@web.de"),
        ("Klaus.Berger@Web.de.", "de", "klaus.berger@web.de"),
        ("Klaus Punkt Berger ät GMX Punkt DE", "de", "klaus.berger@gmx.de"),
        ("Klaus Punkt Berger Ed Web.de", "de", "klaus.berger@web.de"),
        ("klausberger zwölf et g mail punkt com", "de", "klausberger12@gmail.com"),
        ("Berger Unterstrich Klaus Klammeraffe T-Online Punkt de", "de",
         "berger_klaus@t-online.de"),
        ("anna minus maria at posteo punkt de", "de", "anna-maria@posteo.de"),
        ("anton punkt huber at firma minus schmidt punkt de", "de",
         "anton.huber@firma-schmidt.de"),
        ("Meine Adresse ist Anna-Unterstrichmeyeratgmx.de", "de", "anna_meyer@gmx.de"),
        ("klaus.bergeratweb.de", "de", "klaus.berger@web.de"),
        ("Müller at web punkt de", "de", "mueller@web.de"),
        ("Klaus Berger web.de", "de", "klausberger@web.de"),
        ("Schreiben Sie an hans-peter at arcor.de", "de", "hans-peter@arcor.de"),
        ("kaufmann ludwig anton ulrich samuel at web punkt de", "de", "klaus@web.de"),
        ("Köln Leipzig Aachen Unna Salzwedel at web punkt de", "de", "klaus@web.de"),
        ("B wie Berta, E wie Emil, R wie Richard at gmx punkt net", "de", "ber@gmx.net"),
        ("K L A U S at gmail dot com", "en", "klaus@gmail.com"),
        ("k. l. a. u. s. at gmail.com", "en", "klaus@gmail.com"),
        ("K-L-A-U-S at gmail.com", "en", "klaus@gmail.com"),
        ("Jo double n a at gmail dot com", "en", "jonna@gmail.com"),
        ("my email is emily underscore carter at outlook dot com", "en",
         "emily_carter@outlook.com"),
        ("It's Emily dot Carter 77 at yahoo dot co dot uk", "en", "emily.carter77@yahoo.co.uk"),
        ("you can reach me at emily.carter@outlook.com please", "en", "emily.carter@outlook.com"),
    ],
)  # fmt: skip
def test_addresses_are_read_however_they_are_said(text: str, language: str, email: str) -> None:
    assert read_email(write_numbers(text, Language(language))) == email
