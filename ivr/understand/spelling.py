"""Letters and digits that were said one by one."""

import re

_PIECES = re.compile(r"[^\W\d_]+|\d+")

_NAMES = {
    "A": "a anton alpha alfa",
    "B": "b be berta bravo bee",
    "C": "c ce zeh cäsar caesar charlie cee",
    "D": "d de deh dora david delta dee",
    "E": "e eh emil echo",
    "F": "f ef eff friedrich foxtrot",
    "G": "g ge gustav golf gee",
    "H": "h ha haa heinrich hotel aitch haitch",
    "I": "i ida india",
    "J": "j jot julius jakob juliett juliet jay",
    "K": "k ka kaufmann konrad kilo kay",
    "L": "l el ell ludwig lima",
    "M": "m em martha mike",
    "N": "n en nordpol nathan november",
    "O": "o otto oscar oskar",
    "P": "p pe paula papa pee",
    "Q": "q ku quelle quebec queue cue",
    "R": "r er richard romeo",
    "S": "s es samuel siegfried sierra ess",
    "T": "t te theodor tango tee",
    "U": "u ulrich uniform",
    "V": "v vau fau viktor victor vee",
    "W": "w we wilhelm whiskey whisky",
    "X": "x ix iks xanthippe xantippe xray",
    "Y": "y ypsilon yankee",
    "Z": "z zett zet zacharias zeppelin zulu zed zee",
}
LETTERS = {name: letter for letter, names in _NAMES.items() for name in names.split()}
"""What a letter is called in German, English and both spelling alphabets, to the letter."""

_CITIES = (
    "aachen berlin chemnitz düsseldorf essen frankfurt goslar hamburg ingelheim jena köln leipzig "
    "münchen nürnberg offenbach potsdam quickborn rostock salzwedel tübingen unna völklingen "
    "wuppertal xanten ypsilon zwickau"
)
_CITY_LETTERS = dict(zip(_CITIES.split(), _NAMES, strict=True))
"""DIN 5009 of 2022. Elsewhere these are where a flight goes, so only codes are spelt with them."""

_LONG_NAME = 5
_LONG_NAMES = {
    name: letter for name, letter in (LETTERS | _CITY_LETTERS).items() if len(name) >= _LONG_NAME
}
"""A shorter word with a wrong letter may be any other word."""

_AS_IN = re.compile(r"\b([^\W\d_])[.,]? (?:wie|as in|for|like) [^\W\d_]+", re.IGNORECASE)
_XRAY = re.compile(r"\bx[- ]ray\b", re.IGNORECASE)
_TIMES = {
    "doppel": 2, "doppelt": 2, "double": 2, "zweimal": 2, "twice": 2,
    "triple": 3, "dreifach": 3, "dreimal": 3,
}  # fmt: skip


def code_pieces(text: str) -> list[str]:
    """As `pieces`, of a code: "A wie Anton" is A, "double T" is T and T."""
    found: list[str] = []
    times = 1
    for piece in pieces(_XRAY.sub("X", _AS_IN.sub(r"\1", text))):
        if piece.casefold() in _TIMES:
            times = _TIMES[piece.casefold()]
            continue
        is_repeated = times > 1 and code_letter(piece) is not None
        found += [piece] * (times if is_repeated else 1)
        times = 1
    return found


def code_letter(piece: str) -> str | None:
    """The letter that a word is the name of, those of German cities among them.

    A word may be misheard by one letter: "betta" for berta.
    """
    small = piece.casefold()
    if known := letter(small) or _CITY_LETTERS.get(small):
        return known
    return next((found for name, found in _LONG_NAMES.items() if _is_one_off(small, name)), None)


def _is_one_off(word: str, name: str) -> bool:
    """One letter is wrong, missing or too much."""
    shorter, longer = sorted((word, name), key=len)
    if len(longer) - len(shorter) > 1 or (word[0] != name[0] and word[-1] != name[-1]):
        return False
    pairs = enumerate(zip(shorter, longer, strict=False))
    same = next((place for place, (one, two) in pairs if one != two), len(shorter))
    return longer[same + 1 :] in (shorter[same:], shorter[same + 1 :])


def as_code(piece: str) -> str:
    """A letter's name is the letter, save that two letters in one are a country or bank code."""
    if piece.isdecimal() or (len(piece) == 2 and piece.isascii()):  # noqa: PLR2004
        return piece.upper()
    return code_letter(piece) or piece.upper()


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
