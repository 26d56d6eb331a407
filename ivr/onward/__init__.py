"""Callers go on in writing, with what the call was about: by a link and a code."""
