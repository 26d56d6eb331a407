"""Every table as the first revision makes it; never changed: later revisions start from here."""

from ivr.database.first import calls, customers, people, voices
from ivr.database.first.metadata import FIRST

__all__ = ["FIRST", "calls", "customers", "people", "voices"]
