"""Puts the house together. The only room that knows which library does what.

Everything is made when it is first asked for: a command that needs no models loads none.
"""

from ivr.wiring.house import House

__all__ = ["House"]
