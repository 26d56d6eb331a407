"""What would help most now, as a key of the desk's words."""

from ivr.handover.context import Evidence

_AGAINST = frozenset({"rejected", "spoof_suspected"})


def next_step(evidence: Evidence, *, is_failure: bool, mood: str, is_known: bool) -> str:
    """The first that holds: safety before courtesy, courtesy before speed."""
    if evidence.decision in _AGAINST or evidence.signs:
        return "prove_before_anything"
    if is_failure:
        return "apologise_and_ask"
    if mood == "upset":
        return "listen_first"
    if not is_known:
        return "ask_who"
    if evidence.decision != "accepted":
        return "prove_before_personal"
    if mood == "needs_help":
        return "take_time"
    return "go_on"
