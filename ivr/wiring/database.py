"""The one way to the main database, for every table in it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from biometrics.storage.database import Engine, Limits, open_engine
from ivr.database.archive import Progress
from ivr.database.findings import Finding
from ivr.database.manifest import Manifest
from ivr.database.revisions import Revisions, Standing, check_newer
from ivr.errors import DatabaseUnfit
from ivr.settings import Settings
from ivr.wiring.places import Places


@dataclass(frozen=True)
class Database:
    """Opened when it is first asked for."""

    places: Places
    revisions: Revisions = field(default_factory=Revisions)

    @cached_property
    def engine(self) -> Engine:
        """As this version works with it; a database of an earlier one is brought up to date.

        Raises:
            DatabaseUnfit: it is newer than this version, or must be brought up to date by hand.
            StoreUnavailable: it cannot be reached.
        """
        standing = self.revisions.standing(self.as_it_is)
        check_newer(standing)
        if standing.pending and self.places.settings.database_upgrade == "by_hand":
            raise DatabaseUnfit("The database is of an earlier version; run: ivr db upgrade")
        if standing.pending:
            self.upgrade()
        return self.as_it_is

    @cached_property
    def as_it_is(self) -> Engine:
        """Of whichever version."""
        engine = open_engine(self.places.database, limits_of(self.places.settings))
        self.places.closing.callback(engine.dispose)
        return engine

    def upgrade(self) -> Standing:
        """As `ivr.database.migrations.upgrade`."""
        from ivr.database.migrations import upgrade

        return upgrade(self.as_it_is, self.revisions)

    def downgrade(self, to: str) -> Standing:
        """As `ivr.database.migrations.downgrade`."""
        from ivr.database.migrations import downgrade

        return downgrade(self.as_it_is, self.revisions, to)

    def examine(self) -> Iterator[Finding]:
        """Whether this database and that of the keys are well."""
        from ivr.database.check import are_keys_needed, examine, examine_keys

        yield from examine(self.as_it_is, self.revisions)
        settings = self.places.settings
        keys = open_engine(settings.key_database, limits_of(settings))
        yield from examine_keys(keys, is_needed=are_keys_needed(self.as_it_is))
        keys.dispose()

    def back_up(self, path: Path, now: datetime, progress: Progress) -> Manifest:
        """As `ivr.database.backup.back_up`."""
        from ivr.database.backup import back_up

        return back_up(self.as_it_is, path, now, self.revisions, progress)

    def restore(self, path: Path, progress: Progress, *, replace: bool) -> Manifest:
        """As `ivr.database.restore.restore`."""
        from ivr.database.restore import restore

        return restore(self.as_it_is, path, self.revisions, progress, replace=replace)


def limits_of(settings: Settings) -> Limits:
    """Of connections to PostgreSQL."""
    return Limits(**asdict(settings.postgres))
