"""Spelling alphabets: German old and new, and that of NATO."""

import pytest

from ivr.understand.spelling import code_letter, code_pieces, letter


def spelt(text: str) -> str:
    return "".join(code_letter(piece) or "?" for piece in code_pieces(text))


@pytest.mark.parametrize(
    "word", ["Karte", "Rechnung", "morgen", "Montag", "please", "invoice", "7"]
)
def test_other_words_are_no_letters(word: str) -> None:
    assert code_letter(word) is None


@pytest.mark.parametrize("city", ["München", "Hamburg", "Leipzig", "Frankfurt"])
def test_where_a_flight_goes_is_no_letter(city: str) -> None:
    assert letter(city) is None


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Anton Berta Cäsar Dora Emil Friedrich Gustav Heinrich Ida Julius", "ABCDEFGHIJ"),
        ("Kaufmann Ludwig Martha Nordpol Otto Paula Quelle Richard Samuel", "KLMNOPQRS"),
        ("Theodor Ulrich Viktor Wilhelm Xanthippe Ypsilon Zacharias", "TUVWXYZ"),
        ("Siegfried Zeppelin David Jakob Nathan Konrad", "SZDJNK"),
        ("Aachen Berlin Chemnitz Düsseldorf Essen Frankfurt Goslar Hamburg", "ABCDEFGH"),
        ("Ingelheim Jena Köln Leipzig München Nürnberg Offenbach Potsdam", "IJKLMNOP"),
        ("Quickborn Rostock Salzwedel Tübingen Unna Völklingen Wuppertal", "QRSTUVW"),
        ("Xanten Ypsilon Zwickau", "XYZ"),
        ("Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett", "ABCDEFGHIJ"),
        ("Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango", "KLMNOPQRST"),
        ("Uniform Victor Whiskey X-ray Yankee Zulu", "UVWXYZ"),
        ("A wie Anton, B wie Bruno", "AB"),
        ("D for David, E as in Edward", "DE"),
        ("double T, Doppel-L", "TTLL"),
        ("Anton Betta Emi", "AB?"),
    ],
)
def test_letters_are_read_by_their_names(text: str, letters: str) -> None:
    assert spelt(text) == letters
