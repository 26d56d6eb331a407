"""Where the tables of the first revision are gathered."""

from sqlalchemy import MetaData

FIRST = MetaData()
