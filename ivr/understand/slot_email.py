"""The e-mail address in a sentence, such as klaus.berger@web.de."""

import re

from ivr.understand.spelling import code_letter

_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]{0,62}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}")

_SIGNS = (
    (r"klammer ?affe|at[- ]?zeichen|at sign|affenschwanz", " @ "),
    (r"punkt|dot|point|period", " . "),
    (r"unterstrich|tiefstrich|under ?score|underline", " _ "),
    (r"minus(?: ?zeichen)?|bindestrich|mittelstrich|strich|dash|hyphen", " - "),
    (r"plus(?: ?zeichen)?", " + "),
)
_AT = r"at|ät|ätt|et|ett|ed|ad|add|@"
"""What a recogniser writes for the sign."""

_PROVIDERS = (
    (r"g ?-?mail|gmeil|gimail|gemail|jemail|dschi ?mail|geemail|tschimail", "gmail"),
    (r"google ?-?mail|googlemail", "googlemail"),
    (r"g ?\.? ?m ?\.? ?x|geemix|gmix|ge ?em ?ix|gemix", "gmx"),
    (r"webb?|wepp|weg|wep", "web"),
    (r"(?:t|tee|te) ?-? ?online", "t-online"),
    (r"out ?look", "outlook"),
    (r"hot ?mail|hotmeil", "hotmail"),
    (r"ya ?hoo|jahu|yahu|jahoo", "yahoo"),
    (r"i ?-?cloud|ei ?cloud|eicloud", "icloud"),
    (r"free ?net|frienet", "freenet"),
    (r"postei?o", "posteo"),
    (r"proton ?mail", "protonmail"),
    (r"proton", "proton"),
    (r"mailbox", "mailbox"),
    (r"a ?o ?l", "aol"),
    (r"arcor", "arcor"),
)
_ENDINGS = {
    "de": r"d ?\.? ?e|deh|dee", "com": r"com|komm|kom|c ?o ?m", "net": r"nett?|netz",
    "org": r"org|ork", "at": r"a ?t", "ch": r"c ?h", "eu": r"e ?u", "info": r"info",
    "me": r"me|mi", "uk": r"u ?k", "co.uk": r"co ?\. ?u ?k", "io": r"i ?o", "biz": r"biz",
}  # fmt: skip
_ENDING = "|".join(f"(?:{pattern})" for pattern in _ENDINGS.values())
_PROVIDER = "|".join(f"(?:{pattern})" for pattern, _ in _PROVIDERS)

_HOST = re.compile(
    rf"^[\s,]*(?P<host>(?:{_PROVIDER})|[a-z0-9äöüß-]+(?:[ .][a-z0-9äöüß-]+){{0,5}}?)"
    rf"\.(?P<ending>{_ENDING})(?![\w@.])"
)
_KNOWN_HOST = re.compile(rf"\b(?P<host>{_PROVIDER})\.(?P<ending>{_ENDING})(?![\w@.])")
_GLUED_AT = re.compile(rf"(?<=[a-z0-9])[ae]t(?=(?:{_PROVIDER})\.(?:{_ENDING})(?![\w.]))")
_GLUED_SIGN = re.compile(r"[-_ ]?(unterstrich|underscore|klammeraffe|bindestrich)[-_ ]?")
"""What a recogniser wrote in one word with its neighbours."""

_SPLIT_AT = re.compile(rf"(?:^|(?<=[\s.,_+-]))(?:{_AT})(?=[\s,]|$)|@")

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_LEAD_IN = frozenset({
    "ist", "ist's", "lautet", "lauten", "adresse", "mail", "email", "mailadresse",
    "emailadresse", "e-mail", "e-mailadresse", "is", "it's", "its", "that's", "address",
    "unter", "meine", "mein", "my", "the", "die", "an", "to", "bitte", "please", "send", "sie",
    "schicken", "und", "and", "also", "äh", "ähm", "uh", "um", "er", "so", "ja", "yes", "nein",
    "no", "von", "für", "for", "auf", "das", "mir", "me", "auch", "dann", "sicher", "gerne",
    "sorry", "moment", "meinte", "meant", "sagte", "said", "neue", "new", "heißt", "aber",
    "but", "sondern", "nicht", "not", "ich", "i", "i'm", "wäre", "nehmen", "use", "haben",
    "have", "habe", "bin", "bei", "war", "aus", "from", "on", "via", "über", "am", "im", "with",
    "mit",
})  # fmt: skip
_WORD = re.compile(r"[a-z0-9äöüß']+|[._+@-]")
_FEWEST_NAMES = 3
"""So many names of letters in a row are spelling; "Anton" alone is a name."""

