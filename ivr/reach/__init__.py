"""Telling customers first: who is contacted about what, and how."""
