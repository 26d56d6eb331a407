"""Pages for the people who work with calls: rendered here, in plain HTML that needs no scripts."""
