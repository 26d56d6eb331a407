"""Callers who wait for a person: who goes first, who takes them, how long it will be."""
