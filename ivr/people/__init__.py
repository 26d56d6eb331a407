"""The people who work with calls: accounts, roles, sessions."""
