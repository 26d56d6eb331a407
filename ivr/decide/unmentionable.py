"""What is never brought up unasked, whatever a flag says: fraud, debt, illness, death and such."""

import re
import unicodedata

from ivr.call import Event

_ANYWHERE = (
    *("fraud", "scam", "phish", "theft", "stolen", "chargeback", "lawsuit", "suicid"),
    *("debt", "dunning", "arrear", "overdue", "insolven", "bankrupt", "payment reminder"),
    *("complain", "grievance", "illness", "disease", "deceas", "bereave", "funeral"),
    *("betrug", "betrueg", "missbrauch", "diebstahl", "gestohlen", "anzeige gegen"),
    *("schulden", "mahnung", "mahngebuehr", "inkasso", "pfaendung", "zahlungserinnerung"),
    *("insolvenz", "beschwerde", "reklamation", "erkrank", "krankheit", "krankenh"),
    *("verstorben", "gestorben", "todesf", "sterbef", "beerdigung", "bestattung", "trauerfall"),
)
"""In compounds too."""

_BEGINNINGS = (
    *("death", "sick", "dying", "cancer", "suspicious", "collections", "crime", "crimin"),
    *("mahn", "krank", "krebs", "todes", "sterbe", "trauer", "klage", "verdacht", "straf"),
)
"""Of a word: inside of others they mean something else."""

_WORDS = frozenset({"ill", "dead", "died", "tod", "tot", "tote", "toter", "mord", "police"})


def is_unmentionable(event: Event) -> bool:
    """Whether the event's kind, or anything that would be said of it, touches one of these.

    Better one guess too few: what only looks like it is not mentioned either.
    """
    return any(map(_touches, (event.kind, *event.facts.keys(), *event.facts.values())))


def _touches(text: str) -> bool:
    plain = _plain(text)
    words = set(plain.split())
    return (
        any(stem in plain for stem in _ANYWHERE)
        or any(word.startswith(_BEGINNINGS) for word in words)
        or not words.isdisjoint(_WORDS)
    )


def _plain(text: str) -> str:
    """Words in small letters without accents, parted by single spaces."""
    folded = unicodedata.normalize("NFC", text).casefold()
    for umlaut, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        folded = folded.replace(umlaut, pair)
    bare = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z]+", bare))
