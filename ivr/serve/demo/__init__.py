"""A small business's own system, to do things in: its database, its rules, its HTTP door."""
