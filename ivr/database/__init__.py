"""The main database as a whole: its schema from version to version, its health, its backups."""
