"""Whether a database can be written to; nothing of it is left behind."""

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine, reading, writing

_TABLE = "rufwerk_probe"


def probe_writing(engine: Engine) -> None:
    """Begin to write, and take it back.

    PostgreSQL may be a copy that follows another; who may use tables need not be allowed to make
    them. SQLite writes to its journal beside the file.

    Raises:
        StoreUnavailable: it cannot be reached or written to; says why.
    """
    if engine.dialect.name == "sqlite":
        with writing(engine) as connection:
            connection.exec_driver_sql(f"CREATE TABLE {_TABLE} (id INTEGER)")
            connection.rollback()
        return
    with reading(engine) as connection:
        if connection.exec_driver_sql("SHOW transaction_read_only").scalar() != "off":
            raise StoreUnavailable("The database may only be read; give the address of its master.")
