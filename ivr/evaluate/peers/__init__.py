"""Ours and others at the same work: each in a process of its own, in turns."""
