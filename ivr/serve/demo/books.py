"""The demo back end's books: an SQLite file in which every change can be taken back."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS things (
    kind TEXT NOT NULL,
    customer TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (kind, customer, id)
);
CREATE TABLE IF NOT EXISTS changes (
    key TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    action TEXT NOT NULL,
    asked TEXT NOT NULL,
    answer TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    is_undone INTEGER NOT NULL DEFAULT 0
);
"""

_BUSY_S = 2

Thing = dict[str, Any]


class Refused(Exception):  # noqa: N818 - an error is named after what happened
    """The business says no; its books stay as they were."""

    def __init__(self, code: str, *, status: int = 409, **facts: str) -> None:
        super().__init__(code)
        self.code, self.status, self.facts = code, status, facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to be done."""

    key: str
    """Under the same one it is done once."""

    customer: str
    action: str
    asked: Mapping[str, str] = field(default_factory=dict)
    """What was asked for: the same key with something else in it is a mistake."""


class Page:
    """The books while one request is worked on."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.before: dict[str, Thing | None] = {}
        self.after: dict[str, Thing | None] = {}

    def find(self, kind: str, customer: str, name: str) -> Thing | None:
        query = "SELECT content FROM things WHERE kind = ? AND customer = ? AND id = ?"
        row = self._connection.execute(query, (kind, customer, name)).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str, customer: str) -> dict[str, Thing]:
        """By name, in the order of their names."""
        query = "SELECT id, content FROM things WHERE kind = ? AND customer = ? ORDER BY id"
        rows = self._connection.execute(query, (kind, customer))
        return {name: json.loads(content) for name, content in rows}

    def put(self, kind: str, customer: str, name: str, thing: Thing | None) -> None:
        """Write it down, or strike it out."""
        where = json.dumps([kind, customer, name])
        self.before.setdefault(where, self.find(kind, customer, name))
        self.after[where] = thing
        self._write(kind, customer, name, thing)

    def _write(self, kind: str, customer: str, name: str, thing: Thing | None) -> None:
        if thing is None:
            struck = "DELETE FROM things WHERE kind = ? AND customer = ? AND id = ?"
            self._connection.execute(struck, (kind, customer, name))
        else:
            written = "INSERT OR REPLACE INTO things VALUES (?, ?, ?, ?)"
            self._connection.execute(written, (kind, customer, name, json.dumps(thing)))


class Books:
    """Opened anew for each request; threads and processes may share the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with closing(sqlite3.connect(file, timeout=_BUSY_S)) as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[Page]:
        with closing(sqlite3.connect(self._file, timeout=_BUSY_S)) as connection:
            yield Page(connection)

    @contextmanager
    def writing(self) -> Iterator[tuple[Page, sqlite3.Connection]]:
        """Nobody else writes meanwhile; whatever is raised leaves everything as it was."""
        with closing(sqlite3.connect(self._file, timeout=_BUSY_S)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Page(connection), connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def change(self, change: Change, rule: Callable[[Page], Thing]) -> Thing:
        """What the rule answers; asked again under the same key, what it answered then.

        Raises:
            Refused: the rule says no, or the key was used for something else, or taken back.
        """
        with self.writing() as (page, connection):
            query = "SELECT customer, action, asked, answer, is_undone FROM changes WHERE key = ?"
            row = connection.execute(query, (change.key,)).fetchone()
            asked = json.dumps(dict(change.asked), sort_keys=True)
            if row is not None:
                if row[:3] != (change.customer, change.action, asked):
                    raise Refused("key_used_otherwise", status=422)
                if row[4]:
                    raise Refused("taken_back")
                known: Thing = json.loads(row[3])
                return known
            answer = rule(page)
            written = "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, 0)"
            states = (json.dumps(page.before), json.dumps(page.after))
            told = (change.key, change.customer, change.action, asked, json.dumps(answer))
            connection.execute(written, (*told, *states))
            return answer

    def take_back(self, key: str, customer: str) -> None:
        """Everything is again as it was; taken back twice is taken back.

        Raises:
            Refused: nothing was done under the key, or it was changed again since.
        """
        with self.writing() as (page, connection):
            query = "SELECT before, after, is_undone FROM changes WHERE key = ? AND customer = ?"
            row = connection.execute(query, (key, customer)).fetchone()
            if row is None:
                raise Refused("no_such_change", status=404)
            if row[2]:
                return
            before, after = json.loads(row[0]), json.loads(row[1])
            if any(page.find(*json.loads(where)) != thing for where, thing in after.items()):
                raise Refused("changed_since")
            for where, thing in before.items():
                kind, owner, name = json.loads(where)
                page.put(kind, owner, name, thing)
            connection.execute("UPDATE changes SET is_undone = 1 WHERE key = ?", (key,))

    def done(self) -> list[dict[str, str]]:
        """What was done and not taken back, in its order."""
        with closing(sqlite3.connect(self._file, timeout=_BUSY_S)) as connection:
            query = "SELECT action, customer FROM changes WHERE is_undone = 0 ORDER BY rowid"
            return [{"action": row[0], "customer": row[1]} for row in connection.execute(query)]

    def is_empty(self) -> bool:
        with closing(sqlite3.connect(self._file, timeout=_BUSY_S)) as connection:
            row = connection.execute("SELECT count(*) FROM things").fetchone()
            return not row[0]
