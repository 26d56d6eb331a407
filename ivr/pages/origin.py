"""Whether a form was sent by a page of ours."""

from starlette.datastructures import Headers

_SAFE = frozenset({"GET", "HEAD"})


def is_safe(method: str) -> bool:
    """Nothing is changed by it."""
    return method in _SAFE


def is_of_own_page(headers: Headers) -> bool:
    """Browsers tell where a form stands; what tells nothing is no browser of today.

    Pages without a referrer send `null` as origin (Fetch, 3.2), and then Sec-Fetch-Site alone
    tells.
    """
    site = headers.get("sec-fetch-site", "")
    origin = headers.get("origin", "null")
    if site not in ("", "same-origin"):
        return False
    if origin == "null":
        return site == "same-origin"
    host = headers.get("host", "")
    return bool(host) and origin in (f"http://{host}", f"https://{host}")
