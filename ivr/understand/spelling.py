"""Letters and digits that were said one by one."""

import re

_PIECES = re.compile(r"[^\W\d_]+|\d+")

_NAMES = {
    "A": "a anton alpha alfa",
    "B": "b be berta bravo bee",
    "C": "c ce zeh cäsar charlie cee",
    "D": "d de deh dora delta dee",
    "E": "e eh emil echo",
    "F": "f ef eff friedrich foxtrot",
    "G": "g ge gustav golf gee",
    "H": "h ha haa heinrich hotel aitch haitch",
    "I": "i ida india",
    "J": "j jot julius juliett juliet jay",
    "K": "k ka kaufmann kilo kay",
    "L": "l el ell ludwig lima",
    "M": "m em martha mike",
    "N": "n en nordpol november",
    "O": "o otto oscar",
    "P": "p pe paula papa pee",
    "Q": "q ku quelle quebec queue cue",
    "R": "r er richard romeo",
    "S": "s es samuel siegfried sierra ess",
    "T": "t te theodor tango tee",
    "U": "u ulrich uniform",
    "V": "v vau fau viktor victor vee",
    "W": "w we wilhelm whiskey whisky",
    "X": "x ix iks xanthippe xray",
    "Y": "y ypsilon yankee",
    "Z": "z zett zet zacharias zulu zed zee",
}
LETTERS = {name: letter for letter, names in _NAMES.items() for name in names.split()}
"""What a letter is called in German, English and both spelling alphabets, to the letter."""


def pieces(text: str) -> list[str]:
    """Runs of letters and runs of digits: "L.H.-815a" falls into L, H, 815 and a."""
    return _PIECES.findall(text)


def letter(piece: str) -> str | None:
    """The letter that a word is the name of."""
    return LETTERS.get(piece.casefold())


def digits_from(spoken: list[str], start: int) -> list[str]:
    """The runs of digits that follow each other from `start` on."""
    found: list[str] = []
    for piece in spoken[start:]:
        if not piece.isdecimal():
            break
        found.append(piece)
    return found


def digit_runs(spoken: list[str]) -> list[tuple[int, str]]:
    """Every longest row of digits, put together, and where it begins: "12 34" is one of 1234."""
    runs: list[tuple[int, str]] = []
    start = 0
    while start < len(spoken):
        found = digits_from(spoken, start)
        if found:
            runs.append((start, "".join(found)))
        start += max(1, len(found))
    return runs
