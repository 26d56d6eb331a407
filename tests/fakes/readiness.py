"""What keeps a house from taking calls, asked now."""

from ivr.service.readiness import code_of
from ivr.wiring import House


def unready(house: House) -> list[str]:
    """Codes, each once; whether models are loaded is not asked."""
    codes = (code_of(probe) for probe in house.parts.values())
    return list(dict.fromkeys(code for code in codes if code))
