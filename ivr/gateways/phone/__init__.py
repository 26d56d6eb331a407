"""A telephone in the browser, to try the house with one's own voice on one machine."""
