"""Getting things done in business systems."""
