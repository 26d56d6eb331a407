"""Whether an IBAN can exist (python-stdnum)."""

from stdnum import iban


def is_iban(compact: str) -> bool:
    """Country, length and both checksums, the country's own included."""
    valid: bool = iban.is_valid(compact)
    return valid
