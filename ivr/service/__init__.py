"""The door for machines: HTTP."""