_ONE_LETTER = 1
_AS_IN = re.compile(r"\b([a-zäöü])[.,]? (?:wie|as in|for|like) [^\W\d_]+")
_DOUBLE = re.compile(r"\b(?:doppel|double)[- ]?([a-z])\b")
_LETTER_STOP = re.compile(r"(?<![^\W_])([a-z])[.,](?=\s)")
_HYPHENED = re.compile(r"(?<![\w-])(?:[a-z]-){2,}[a-z](?![\w-])")
_ROUND_SIGN = re.compile(r"\s*([._+-])[\s,]*")


def read_email(written: str) -> str | None:
    """The first address, in small letters; numbers are in digits.

    What stands before the sign is one name, however many words the recogniser made of it. Without
    the sign a known provider tells where the name ends.
    """
    text = written.casefold().replace("\u2019", "'")
    if found := _ADDRESS.search(_plain(text)):
        return found[0]
    text = _with_signs(text)
    for at in _SPLIT_AT.finditer(text):
        if host := _HOST.match(text[at.end() :]):
            address = f"{_local(text[: at.start()])}@{_host(host)}"
            if _ADDRESS.fullmatch(address):
                return address
    for host in _KNOWN_HOST.finditer(text):
        address = f"{_local(text[: host.start()])}@{_host(host)}"
        if _ADDRESS.fullmatch(address):
            return address
    return None


def _with_signs(text: str) -> str:
    text = _DOUBLE.sub(r"\1 \1", _AS_IN.sub(r"\1", text.rstrip(" .,!?")))
    text = _LETTER_STOP.sub(r"\1 ", _HYPHENED.sub(lambda row: row[0].replace("-", " "), text))
    text = _GLUED_SIGN.sub(r" \1 ", text)
    for pattern, sign in _SIGNS:
        text = re.sub(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", sign, text)
    return _GLUED_AT.sub(" @ ", _ROUND_SIGN.sub(r"\1", text))


def _host(found: re.Match[str]) -> str:
    said = found["host"].strip()
    name = next(
        (name for pattern, name in _PROVIDERS if re.fullmatch(pattern, said)),
        _plain("".join(_spelled(said.split()))),
    )
    ending = next(
        name for name, pattern in _ENDINGS.items() if re.fullmatch(pattern, found["ending"])
    )
    return f"{name}.{ending}"


def _local(before: str) -> str:
    """What was said from the lead-in up to the sign, in one word."""
    name: list[str] = []
    for word in reversed(_WORD.findall(before)):
        if word in _LEAD_IN or word == "@":
            break
        name.insert(0, word)
    return _plain("".join(_spelled(name))).strip("._+-")


def _spelled(words: list[str]) -> list[str]:
    """The words with rows of letters' names as letters."""
    letters = [code_letter(word) if not word.isdecimal() else None for word in words]
    result: list[str] = []
    for place, word in enumerate(words):
        is_spelling = len(word) > _ONE_LETTER and _row(letters, place) >= _FEWEST_NAMES
        found = letters[place]
        result.append(found.casefold() if found and is_spelling else word)
    return result


def _row(letters: list[str | None], place: int) -> int:
    """How many names of letters stand side by side around `place`."""
    first = last = place
    while first > 0 and letters[first - 1]:
        first -= 1
    while last + 1 < len(letters) and letters[last + 1]:
        last += 1
    return last - first + 1 if letters[place] else 0


def _plain(text: str) -> str:
    for umlaut, letters in _UMLAUTS.items():
        text = text.replace(umlaut, letters)
    return text.replace("'", "")
