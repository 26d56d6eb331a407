"""Say it: from a prompt's key to telephone sound."""
