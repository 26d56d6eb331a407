"""A whole day of made-up callers, in simulated time, through the house that takes real ones."""
