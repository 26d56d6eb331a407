"""Web pages for people: the desk, the operator's view, what callers go on with."""
